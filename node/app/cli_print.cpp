#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "common/base/clock.h"
#include "common/base/names.h"
#include "node/app/cli.h"

namespace hearth::node {
namespace {

using wire::Json;

constexpr std::size_t short_id = 8;

/// Text of unknown origin for a terminal.
std::string text(const Json& from, const char* field) {
  const auto found = from.find(field);
  if (found == from.end() || found->is_null()) return {};
  if (found->is_string()) return printable(found->get<std::string>(), 4096);
  if (found->is_object() && found->contains("text")) return text(*found, "text");
  return found->dump();
}

std::string short_text(const Json& from, const char* field) {
  return text(from, field).substr(0, short_id);
}

std::uint64_t number(const Json& from, const char* field) {
  const auto found = from.find(field);
  return found != from.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

bool yes(const Json& from, const char* field) {
  const auto found = from.find(field);
  return found != from.end() && found->is_boolean() && found->get<bool>();
}

std::size_t columns(const std::string& s) {
  return static_cast<std::size_t>(std::count_if(
      s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// Rows of equal length, the first one a heading; left-aligned columns.
std::string table(const std::vector<std::vector<std::string>>& rows, const std::string& empty) {
  if (rows.size() < 2) return empty + "\n";
  std::vector<std::size_t> width(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], columns(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(width[i] - columns(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string day_and_time(const Json& from, const char* field) {
  return format_utc(static_cast<UtcMs>(number(from, field)));
}

std::string duration_text(std::uint64_t ms) {
  if (ms == 0) return "";
  char out[32];
  std::snprintf(out, sizeof out, "%llu:%02llu", static_cast<unsigned long long>(ms / 60'000),
                static_cast<unsigned long long>(ms / 1000 % 60));
  return out;
}

std::string init_story(const Json& d) {
  if (text(d, "role") == "seed") return "A seed server for " + text(d, "ledger") + " is made.\n";
  return text(d, "name") + " is made: " + text(d, "home") + "\nIts ledger is " + text(d, "ledger") +
         ". Keep wallet.seed safe: it is the home.\n";
}

std::string id_story(const Json& d) {
  return text(d, "grouped") + "\n";
}

std::string tv_line(const Json& tv) {
  if (!yes(tv, "connected")) return "no TV is running";
  std::string line = text(tv, "state");
  if (!text(tv, "name").empty()) line += ": " + text(tv, "name");
  const std::uint64_t position = number(tv, "position_ms");
  if (position > 0) line += ", at " + duration_text(position);
  if (!text(tv, "sentence").empty()) line += " (" + text(tv, "sentence") + ")";
  return line;
}

std::string status_story(const Json& d) {
  const Json ledger = d.value("ledger", Json::object());
  std::string out = text(d, "name") + " (" + text(d, "role") + ", version " + text(d, "version") +
                    ")\nledger  " + text(ledger, "url") +
                    (yes(ledger, "reachable") ? ", reachable" : ": " + text(ledger, "sentence")) +
                    "\ntitles  " + text(d, "titles") + "\n";
  if (ledger.contains("alarm")) out += "\n" + text(ledger.at("alarm"), "sentence") + "\n\n";
  if (text(d, "role") == "seed") return out;
  out += "gifts   " + text(d, "waiting_gifts") + " waiting\nTV      " +
         tv_line(d.value("tv", Json::object())) + "\n";
  return out;
}

std::string items_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"ITEM", "NAME", "KIND", "SIZE", "LENGTH"}};
  for (const auto& item : d.value("items", Json::array())) {
    rows.push_back({text(item, "item"), text(item, "name"), text(item, "kind"),
                    size_text(number(item, "size")), duration_text(number(item, "duration_ms"))});
  }
  return table(rows, "No items; add files with hearth library add FILE.");
}

std::string library_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"TITLE", "NAME", "KIND", "SIZE", "ORIGIN", "STATE"}};
  for (const auto& title : d.value("titles", Json::array())) {
    std::string state = yes(title, "complete") ? "complete" : "fetching";
    if (!yes(title, "has_key")) state += ", no key yet";
    if (yes(title, "private")) state += ", private";
    rows.push_back({short_text(title, "title"), text(title, "name"), text(title, "kind"),
                    size_text(number(title, "size")), text(title, "origin"), state});
  }
  return items_story(d) + "\n" + table(rows, "No titles.");
}

std::string publish_story(const Json& d) {
  const std::string what = text(d, "name") + " is published as title " + short_text(d, "title");
  if (!d.contains("offer")) return what + ", private: give it with hearth gift send.\n";
  return what + ", offer " + short_text(d, "offer") + " at " + text(d, "price") + ".\n";
}

std::string catalogue_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{
      {"OFFER", "NAME", "KIND", "SIZE", "LENGTH", "PRICE", "SOURCES"}};
  for (const auto& offer : d.value("offers", Json::array())) {
    rows.push_back({short_text(offer, "offer"), text(offer, "name"), text(offer, "kind"),
                    size_text(number(offer, "size")), duration_text(number(offer, "duration_ms")),
                    text(offer, "price"), text(offer, "complete_sources")});
  }
  return table(rows, "The catalogue holds nothing of that name.");
}

std::string buy_story(const Json& d) {
  std::string out = text(d, "name") + ": ";
  if (!d.contains("request")) {
    out += "nothing was paid, ";
    out += d.contains("voucher") ? "a voucher was at hand" : "it is here or on its way";
    return out + ". See hearth transfers.\n";
  }
  out += text(d, "paid") + " paid, " + text(d, "balance") + " left. ";
  return out + (yes(d, "delivery") ? "It is on its way: hearth transfers --watch.\n"
                                   : "Its voucher is in the wallet: hearth gift send.\n");
}

std::string play_story(const Json& d) {
  return "TV: " + tv_line(d.value("tv", Json::object())) + "\n";
}

std::string card_story(const Json& d) {
  return text(d, "card") + "\n";
}

std::string contacts_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"NAME", "HOME"}};
  for (const auto& one : d.value("contacts", Json::array())) {
    rows.push_back({text(one, "name"), text(one, "home")});
  }
  return table(rows, "No contacts; add one with hearth contacts add CARD.");
}

std::string sent_story(const Json& d) {
  std::string out = text(d, "name") + " for " + text(d, "to") + ": " + text(d, "state") + ".";
  if (d.contains("paid")) out += " " + text(d, "paid") + " paid, " + text(d, "balance") + " left.";
  return out + "\n";
}

std::string gifts_story(const Json& d) {
  std::string out;
  for (const auto& gift : d.value("gifts", Json::array())) {
    const bool received = text(gift, "direction") == "received";
    out += short_text(gift, "gift") + "  " + text(gift, "name") + (received ? "  from " : "  to ") +
           text(gift, "contact");
    if (!yes(gift, "known")) out += " (not in your contacts)";
    out += "  " + text(gift, "state") + "\n";
    if (!text(gift, "note").empty()) out += "          \"" + text(gift, "note") + "\"\n";
    if (!text(gift, "reason").empty()) out += "          " + text(gift, "reason") + "\n";
  }
  return out.empty() ? "No gifts.\n" : out;
}

std::string gift_story(const Json& d) {
  return text(d, "name") + " is " + text(d, "state") + ".\n";
}

std::string pocket_name(const Json& from, const char* field) {
  const std::uint64_t pocket = number(from, field);
  return pocket == 0 ? "the main wallet" : "pocket " + std::to_string(pocket);
}

std::string refund_story(const Json& d) {
  return text(d, "refunded") + " for " + text(d, "name") + " went back to " +
         pocket_name(d, "pocket") + " (record " + text(d, "journal_index") +
         "). Its voucher is used up.\n";
}

std::string moved_story(const Json& d) {
  return text(d, "amount") + " went from " + pocket_name(d, "from") + " to " +
         pocket_name(d, "to") + " (record " + text(d, "journal_index") + "); " +
         text(d, "balance") + " left in " + pocket_name(d, "from") + ".\n";
}

std::string balance_story(const Json& d) {
  std::string out;
  for (const auto& amount : d.value("balances", Json::array())) out += text(amount, "text") + "\n";
  for (const auto& one : d.value("pockets", Json::array()))
    out += text(one, "balance") + " in " + pocket_name(one, "pocket") + "\n";
  return out.empty() ? "Nothing was ever paid in.\n" : out;
}

std::string history_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{
      {"RECORD", "TIME", "KIND", "AMOUNT", "POCKET", "REFERENCE"}};
  for (const auto& entry : d.value("entries", Json::array())) {
    rows.push_back({text(entry, "index"), day_and_time(entry, "at_ms"), text(entry, "kind"),
                    text(entry, "amount"), text(entry, "pocket"), text(entry, "reference")});
  }
  std::string out = table(rows, "No movements.");
  for (const auto& one : d.value("pending", Json::array())) {
    const std::string what = text(one, "kind") == "transfer"
                                 ? text(one, "amount") + " from " + pocket_name(one, "from") +
                                       " to " + pocket_name(one, "to")
                                 : text(one, "name");
    out += "under way: " + text(one, "kind") + " of " + what + " (" + text(one, "state") + ") " +
           text(one, "sentence") + "\n";
  }
  return out;
}

