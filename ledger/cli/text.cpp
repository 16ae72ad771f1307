#include "ledger/cli/text.h"

#include <map>

#include "ledger/cli/text_parts.h"

namespace hearth::ledger {
namespace {

using text::money;
using text::name;
using text::number;
using text::printed;
using text::time;
using wire::Json;

std::string card_text(const Json& document) {
  return printed(document.at("card")) + "\n";
}

std::string status_text(const Json& document) {
  const Json& vouchers = document.at("vouchers");
  const Json& journal = document.at("journal");
  std::string out =
      document.at("running").get<bool>() ? "The ledger is running" : "The ledger is stopped";
  const std::string url = printed(document.at("url"));
  out += (url.empty() ? "" : " (" + url + ")") + std::string(".\n");
  out += number(document.at("homes")) + " homes, " + number(document.at("accounts")) +
         " accounts, " + number(document.at("offers")) + " offers.\n";
  out += number(vouchers.at("bought")) + " vouchers bought, " + number(vouchers.at("redeemed")) +
         " redeemed, " + number(vouchers.at("refunded")) + " refunded, " +
         number(vouchers.at("outstanding")) + " outstanding.\n";
  out += "Journal: " + number(journal.at("records")) + " records, root " +
         printed(journal.at("root")) + "\n";
  if (document.at("totals").empty()) return out;
  TextTable table({{"wallets", Align::right},
                   {"escrow", Align::right},
                   {"fees", Align::right},
                   {"cash", Align::right},
                   {"adjustments", Align::right}});
  for (const Json& row : document.at("totals"))
    table.row({money(row.at("wallet")), money(row.at("escrow")), money(row.at("fees")),
               money(row.at("cash")), money(row.at("adjustments"))});
  return out + table.text();
}

std::string accounts_text(const Json& document) {
  const Json& rows = document.at("accounts");
  if (rows.empty()) return "No such accounts.\n";
  TextTable table({{"name", Align::left, 32},
                   {"balance", Align::right},
                   {"vouchers", Align::right},
                   {"state"},
                   {"account"}});
  for (const Json& row : rows)
    table.row({name(row.value("name", "")), money(row.at("balance")),
               row.contains("outstanding") ? number(row.at("outstanding")) : "",
               row.value("state", "open") == "open" ? "" : printed(row.at("state")),
               printed(row.at("id"))});
  const std::string more =
      "More accounts follow; go on with --after " + printed(rows.back().at("id")) + "\n";
  return table.text() + (document.at("more").get<bool>() ? more : "");
}

std::string account_text(const Json& document) {
  std::string out = printed(document.at("id"));
  if (!document.value("name", "").empty()) out += " (" + name(document.at("name")) + ")";
  out += "\nbalance " + money(document.at("balance"));
  if (document.value("state", "open") != "open") out += ", " + printed(document.at("state"));
  if (document.contains("outstanding"))
    out += ", " + number(document.at("outstanding")) + " vouchers outstanding";
  out += "\n";
  if (document.at("entries").empty()) return out + "No entries.\n";
  out += text::entries(document.at("entries"));
  if (document.at("more").get<bool>())
    out += "More entries follow; go on with --after " +
           number(document.at("entries").back().at("index")) + ".\n";
  return out;
}

std::string statement_text(const Json& document) {
  const std::string from = printed(document.at("from")), to = printed(document.at("to"));
  std::string out = "Statement " + (from.empty() ? "from the beginning" : "from " + from) + " to " +
                    (to.empty() ? "now" : to) + ", UTC\n";
  for (const Json& account : document.at("accounts")) {
    out += "\n" + printed(account.at("id"));
    if (account.contains("name")) out += " (" + name(account.at("name")) + ")";
    out += "\nopening balance " + money(account.at("opening")) + "\n";
    if (!account.at("entries").empty()) out += text::entries(account.at("entries"));
    if (account.at("more").get<bool>())
      out += "More entries follow; go on with --after " +
             number(account.at("entries").back().at("index")) + ".\n";
    out += "closing balance " + money(account.at("closing")) + "\n";
  }
  return out;
}

std::string offers_text(const Json& document) {
  const Json& rows = document.at("offers");
  if (rows.empty()) return "No such offers.\n";
  TextTable table({{"seller", Align::left, 24},
                   {"price", Align::right},
                   {"fee", Align::right},
                   {"bought", Align::right},
                   {"redeemed", Align::right},
                   {"refunded", Align::right},
                   {"outstanding", Align::right},
                   {"escrow", Align::right},
                   {"offer"}});
  for (const Json& row : rows)
    table.row({name(row.at("seller_name")), money(row.at("price")), money(row.at("fee")),
               number(row.at("bought")), number(row.at("redeemed")), number(row.at("refunded")),
               number(row.at("outstanding")), money(row.at("escrow")), printed(row.at("id"))});
  const std::string more =
      "More offers follow; go on with --after " + printed(rows.back().at("id")) + "\n";
  return table.text() + (document.at("more").get<bool>() ? more : "");
}

std::string audit_text(const Json& document) {
  return "The books agree with the journal: " + number(document.at("records")) +
         " records replayed; " + number(document.at("accounts")) + " balances, " +
         number(document.at("purchases")) + " purchases, " + number(document.at("redemptions")) +
         " redemptions and " + number(document.at("deposits")) +
         " deposits compared; every currency sums to zero.\nRoot " + printed(document.at("root")) +
         "\n";
}

}  // namespace

std::string as_text_for_people(std::string_view command, const Json& document) {
  using Text = std::string (*)(const Json&);
  static const std::map<std::string_view, Text> texts{
      {"account", account_text},
      {"accounts", accounts_text},
      {"adjust", text::booked},
      {"audit", audit_text},
      {"backup", text::backup},
      {"card", card_text},
      {"checkpoint", text::checkpoint},
      {"close", text::state},
      {"deposit", text::booked},
      {"directory", text::directory},
      {"directory-remove", text::directory_removed},
      {"fees", text::fees},
      {"fees-set", text::fees},
      {"freeze", text::state},
      {"keys", text::keys},
      {"keys-rotate", text::rotated},
      {"limits", text::limits},
      {"limits-set", text::limits},
      {"offers", offers_text},
      {"operator-add", text::operator_added},
      {"operator-remove", text::operator_removed},
      {"operators", text::operators},
      {"payments", text::payments},
      {"payments-retry", text::payment_retried},
      {"restore", text::restored},
      {"statement", statement_text},
      {"status", status_text},
      {"unfreeze", text::state},
      {"verify", text::verified},
      {"withdraw", text::booked},
  };
  // A document of a newer daemon may lack what this program looks for.
  try {
    const auto found = texts.find(command);
    if (found != texts.end()) return found->second(document);
  } catch (const Json::exception&) {
  }
  return document.dump(2) + "\n";
}

}  // namespace hearth::ledger
