#include "common/wire/document_fields.h"
#include "common/wire/shown.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/waiting.h"
#include "ledger/engine/books_view.h"
#include "ledger/payments/inbox.h"

namespace hearth::ledger::admin {
namespace {

constexpr std::int64_t default_rows = 1'000;
constexpr std::int64_t max_rows = 10'000;

Json event_document(const BooksView& books, const payments::Event& event) {
  Json out{{"provider", event.provider},
           {"event", event.id},
           {"state", payments::state_name(event.state)},
           {"at_ms", event.at_ms},
           {"why", event.why}};
  if (!event.payment) return out;
  const identity::HomeAddress address = event.payment->account.home();
  out["home"] = address.text();
  out["amount"] = wire::money_document(event.payment->amount);
  const auto home = books.home(address);
  out["name"] = home && *home ? (*home)->name : "";
  return out;
}

Result<void> commit(Engine& engine, const payments::Event& event) {
  const auto done = wait_for<std::uint64_t>(
      [&](auto answer) { engine.submit_side(payments::put_event(event), std::move(answer)); });
  if (!done) return pass_on(done.error());
  return {};
}

}  // namespace

Result<Json> payments(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "payments");
  const bool held = fields.boolean_or("held", false);
  const auto limit =
      static_cast<std::size_t>(fields.integer_or("limit", 1, max_rows, default_rows));
  if (!fields.ok()) return pass_on(fields.error());
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  Json rows = Json::array();
  bool more = false;
  const auto scanned = payments::each_event(*snapshot, held, [&](const payments::Event& event) {
    more = rows.size() == limit;
    if (!more) rows.push_back(event_document(books, event));
    return !more;
  });
  if (!scanned) return pass_on(scanned.error());
  return Json{{"payments", std::move(rows)}, {"more", more}};
}

Result<Json> payments_retry(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "payment");
  const std::string provider = fields.required_text("provider", 32);
  const std::string id = fields.required_text("event", 200);
  if (!fields.ok()) return pass_on(fields.error());
  const auto engine = writing(context);
  if (!engine) return pass_on(engine.error());
  auto event = payments::load_event(context.store, provider, id);
  if (!event) return pass_on(event.error());
  if (!*event)
    return fail(Code::not_found,
                "No such event was received; `hearth-ledger payments list` shows "
                "those that were. Nothing was credited.");
  if (!(*event)->payment)
    return fail(Code::usage,
                "The event could not be read, so nobody knows whose money it is. Look it up with "
                "the provider and deposit it by hand. Nothing was credited.");
  const auto booked = wait_for<Booked>([&](auto answer) {
    (*engine)->submit_deposit(payments::deposit_of(**event, now_ms()), std::move(answer));
  });
  if (!booked) return pass_on(booked.error());
  (*event)->state = payments::EventState::credited;
  (*event)->why.clear();
  if (auto kept = commit(**engine, **event); !kept) return pass_on(kept.error());
  Json out = event_document(BooksView(context.store), **event);
  out["journal_index"] = booked->journal_index;
  out["balance_after"] =
      wire::money_document({booked->balance_after, (*event)->payment->amount.currency});
  out["repeated"] = booked->repeated;
  return out;
}

}  // namespace hearth::ledger::admin