std::string vouchers_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"VOUCHER", "NAME", "STATE"}};
  for (const auto& one : d.value("vouchers", Json::array())) {
    rows.push_back({short_text(one, "voucher"), text(one, "name"), text(one, "state")});
  }
  return table(rows, "No vouchers.");
}

std::string verify_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{
      {"REQUEST", "NAME", "PAID", "RECORD", "TIME", "PROVEN IN"}};
  std::string notes;
  for (const auto& one : d.value("purchases", Json::array())) {
    const bool proven = yes(one, "verified");
    rows.push_back({short_text(one, "request"), text(one, "name"), text(one, "paid"),
                    text(one, "journal_index"), proven ? day_and_time(one, "at_ms") : "",
                    proven ? text(one.at("checkpoint"), "size") + " records" : "NOT PROVEN"});
    if (!proven) notes += text(one.value("problem", Json::object()), "sentence") + "\n";
    if (one.contains("proof") && text(one, "proof").starts_with('/'))
      notes += "Saved " + text(one, "receipt") + " and " + text(one, "proof") + ".\n";
  }
  if (d.contains("alarm")) notes += text(d.at("alarm"), "sentence") + "\n";
  return table(rows, "No receipts.") + notes;
}

std::string transfers_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{
      {"NAME", "STATE", "HERE", "OF", "PER SECOND", "PEERS", "KEY"}};
  std::string problems;
  for (const auto& one : d.value("transfers", Json::array())) {
    rows.push_back({text(one, "name"), text(one, "state"), size_text(number(one, "done_bytes")),
                    size_text(number(one, "total_bytes")),
                    size_text(number(one, "bytes_per_second")), text(one, "peers"),
                    yes(one, "has_key") ? "yes" : "no"});
    if (one.contains("problem")) {
      problems += text(one, "name") + ": " + text(one.at("problem"), "sentence") + "\n";
    }
  }
  return table(rows, "Nothing comes or goes.") + problems;
}

