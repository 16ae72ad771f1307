#include "common/base/names.h"
#include "common/wire/document_fields.h"
#include "common/wire/shown.h"
#include "ledger/admin/commands.h"
#include "ledger/admin/ledger_keys.h"
#include "ledger/admin/lookup.h"
#include "ledger/admin/progress_board.h"
#include "ledger/admin/totals.h"
#include "ledger/engine/statement.h"
#include "ledger/export/walk.h"

namespace hearth::ledger::admin {
namespace {

constexpr std::int64_t default_rows = 1'000;
constexpr std::int64_t max_rows = 10'000;

Json entry_document(const StatementEntry& entry) {
  Json out{{"index", entry.index},
           {"at_ms", entry.at_ms},
           {"kind", entry.kind},
           {"amount", wire::money_document(entry.amount)},
           {"balance", wire::money_document({entry.balance_after, entry.amount.currency})},
           {"reference", entry.reference}};
  if (entry.offer) out["offer"] = to_hex(*entry.offer);
  return out;
}

std::optional<AccountKind> kind_from_name(std::string_view name) {
  for (const AccountKind kind : {AccountKind::wallet, AccountKind::escrow, AccountKind::cash,
                                 AccountKind::fees, AccountKind::adjustments})
    if (account_kind_name(kind) == name) return kind;
  return std::nullopt;
}

using Rows = std::vector<std::pair<AccountId, Account>>;

/// One page of accounts, and one more row when others follow.
Result<Rows> page_of_accounts(const store::View& view, const std::optional<AccountId>& after,
                              const std::optional<AccountKind>& kind, std::size_t limit) {
  Rows rows;
  auto scanned =
      each_account_after(view, after, kind, [&](const AccountId& id, const Account& account) {
        rows.emplace_back(id, account);
        return rows.size() <= limit;
      });
  if (!scanned) return pass_on(scanned.error());
  return rows;
}

Result<Json> offer_row(const BooksView& books, const OfferTerms& offer) {
  const auto escrows = books.accounts_of(AccountKind::escrow, offer.offer);
  if (!escrows) return pass_on(escrows.error());
  std::int64_t balance = 0;
  std::uint64_t bought = 0, redeemed = 0, refunded = 0, outstanding = 0;
  for (const auto& [id, escrow] : *escrows) {
    balance += escrow.balance;  // parts of what all homes paid: it fits
    bought += escrow.bought;
    redeemed += escrow.redeemed;
    refunded += escrow.refunded;
    outstanding += escrow.outstanding();
  }
  const auto seller = books.home(offer.seller);
  if (!seller) return pass_on(seller.error());
  return Json{{"id", to_hex(offer.offer)},
              {"seller", offer.seller.text()},
              {"seller_name", *seller ? (*seller)->name : ""},
              {"price", wire::money_document(offer.price)},
              {"fee", wire::money_document({offer.fee_minor, offer.price.currency})},
              {"bought", bought},
              {"redeemed", redeemed},
              {"refunded", refunded},
              {"outstanding", outstanding},
              {"escrow", wire::money_document({balance, offer.price.currency})}};
}

}  // namespace

Result<Json> card(AdminContext& context, const Json&) {
  const auto keys = load_ledger_keys(context.dir);
  if (!keys) return pass_on(keys.error());
  const auto url = advertised_url(context.dir);
  if (!url) return pass_on(url.error());
  return Json{{"card", ledger_card(*keys, *url).text()}, {"url", *url}};
}

Result<Json> status(AdminContext& context, const Json&) {
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  const auto tree = books.tree();
  if (!tree) return pass_on(tree.error());
  const auto sums = context.engine ? Result<BookTotals>(totals_of(context.engine->stats()))
                                   : totals_of(*snapshot);
  if (!sums) return pass_on(sums.error());
  Json currencies = Json::array();
  for (const auto& row : sums->currencies) {
    const auto money = [&row](std::int64_t minor) {
      return wire::money_document({minor, row.currency});
    };
    currencies.push_back({{"currency", row.currency.code()},
                          {"wallet", money(row.wallets)},
                          {"escrow", money(row.escrow)},
                          {"cash", money(row.cash)},
                          {"fees", money(row.fees)},
                          {"adjustments", money(row.adjustments)}});
  }
  const auto url = advertised_url(context.dir);
  return Json{{"running", context.running},
              {"url", url.value_or("")},
              {"homes", sums->homes},
              {"accounts", sums->accounts},
              {"offers", sums->offers},
              {"vouchers",
               {{"bought", sums->bought},
                {"redeemed", sums->redeemed},
                {"refunded", sums->refunded},
                {"outstanding", sums->outstanding}}},
              {"totals", std::move(currencies)},
              {"journal", {{"records", tree->size()}, {"root", to_hex(tree->root())}}}};
}

Result<Json> accounts(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "accounts");
  const std::string kind_text = fields.text("kind", 20);
  const std::string home_text = fields.text("home", 500);
  const std::string after_text = fields.text("after", 200);
  const auto limit =
      static_cast<std::size_t>(fields.integer_or("limit", 1, max_rows, default_rows));
  if (!fields.ok()) return pass_on(fields.error());
  const auto kind = kind_from_name(kind_text);
  if (!kind && !kind_text.empty())
    return fail(Code::usage, "An account is a wallet, escrow, cash, fees or adjustments.");
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  std::optional<AccountId> after;
  if (!after_text.empty()) {
    const auto id = find_account(books, after_text);
    if (!id) return pass_on(id.error());
    after = *id;
  }
  Result<Rows> rows = Rows();
  if (!home_text.empty()) {
    if (kind && *kind != AccountKind::wallet)
      return fail(Code::usage, "A home has wallets only; leave out --kind or --home.");
    const auto home = find_home(books, home_text);
    if (!home) return pass_on(home.error());
    rows = books.accounts_of(AccountKind::wallet, home->key);
    if (rows && after) std::erase_if(*rows, [&](const auto& row) { return row.first <= *after; });
  } else {
    rows = page_of_accounts(*snapshot, after, kind, limit);
  }
  if (!rows) return pass_on(rows.error());
  const bool more = rows->size() > limit;
  if (more) rows->resize(limit);
  Json out = Json::array();
  for (const auto& [id, account] : *rows) {
    const auto owner = owner_of(books, id);
    if (!owner) return pass_on(owner.error());
    out.push_back(account_document(id, account, *owner));
  }
  return Json{{"accounts", std::move(out)}, {"more", more}};
}

