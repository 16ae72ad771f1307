#include "common/wire/document_fields.h"
#include "common/wire/shown.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/limit_text.h"
#include "ledger/admin/lookup.h"
#include "ledger/admin/waiting.h"
#include "ledger/machine/limits.h"

namespace hearth::ledger::admin {
namespace {

Json limit_document(std::int64_t minor, const money::Currency& currency) {
  return minor == 0 ? Json() : wire::money_document({minor, currency});
}

Json limits_row(const Limits& limits, const Spent& spent, const money::Currency& currency) {
  const UtcMs now = now_ms();
  return {{"currency", currency.code()},
          {"per_purchase", limit_document(limits.per_purchase, currency)},
          {"per_day", limit_document(limits.per_day, currency)},
          {"per_month", limit_document(limits.per_month, currency)},
          {"spent_today",
           wire::money_document({spent.day == utc_day(now) ? spent.on_day : 0, currency})},
          {"spent_this_month",
           wire::money_document({spent.month == utc_month(now) ? spent.in_month : 0, currency})}};
}

}  // namespace

Result<Json> limits(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "limits");
  const std::string home_text = fields.required_text("home", 500);
  if (!fields.ok()) return pass_on(fields.error());
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  const auto home = find_home(books, home_text);
  if (!home) return pass_on(home.error());
  const auto row = books.home(*home);
  if (!row) return pass_on(row.error());
  const auto currencies = books.currencies();
  if (!currencies) return pass_on(currencies.error());
  Json rows = Json::array();
  for (const money::Currency& currency : *currencies) {
    const auto limits = books.limits(*home, currency);
    if (!limits) return pass_on(limits.error());
    const auto spent = books.spent(*home, currency);
    if (!spent) return pass_on(spent.error());
    rows.push_back(limits_row(*limits, *spent, currency));
  }
  return Json{
      {"home", home->text()}, {"name", *row ? (*row)->name : ""}, {"limits", std::move(rows)}};
}

Result<Json> limits_set(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "limits");
  const std::string home_text = fields.required_text("home", 500);
  const std::string code = fields.required_text("currency", 3);
  if (!fields.ok()) return pass_on(fields.error());
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const auto currency = money::Currency::from_code(code);
  if (!currency) return pass_on(currency.error());
  const BooksView books(context.store);
  const auto home = find_home(books, home_text);
  if (!home) return pass_on(home.error());
  const auto before = books.limits(*home, *currency);
  if (!before) return pass_on(before.error());
  if (!fields.has("per_purchase") && !fields.has("per_day") && !fields.has("per_month"))
    return fail(Code::usage,
                "Which limit? Give --per-purchase, --per-day or --per-month. Nothing was changed.");
  Limits limits = *before;
  for (const auto& [name, limit] :
       {std::pair("per_purchase", &limits.per_purchase), std::pair("per_day", &limits.per_day),
        std::pair("per_month", &limits.per_month)})
    if (auto read = read_limit(fields, name, *currency, *limit); !read)
      return pass_on(read.error());
  const auto booked = wait_for<Booked>([&](auto answer) {
    (*engine)->submit_limits({*home, *currency, limits, context.operator_name, now_ms()},
                             std::move(answer));
  });
  if (!booked) return pass_on(booked.error());
  const auto spent = books.spent(*home, *currency);
  if (!spent) return pass_on(spent.error());
  const auto row = books.home(*home);
  if (!row) return pass_on(row.error());
  return Json{{"home", home->text()},
              {"name", *row ? (*row)->name : ""},
              {"limits", Json::array({limits_row(limits, *spent, *currency)})},
              {"journal_index", booked->journal_index},
              {"operator", context.operator_name},
              {"repeated", booked->repeated}};
}

Result<Json> fees(AdminContext& context, const Json&) {
  const BooksView books(context.store);
  const auto currencies = books.currencies();
  if (!currencies) return pass_on(currencies.error());
  Json rows = Json::array();
  for (const money::Currency& currency : *currencies) {
    const auto fees = books.fees(currency);
    if (!fees) return pass_on(fees.error());
    rows.push_back({{"currency", currency.code()},
                    {"basis_points", fees->basis_points},
                    {"fixed", wire::money_document({fees->fixed, currency})}});
  }
  return Json{{"fees", std::move(rows)}};
}

Result<Json> fees_set(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "fees");
  const std::string code = fields.required_text("currency", 3);
  if (!fields.ok()) return pass_on(fields.error());
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  const auto currency = money::Currency::from_code(code);
  if (!currency) return pass_on(currency.error());
  const auto before = BooksView(context.store).fees(*currency);
  if (!before) return pass_on(before.error());
  if (!fields.has("basis_points") && !fields.has("fixed"))
    return fail(Code::usage, "Which fee? Give --basis-points or --fixed. Nothing was changed.");
  Fees fees = *before;
  fees.basis_points =
      static_cast<int>(fields.integer_or("basis_points", 0, 10'000, fees.basis_points));
  if (!fields.ok()) return pass_on(fields.error());
  if (auto read = read_limit(fields, "fixed", *currency, fees.fixed); !read)
    return pass_on(read.error());
  const auto booked = wait_for<Booked>([&](auto answer) {
    (*engine)->submit_fees({*currency, fees, context.operator_name, now_ms()}, std::move(answer));
  });
  if (!booked) return pass_on(booked.error());
  return Json{{"fees", Json::array({{{"currency", currency->code()},
                                     {"basis_points", fees.basis_points},
                                     {"fixed", wire::money_document({fees.fixed, *currency})}}})},
              {"journal_index", booked->journal_index},
              {"operator", context.operator_name},
              {"repeated", booked->repeated}};
}

}  // namespace hearth::ledger::admin
