#include "ledger/admin/admin.h"

#include <future>
#include <map>

#include "common/base/names.h"
#include "common/wire/document_fields.h"
#include "common/wire/shown.h"
#include "ledger/admin/ledger_keys.h"
#include "ledger/engine/statement.h"

namespace hearth::ledger {
namespace {

using wire::Json;
using Names = std::map<identity::HomeAddress, std::string>;

constexpr std::int64_t default_entries = 1'000;
constexpr std::int64_t max_entries = 10'000;

std::string_view kind_text(AccountKind kind) {
  switch (kind) {
    case AccountKind::wallet:
      return "wallet";
    case AccountKind::escrow:
      return "escrow";
    case AccountKind::cash:
      return "cash";
    case AccountKind::fees:
      return "fees";
  }
  return "?";
}

Result<Names> names_of_homes(const BooksView& books) {
  Names names;
  auto scanned = books.each_home([&names](const auto& home, const books::HomeRow& row) {
    names[home] = row.name;
    return true;
  });
  if (!scanned) return pass_on(scanned.error());
  return names;
}

Json account_json(const AccountId& id, const Account& account, const std::string& name) {
  Json out{{"id", id.text()},
           {"kind", std::string(kind_text(id.kind()))},
           {"balance", wire::money_document({account.balance, id.currency()})}};
  if (id.kind() == AccountKind::wallet) out["name"] = name;
  if (id.kind() == AccountKind::escrow) out["outstanding"] = account.outstanding();
  return out;
}

Result<Json> card(AdminContext& context, const Json&) {
  const auto keys = load_ledger_keys(context.dir);
  if (!keys) return pass_on(keys.error());
  const auto url = advertised_url(context.dir);
  if (!url) return pass_on(url.error());
  return Json{{"card", ledger_card(*keys, *url).text()}, {"url", *url}};
}

struct Totals {
  std::map<money::Currency, std::map<AccountKind, std::int64_t>> by_currency;
  std::uint64_t accounts = 0, bought = 0, redeemed = 0;
};

Result<Totals> totals_of(const BooksView& books) {
  Totals totals;
  auto scanned = books.each_account([&totals](const AccountId& id, const Account& account) {
    ++totals.accounts;
    totals.bought += account.bought;
    totals.redeemed += account.redeemed;
    // Parts of one currency's sum of zero whose cash fits an int64: they fit too.
    totals.by_currency[id.currency()][id.kind()] += account.balance;
    return true;
  });
  if (!scanned) return pass_on(scanned.error());
  return totals;
}

Result<Json> status(AdminContext& context, const Json&) {
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  const auto tree = books.tree();
  if (!tree) return pass_on(tree.error());
  const auto totals = totals_of(books);
  if (!totals) return pass_on(totals.error());
  const auto names = names_of_homes(books);
  if (!names) return pass_on(names.error());
  std::uint64_t offers = 0;
  auto scanned = books.each_offer([&offers](const auto&) { return ++offers > 0; });
  if (!scanned) return pass_on(scanned.error());

  Json currencies = Json::array();
  for (const auto& [currency, sums] : totals->by_currency) {
    Json row{{"currency", std::string(currency.code())}};
    for (const AccountKind kind :
         {AccountKind::wallet, AccountKind::escrow, AccountKind::cash, AccountKind::fees}) {
      const auto sum = sums.find(kind);
      row[std::string(kind_text(kind))] =
          wire::money_document({sum == sums.end() ? 0 : sum->second, currency});
    }
    currencies.push_back(std::move(row));
  }
  const auto url = advertised_url(context.dir);
  return Json{{"running", context.running},
              {"url", url.value_or("")},
              {"homes", names->size()},
              {"accounts", totals->accounts},
              {"offers", offers},
              {"vouchers",
               {{"bought", totals->bought},
                {"redeemed", totals->redeemed},
                {"outstanding", totals->bought - totals->redeemed}}},
              {"totals", std::move(currencies)},
              {"journal", {{"records", tree->size()}, {"root", to_hex(tree->root())}}}};
}

Result<Json> accounts(AdminContext& context, const Json&) {
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  const auto names = names_of_homes(books);
  if (!names) return pass_on(names.error());
  Json rows = Json::array();
  auto scanned = books.each_account([&](const AccountId& id, const Account& account) {
    const auto name = names->find(id.home());
    rows.push_back(account_json(id, account, name == names->end() ? "" : name->second));
    return true;
  });
  if (!scanned) return pass_on(scanned.error());
  return Json{{"accounts", std::move(rows)}};
}

Result<AccountId> find_account(const BooksView& books, const std::string& text) {
  const auto parsed = parse_account(text);
  if (!parsed) return pass_on(parsed.error());
  switch (parsed->kind) {
    case AccountKind::wallet:
      return AccountId::wallet(parsed->home, *parsed->currency);
    case AccountKind::cash:
      return AccountId::cash(*parsed->currency);
    case AccountKind::fees:
      return AccountId::fees(*parsed->currency);
    case AccountKind::escrow:
      break;
  }
  const auto offer = books.offer(parsed->offer);
  if (!offer) return pass_on(offer.error());
  if (!*offer) return fail(Code::unknown_offer, "This ledger has no offer of that id.");
  return AccountId::escrow(parsed->offer, parsed->epoch, (*offer)->terms.price.currency);
}

Json entry_json(const StatementEntry& entry) {
  Json out{{"index", entry.index},
           {"at_ms", entry.at_ms},
           {"kind", entry.kind},
           {"amount", wire::money_document(entry.amount)},
           {"reference", entry.reference}};
  if (entry.offer) out["offer"] = to_hex(*entry.offer);
  return out;
}

Result<Json> account(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "account");
  const std::string text = fields.required_text("id", 200);
  const auto after = fields.integer_or("after", 0, INT64_MAX, 0);
  const auto limit = fields.integer_or("limit", 1, max_entries, default_entries);
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
  const auto home = books.home(id->home());
  if (!home) return pass_on(home.error());
  // One more than asked for tells whether there are more.
  auto entries = statement_of(books, {*id}, static_cast<std::uint64_t>(after),
                              static_cast<std::size_t>(limit) + 1);
  if (!entries) return pass_on(entries.error());
  const bool more = entries->size() > static_cast<std::size_t>(limit);
  if (more) entries->pop_back();
  Json out = account_json(*id, **found, *home ? (*home)->name : "");
  out["entries"] = Json::array();
  for (const StatementEntry& entry : *entries) out["entries"].push_back(entry_json(entry));
  out["more"] = more;
  return out;
}

/// An address in either form, or the name under which exactly one home is registered.
Result<identity::HomeAddress> find_home(const Names& names, const std::string& text) {
  if (auto address = identity::parse_home_address(text)) return *address;
  std::vector<identity::HomeAddress> found;
  for (const auto& [home, name] : names)
    if (name == text) found.push_back(home);
  if (found.size() == 1) return found[0];
  if (found.size() > 1)
    return fail(Code::usage, std::to_string(found.size()) + " homes are called '" +
                                 printable(text, 120) +
                                 "'; nothing was deposited. Give the home's address.");
  auto address = identity::parse_home_address(text);
  if (text.starts_with("home1")) return address;  // meant as one: say what is wrong with it
  return fail(Code::unknown_account, "No home is registered here as '" + printable(text, 120) +
                                         "'; nothing was deposited. Give the home's address.");
}

Result<Json> deposit(AdminContext& context, const Json& args) {
  wire::Fields fields(args, "deposit");
  const std::string home_text = fields.required_text("home", 500);
  const std::string amount_text = fields.required_text("amount", 60);
  const std::string reference = fields.required_text("reference", max_reference_bytes);
  if (!fields.ok()) return pass_on(fields.error());
  if (!context.engine)
    return fail(Code::internal, "This process only reads the books; nothing was deposited.");
  const auto amount = money::parse(amount_text);
  if (!amount) return pass_on(amount.error());
  const auto note = checked_note(reference, max_reference_bytes);
  if (!note) return pass_on(note.error());
  if (note->empty())
    return fail(Code::usage,
                "A deposit needs a reference: the same deposit with the same one "
                "is made only once. Nothing was deposited.");
  const auto names = names_of_homes(BooksView(context.store));
  if (!names) return pass_on(names.error());
  const auto home = find_home(*names, home_text);
  if (!home) return pass_on(home.error());

  std::promise<Result<AppliedDeposit>> promise;
  auto answer = promise.get_future();
  context.engine->submit_deposit(
      {*home, *amount, *note, now_ms()},
      [&promise](Result<AppliedDeposit> result) { promise.set_value(std::move(result)); });
  const auto applied = answer.get();
  if (!applied) return pass_on(applied.error());
  const auto name = names->find(*home);
  return Json{{"home", home->text()},
              {"name", name == names->end() ? "" : name->second},
              {"amount", wire::money_document(*amount)},
              {"reference", *note},
              {"balance_after", wire::money_document(applied->balance_after)},
              {"journal_index", applied->journal_index},
              {"repeated", applied->repeated}};
}

Result<Json> offers(AdminContext& context, const Json&) {
  const auto snapshot = context.store.snapshot();
  const BooksView books(*snapshot);
  const auto names = names_of_homes(books);
  if (!names) return pass_on(names.error());
  std::vector<OfferTerms> terms;
  auto scanned = books.each_offer([&terms](const books::OfferRow& row) {
    terms.push_back(row.terms);
    return true;
  });
  if (!scanned) return pass_on(scanned.error());
  Json rows = Json::array();
  for (const OfferTerms& offer : terms) {
    const auto escrows = books.accounts_of(AccountKind::escrow, offer.offer);
    if (!escrows) return pass_on(escrows.error());
    Account sum;
    for (const auto& [id, escrow] : *escrows) {
      sum.balance += escrow.balance;
      sum.bought += escrow.bought;
      sum.redeemed += escrow.redeemed;
    }
    const auto name = names->find(offer.seller);
    rows.push_back({{"id", to_hex(offer.offer)},
                    {"seller", offer.seller.text()},
                    {"seller_name", name == names->end() ? "" : name->second},
                    {"price", wire::money_document(offer.price)},
                    {"fee", wire::money_document({offer.fee_minor, offer.price.currency})},
                    {"bought", sum.bought},
                    {"redeemed", sum.redeemed},
                    {"outstanding", sum.outstanding()},
                    {"escrow", wire::money_document({sum.balance, offer.price.currency})}});
  }
  return Json{{"offers", std::move(rows)}};
}

Result<Json> audit_books(AdminContext& context, const Json&) {
  const auto snapshot = context.store.snapshot();
  const auto report = audit(*snapshot, context.progress);
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

}  // namespace

Result<Json> run_admin(AdminContext& context, std::string_view command, const Json& args) {
  using Run = Result<Json> (*)(AdminContext&, const Json&);
  static const std::map<std::string_view, Run> commands{
      {"card", card},       {"status", status}, {"accounts", accounts}, {"account", account},
      {"deposit", deposit}, {"offers", offers}, {"audit", audit_books},
  };
  const auto found = commands.find(command);
  if (found == commands.end())
    return fail(Code::usage, "The ledger has no command '" + printable(command, 40) + "'.");
  if (!args.is_object())
    return fail(Code::usage, "The arguments of a command are one JSON object.");
  return found->second(context, args);
}

}  // namespace hearth::ledger
