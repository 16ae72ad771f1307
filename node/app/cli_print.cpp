#include "common/base/clock.h"
#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

std::string init_story(const Json& d) {
  if (text(d, "role") == "seed") return "A seed server for " + text(d, "ledger") + " is made.\n";
  return text(d, "name") + " is made: " + text(d, "home") + "\nIts ledger is " + text(d, "ledger") +
         ".\nOne line brings all of it back if this machine is lost: hearth wallet seed shows it. "
         "Write it down and keep it safe: it is the home.\n";
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
  if (!d.contains("channels")) return out;
  for (const auto& one : d.at("channels").value("troubles", Json::array()))
    out += text(one, "sentence") + "\n";
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
    if (yes(title, "removed")) state = "not here; hearth library fetch";
    if (!yes(title, "has_key")) state += ", no key yet";
    if (yes(title, "private")) state += ", private";
    rows.push_back({short_text(title, "title"), text(title, "name"), text(title, "kind"),
                    size_text(number(title, "size")), text(title, "origin"), state});
  }
  return items_story(d) + "\n" + table(rows, "No titles.");
}

std::string removed_story(const Json& d) {
  return text(d, "name") +
         " is deleted from this home's disk; its key stays. hearth library fetch " +
         short_text(d, "title") + " brings it back without paying.\n";
}

std::string fetched_story(const Json& d) {
  if (yes(d, "complete")) return text(d, "name") + " is here already.\n";
  return text(d, "name") +
         " is being fetched again; nothing was charged. hearth transfers shows how "
         "it goes on.\n";
}

std::string publish_story(const Json& d) {
  const std::string what = text(d, "name") + " is published as title " + short_text(d, "title");
  if (!d.contains("offer")) return what + ", private: give it with hearth gift send.\n";
  return what + ", offer " + short_text(d, "offer") + " at " + text(d, "price") + ".\n";
}

/// What a buyer has to know of the seller's terms; empty: nothing.
std::string terms_text(const Json& offer) {
  std::vector<std::string> words;
  const auto day = [&](const char* field) {
    return format_utc(static_cast<UtcMs>(number(offer, field))).substr(0, 10);
  };
  if (number(offer, "min_age") != 0) words.push_back("from age " + text(offer, "min_age"));
  if (offer.contains("giftable") && !yes(offer, "giftable")) words.emplace_back("not to be given");
  if (number(offer, "homes") > 1) words.push_back("for " + text(offer, "homes") + " homes");
  for (const auto& [field, what] : {std::pair("not_before_ms", "opens "),
                                    {"redeem_until_ms", "to be opened until "},
                                    {"refund_until_ms", "refunds until "},
                                    {"sold_until_ms", "sold until "}}) {
    if (number(offer, field) != 0) words.push_back(what + day(field));
  }
  std::string out;
  for (const auto& one : words) out += (out.empty() ? "" : ", ") + one;
  return out;
}

std::string catalogue_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{
      {"OFFER", "NAME", "KIND", "SIZE", "LENGTH", "PRICE", "SOURCES", "TERMS"}};
  for (const auto& offer : d.value("offers", Json::array())) {
    rows.push_back({short_text(offer, "offer"), text(offer, "name"), text(offer, "kind"),
                    size_text(number(offer, "size")), duration_text(number(offer, "duration_ms")),
                    text(offer, "price"), text(offer, "complete_sources"), terms_text(offer)});
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

Stories all_stories() {
  Stories stories = {
      {"init", init_story},
      {"id", id_story},
      {"status", status_story},
      {"library-add", items_story},
      {"library-list", library_story},
      {"library-remove", removed_story},
      {"library-fetch", fetched_story},
      {"publish", publish_story},
      {"catalogue", catalogue_story},
      {"buy", buy_story},
      {"play", play_story},
      {"stop", play_story},
      {"tune", play_story},
      {"remote", play_story},
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
  add_alarm_stories(stories);
  add_channel_stories(stories);
  add_sharing_stories(stories);
  add_contact_stories(stories);
  add_rule_stories(stories);
  add_gift_stories(stories);
  add_card_stories(stories);
  add_phone_stories(stories);
  add_iptv_stories(stories);
  add_recovery_stories(stories);
  return stories;
}

}  // namespace

std::string story(const std::string& command, const wire::Json& document) {
  static const Stories stories = all_stories();
  const auto found = stories.find(command);
  return found == stories.end() ? document.dump(2) + "\n" : found->second(document);
}

}  // namespace hearth::node
