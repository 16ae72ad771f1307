#include "common/wire/document_fields.h"
#include "common/wire/shown.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/lookup.h"
#include "ledger/engine/statement.h"
#include "ledger/export/export.h"
#include "ledger/export/period.h"

namespace hearth::ledger::admin {
namespace {

constexpr std::int64_t max_entries = 10'000;
constexpr std::int64_t default_entries = 1'000;

struct StatementOrder {
  std::string of;
  std::string from, to;
  std::uint64_t after = 0;
  std::size_t limit = 0;
};

/// Whose statement: one account's, or all wallets of a home.
Result<std::vector<AccountId>> accounts_meant(const BooksView& books, const std::string& of) {
  if (of.find('/') != std::string::npos) {
    const auto id = find_account(books, of);
    if (!id) return pass_on(id.error());
    const auto found = books.account(*id);
    if (!found) return pass_on(found.error());
    if (!*found)
      return fail(Code::unknown_account,
                  "There is no such account; `hearth-ledger accounts` lists them.");
    return std::vector{*id};
  }
  const auto home = find_home(books, of);
  if (!home) return pass_on(home.error());
  const auto wallets = books.accounts_of(AccountKind::wallet, home->key);
  if (!wallets) return pass_on(wallets.error());
  std::vector<AccountId> ids;
  for (const auto& [id, wallet] : *wallets) ids.push_back(id);
  return ids;
}

/// Opening and closing balance of the period, and its entries with the balance after each.
Result<Json> account_statement(const BooksView& books, const AccountId& id,
                               const RecordRange& range, const StatementOrder& order) {
  const auto money = [&id](std::int64_t minor) {
    return wire::money_document({minor, id.currency()});
  };
  const std::uint64_t start = std::max(range.first, order.after == 0 ? 0 : order.after + 1);
  const auto opening = balance_before(books, id, range.first);
  if (!opening) return pass_on(opening.error());
  const auto closing = balance_before(books, id, range.end);
  if (!closing) return pass_on(closing.error());
  const auto carried = start == range.first ? *opening : balance_before(books, id, start);
  if (!carried) return pass_on(carried.error());
  // One more than asked for tells whether there are more.
  auto entries = statement_of(books, {id}, start == 0 ? 0 : start - 1, order.limit + 1);
  if (!entries) return pass_on(entries.error());
  while (!entries->empty() && entries->back().index >= range.end) entries->pop_back();
  const bool more = entries->size() > order.limit;
  if (more) entries->pop_back();
  Json rows = Json::array();
  std::int64_t balance = *carried;
  for (const StatementEntry& entry : *entries) {
    balance += entry.amount.minor;  // every one was a balance once: it fits
    rows.push_back({{"index", entry.index},
                    {"at_ms", entry.at_ms},
                    {"kind", entry.kind},
                    {"amount", wire::money_document(entry.amount)},
                    {"balance", money(balance)},
                    {"reference", entry.reference}});
    if (entry.offer) rows.back()["offer"] = to_hex(*entry.offer);
  }
  const auto owner = owner_of(books, id);
  if (!owner) return pass_on(owner.error());
  Json out{{"id", id.text()},
           {"opening", money(*opening)},
           {"closing", money(*closing)},
           {"entries", std::move(rows)},
           {"more", more}};
  if (!owner->empty()) out["name"] = *owner;
  return out;
}

}  // namespace

Result<Json> statement(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "statement");
  StatementOrder order;
  order.of = fields.required_text("of", 500);
  order.from = fields.text("from", 40);
  order.to = fields.text("to", 40);
  order.after = static_cast<std::uint64_t>(fields.integer_or("after", 0, INT64_MAX - 1, 0));
  order.limit =
      static_cast<std::size_t>(fields.integer_or("limit", 1, max_entries, default_entries));
  if (!fields.ok()) return pass_on(fields.error());
  const auto period = parse_period(order.from, order.to);
  if (!period) return pass_on(period.error());
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  const auto ids = accounts_meant(books, order.of);
  if (!ids) return pass_on(ids.error());
  const auto range = records_of(books, *period);
  if (!range) return pass_on(range.error());
  Json rows = Json::array();
  for (const AccountId& id : *ids) {
    auto one = account_statement(books, id, *range, order);
    if (!one) return one;
    rows.push_back(std::move(*one));
  }
  Json out{{"from", order.from}, {"to", order.to}, {"accounts", std::move(rows)}};
  if (period->from) out["from_ms"] = *period->from;
  if (period->to) out["to_ms"] = *period->to;
  return out;
}

Result<Json> export_books(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "export");
  ExportOrder order;
  order.format = fields.required_text("format", 20);
  const std::string from = fields.text("from", 40);
  const std::string to = fields.text("to", 40);
  const std::string homes = fields.text("homes", 20, "address");
  order.cursor = fields.text("cursor", 200);
  if (!fields.ok()) return pass_on(fields.error());
  const auto period = parse_period(from, to);
  if (!period) return pass_on(period.error());
  if (homes != "address" && homes != "pseudonym")
    return fail(Code::usage, "Homes are exported by address or by pseudonym.");
  order.period = *period;
  order.pseudonyms = homes == "pseudonym";
  const auto snapshot = context.store.snapshot();
  const auto chunk = export_chunk(*snapshot, order);
  if (!chunk) return pass_on(chunk.error());
  return Json{{"text", chunk->text}, {"next", chunk->next}};
}

}  // namespace hearth::ledger::admin