std::string saved_story(const Json& d) {
  return "Saved " + text(d, "file") + " (" + size_text(number(d, "bytes")) + ").\n";
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  static constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  std::uint64_t tenths = bytes * 10;
  while (tenths >= 10'000 && unit + 1 < std::size(units)) {
    tenths /= 1000;
    ++unit;
  }
  const std::string whole = std::to_string(tenths / 10);
  return unit == 0 ? whole + " B" : whole + "." + std::to_string(tenths % 10) + " " + units[unit];
}

std::string story(const std::string& command, const wire::Json& document) {
  static const std::map<std::string, std::string (*)(const Json&)> stories = {
      {"init", init_story},
      {"id", id_story},
      {"status", status_story},
      {"library-add", items_story},
      {"library-list", library_story},
      {"publish", publish_story},
      {"catalogue", catalogue_story},
      {"buy", buy_story},
      {"play", play_story},
      {"stop", play_story},
      {"contacts-card", card_story},
      {"contacts-add", contacts_story},
      {"contacts-list", contacts_story},
      {"gift-send", sent_story},
      {"gift-list", gifts_story},
      {"gift-accept", gift_story},
      {"gift-decline", gift_story},
      {"wallet-balance", balance_story},
      {"wallet-refund", refund_story},
      {"wallet-transfer", moved_story},
      {"wallet-history", history_story},
      {"wallet-vouchers", vouchers_story},
      {"wallet-verify", verify_story},
      {"transfers", transfers_story},
      {"screenshot", saved_story},
      {"torrent", saved_story},
  };
  const auto found = stories.find(command);
  return found == stories.end() ? document.dump(2) + "\n" : found->second(document);
}

}  // namespace hearth::node
