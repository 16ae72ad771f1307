#include "ledger/admin/tables.h"

#include <algorithm>
#include <vector>

#include "common/base/clock.h"
#include "common/base/names.h"

namespace hearth::ledger {
namespace {

using wire::Json;

enum class Align { left, right };
struct Column {
  std::string title;
  Align align = Align::left;
};

/// Code points, not bytes: names are UTF-8.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text() const {
    std::vector<std::string> titles;
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      titles.push_back(columns_[i].title);
      widths.push_back(width(columns_[i].title));
      for (const auto& cells : rows_) widths[i] = std::max(widths[i], width(cells[i]));
    }
    std::string out = line(titles, widths);
    for (const auto& cells : rows_) out += line(cells, widths);
    return out;
  }

 private:
  std::string line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string blanks(widths[i] - width(cells[i]), ' ');
      if (i > 0) out += "  ";
      out += columns_[i].align == Align::right ? blanks + cells[i] : cells[i] + blanks;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out + "\n";
  }
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::string money_text(const Json& amount) {
  return amount.at("text").get<std::string>();
}

std::string number(const Json& value) {
  return value.dump();
}
std::string name(const Json& value) {
  return printable(value.get<std::string>(), 120);
}

std::string card_text(const Json& document) {
  return document.at("card").get<std::string>() + "\n";
}

std::string status_text(const Json& document) {
  const Json& vouchers = document.at("vouchers");
  const Json& journal = document.at("journal");
  std::string out =
      document.at("running").get<bool>() ? "The ledger is running" : "The ledger is stopped";
  const std::string url = document.at("url").get<std::string>();
  out += (url.empty() ? "" : " (" + printable(url) + ")") + std::string(".\n");
  out += number(document.at("homes")) + " homes, " + number(document.at("accounts")) +
         " accounts, " + number(document.at("offers")) + " offers.\n";
  out += number(vouchers.at("bought")) + " vouchers bought, " + number(vouchers.at("redeemed")) +
         " redeemed, " + number(vouchers.at("outstanding")) + " outstanding.\n";
  out += "Journal: " + number(journal.at("records")) + " records, root " +
         journal.at("root").get<std::string>() + "\n";
  if (document.at("totals").empty()) return out;
  Table table({{"wallets", Align::right},
               {"escrow", Align::right},
               {"fees", Align::right},
               {"cash", Align::right}});
  for (const Json& row : document.at("totals"))
    table.row({money_text(row.at("wallet")), money_text(row.at("escrow")),
               money_text(row.at("fees")), money_text(row.at("cash"))});
  return out + table.text();
}

std::string accounts_text(const Json& document) {
  if (document.at("accounts").empty()) return "No accounts yet.\n";
  Table table({{"name"}, {"balance", Align::right}, {"vouchers", Align::right}, {"account"}});
  for (const Json& row : document.at("accounts"))
    table.row({row.contains("name") ? name(row.at("name")) : "", money_text(row.at("balance")),
               row.contains("outstanding") ? number(row.at("outstanding")) : "",
               row.at("id").get<std::string>()});
  return table.text();
}

std::string account_text(const Json& document) {
  std::string out = document.at("id").get<std::string>();
  if (document.contains("name")) out += " (" + name(document.at("name")) + ")";
  out += "\nbalance " + money_text(document.at("balance"));
  if (document.contains("outstanding"))
    out += ", " + number(document.at("outstanding")) + " vouchers outstanding";
  out += "\n";
  if (document.at("entries").empty()) return out + "No entries.\n";
  Table table(
      {{"record", Align::right}, {"time"}, {"kind"}, {"amount", Align::right}, {"reference"}});
  for (const Json& row : document.at("entries"))
    table.row({number(row.at("index")), format_utc(row.at("at_ms").get<std::int64_t>()),
               row.at("kind").get<std::string>(), money_text(row.at("amount")),
               name(row.at("reference"))});
  out += table.text();
  if (document.at("more").get<bool>())
    out += "More entries follow; go on with --after " +
           number(document.at("entries").back().at("index")) + ".\n";
  return out;
}

std::string deposit_text(const Json& document) {
  const std::string who = document.at("name").get<std::string>().empty()
                              ? document.at("home").get<std::string>()
                              : name(document.at("name"));
  const std::string amount = money_text(document.at("amount"));
  const std::string balance = money_text(document.at("balance_after"));
  const std::string record = " (record " + number(document.at("journal_index")) + ")";
  if (document.at("repeated").get<bool>())
    return "This deposit of " + amount + " to " + who + " was made before; its balance was " +
           balance + " then" + record + ". Nothing was added.\n";
  return "Deposited " + amount + " to " + who + ". Balance: " + balance + record + ".\n";
}

std::string offers_text(const Json& document) {
  if (document.at("offers").empty()) return "No offers yet.\n";
  Table table({{"seller"},
               {"price", Align::right},
               {"fee", Align::right},
               {"bought", Align::right},
               {"redeemed", Align::right},
               {"outstanding", Align::right},
               {"escrow", Align::right},
               {"offer"}});
  for (const Json& row : document.at("offers"))
    table.row({name(row.at("seller_name")), money_text(row.at("price")), money_text(row.at("fee")),
               number(row.at("bought")), number(row.at("redeemed")), number(row.at("outstanding")),
               money_text(row.at("escrow")), row.at("id").get<std::string>()});
  return table.text();
}

std::string audit_text(const Json& document) {
  return "The books agree with the journal: " + number(document.at("records")) +
         " records replayed; " + number(document.at("accounts")) + " balances, " +
         number(document.at("purchases")) + " purchases, " + number(document.at("redemptions")) +
         " spent vouchers and " + number(document.at("deposits")) +
         " deposits compared; every currency sums to zero.\nRoot " +
         document.at("root").get<std::string>() + "\n";
}

}  // namespace

std::string as_text_for_people(std::string_view command, const Json& document) {
  // A document of a newer daemon may lack what this program looks for.
  try {
    if (command == "card") return card_text(document);
    if (command == "status") return status_text(document);
    if (command == "accounts") return accounts_text(document);
    if (command == "account") return account_text(document);
    if (command == "deposit") return deposit_text(document);
    if (command == "offers") return offers_text(document);
    if (command == "audit") return audit_text(document);
  } catch (const Json::exception&) {
  }
  return document.dump(2) + "\n";
}

}  // namespace hearth::ledger