Result<Json> account(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "account");
  const std::string text = fields.required_text("id", 500);
  const auto after = fields.integer_or("after", 0, INT64_MAX, 0);
  const auto limit =
      static_cast<std::size_t>(fields.integer_or("limit", 1, max_rows, default_rows));
  if (!fields.ok()) return pass_on(fields.error());
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  const auto id = find_account(books, text);
  if (!id) return pass_on(id.error());
  const auto found = books.account(*id);
  if (!found) return pass_on(found.error());
  if (!*found)
    return fail(Code::unknown_account,
                "There is no such account; `hearth-ledger accounts` lists them.");
  const auto owner = owner_of(books, *id);
  if (!owner) return pass_on(owner.error());
  // One more than asked for tells whether there are more.
  auto entries = statement_of(books, {*id}, static_cast<std::uint64_t>(after), limit + 1);
  if (!entries) return pass_on(entries.error());
  const bool more = entries->size() > limit;
  if (more) entries->pop_back();
  Json out = account_document(*id, **found, *owner);
  out["entries"] = Json::array();
  for (const StatementEntry& entry : *entries) out["entries"].push_back(entry_document(entry));
  out["more"] = more;
  return out;
}

Result<Json> offers(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "offers");
  const std::string after_text = fields.text("after", 64);
  const auto limit =
      static_cast<std::size_t>(fields.integer_or("limit", 1, max_rows, default_rows));
  if (!fields.ok()) return pass_on(fields.error());
  const auto after = from_hex(after_text);
  if (!after || (!after->empty() && after->size() != 32))
    return fail(Code::usage, "--after takes the id of an offer, 64 hex digits.");
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  std::vector<OfferTerms> terms;
  auto scanned = each_offer_after(*snapshot, *after, [&](const books::OfferRow& row) {
    terms.push_back(row.terms);
    return terms.size() <= limit;
  });
  if (!scanned) return pass_on(scanned.error());
  const bool more = terms.size() > limit;
  if (more) terms.pop_back();
  Json rows = Json::array();
  for (const OfferTerms& offer : terms) {
    auto row = offer_row(books, offer);
    if (!row) return row;
    rows.push_back(std::move(*row));
  }
  return Json{{"offers", std::move(rows)}, {"more", more}};
}

Progress::~Progress() {
  if (context_.board && !word_.empty()) context_.board->end(word_);
}

AuditProgress Progress::tell() const {
  return [this](std::uint64_t done, std::uint64_t total) {
    if (context_.board && !word_.empty()) context_.board->show(word_, {done, total});
    if (context_.progress) context_.progress(done, total);
  };
}

Result<Json> progress(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "progress");
  const std::string word = fields.required_text("watch", max_watch_word);
  if (!fields.ok()) return pass_on(fields.error());
  const auto standing = context.board ? context.board->find(word) : std::nullopt;
  if (!standing) return Json{{"running", false}};
  return Json{{"running", true}, {"done", standing->done}, {"total", standing->total}};
}

Result<Json> audit_books(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "audit");
  const std::string word = fields.text("watch", max_watch_word);
  if (!fields.ok()) return pass_on(fields.error());
  const Progress shown(context, word);
  const auto snapshot = context.store.snapshot();
  // Books without keys can be audited too; then nobody can tell who signed the checkpoint.
  const auto keys = load_ledger_keys(context.dir);
  const auto report = keys ? audit(*snapshot, shown.tell(), &keys->signing.public_key())
                           : audit(*snapshot, shown.tell());
  if (!report) return pass_on(report.error());
  if (report->difference) {
    const auto& [index, what] = *report->difference;
    return fail(Code::corrupt,
                "The books do not agree with the journal" +
                    (index ? ", first at record " + std::to_string(*index) : std::string()) + ": " +
                    what +
                    ". Nothing was changed. Stop the ledger, keep a copy of its directory, and "
                    "restore the last backup whose audit is clean.");
  }
  return Json{{"ok", true},
              {"records", report->records},
              {"root", to_hex(report->root)},
              {"accounts", report->accounts},
              {"homes", report->homes},
              {"offers", report->offers},
              {"deposits", report->counts.deposits},
              {"purchases", report->counts.purchases},
              {"redemptions", report->counts.redemptions}};
}

}  // namespace hearth::ledger::admin
