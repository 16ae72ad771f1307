#include "ledger/cli/text_parts.h"

#include "common/base/clock.h"
#include "common/base/names.h"

namespace hearth::ledger::text {
namespace {

std::string record(const Json& document) {
  return " (record " + number(document.at("journal_index")) + ")";
}

std::string who(const Json& document) {
  const std::string owner = document.value("name", "");
  return owner.empty() ? printed(document.at("account")) : name(document.at("name"));
}

std::string limit(const Json& amount) {
  return amount.is_null() ? "none" : money(amount);
}

std::string percent(const Json& basis_points) {
  const auto points = basis_points.get<std::int64_t>();
  const std::string cents = std::to_string(points % 100);
  return std::to_string(points / 100) + "." + (cents.size() == 1 ? "0" : "") + cents + " %";
}

}  // namespace

std::string money(const Json& amount) {
  return amount.at("text").get<std::string>();
}

std::string number(const Json& value) {
  return value.dump();
}

std::string name(const Json& value) {
  return printable(value.get<std::string>(), 120);
}

std::string printed(const Json& value) {
  return printable(value.get<std::string>(), 4096);
}

std::string time(const Json& at_ms) {
  return format_utc(at_ms.get<std::int64_t>());
}

std::string entries(const Json& rows) {
  TextTable table({{"record", Align::right},
                   {"time"},
                   {"kind"},
                   {"amount", Align::right},
                   {"balance", Align::right},
                   {"reference", Align::left, 40}});
  for (const Json& row : rows)
    table.row({number(row.at("index")), time(row.at("at_ms")), printed(row.at("kind")),
               money(row.at("amount")), money(row.at("balance")), name(row.at("reference"))});
  return table.text();
}

std::string booked(const Json& document) {
  const std::string amount = money(document.at("amount"));
  const std::string balance = money(document.at("balance_after"));
  const bool adjusted = document.contains("reason");
  const bool out = !adjusted && document.value("withdrawn", false);
  const std::string what = adjusted ? "correction" : out ? "withdrawal" : "deposit";
  if (document.at("repeated").get<bool>())
    return "This " + what + " of " + amount + (out ? " from " : " to ") + who(document) +
           " was made before; its balance was " + balance + " then" + record(document) +
           ". Nothing was changed.\n";
  const std::string done = adjusted ? "Corrected " + who(document) + " by " + amount
                           : out    ? "Withdrew " + amount + " from " + who(document)
                                    : "Deposited " + amount + " to " + who(document);
  return done + ". Balance: " + balance + record(document) + ".\n";
}

std::string state(const Json& document) {
  const std::string begin =
      "The wallet of " + who(document) + " is " + printed(document.at("state"));
  if (document.at("repeated").get<bool>()) return begin + " already" + record(document) + ".\n";
  return begin + " now" + record(document) + ".\n";
}

std::string limits(const Json& document) {
  const std::string owner = document.value("name", "");
  std::string out = "Limits of " + (owner.empty() ? printed(document.at("home")) : name(owner)) +
                    (document.contains("journal_index") ? record(document) : "") + "\n";
  TextTable table({{"currency"},
                   {"per purchase", Align::right},
                   {"per day", Align::right},
                   {"spent today", Align::right},
                   {"per month", Align::right},
                   {"spent this month", Align::right}});
  for (const Json& row : document.at("limits"))
    table.row({printed(row.at("currency")), limit(row.at("per_purchase")), limit(row.at("per_day")),
               money(row.at("spent_today")), limit(row.at("per_month")),
               money(row.at("spent_this_month"))});
  return out + table.text();
}

std::string fees(const Json& document) {
  std::string out = "Of offers that are registered from now on";
  out += (document.contains("journal_index") ? record(document) : "") + ":\n";
  TextTable table({{"currency"}, {"of the price", Align::right}, {"and", Align::right}});
  for (const Json& row : document.at("fees"))
    table.row(
        {printed(row.at("currency")), percent(row.at("basis_points")), money(row.at("fixed"))});
  return out + table.text();
}

std::string payments(const Json& document) {
  if (document.at("payments").empty()) return "No such events.\n";
  TextTable table({{"time"},
                   {"provider", Align::left, 20},
                   {"event", Align::left, 40},
                   {"state"},
                   {"home", Align::left, 24},
                   {"amount", Align::right},
                   {"why"}});
  for (const Json& row : document.at("payments"))
    table.row({time(row.at("at_ms")), name(row.at("provider")), name(row.at("event")),
               printed(row.at("state")), name(row.value("name", "")),
               row.contains("amount") ? money(row.at("amount")) : "", printed(row.at("why"))});
  return table.text() + (document.at("more").get<bool>() ? "There are more.\n" : "");
}

std::string payment_retried(const Json& document) {
  return "The event is credited. Balance: " + money(document.at("balance_after")) +
         record(document) + ".\n";
}

std::string backup(const Json& document) {
  std::string out = "Backup of " + number(document.at("records")) + " records in " +
                    printed(document.at("dir")) + ", audited: its books agree.\nRoot " +
                    printed(document.at("root")) + "\n";
  if (document.contains("keys_to"))
    return out + "The keys are in " + printed(document.at("keys_to")) +
           ". Keep them apart from the books, on something that nobody else can read.\n";
  return out +
         "Keys are not in it: they do not change but by `keys rotate`; copy them with --keys-to.\n";
}

std::string restored(const Json& document) {
  std::string out = "Restored " + number(document.at("records")) + " records, as of " +
                    time(document.at("made_ms")) + ", to " + printed(document.at("dir")) +
                    "; audited: its books agree.\n";
  if (!document.at("keys").get<bool>())
    out += "Its keys are not there yet: put the directory with them to " +
           printed(document.at("dir")) + "/keys (0700).\n";
  return out +
         "What happened after the backup is not in these books. Start it once with "
         "`hearth-ledgerd --accept-restored`; homes that saw later records raise an alarm.\n";
}

std::string keys(const Json& document) {
  std::string out = "Signing key   " + printed(document.at("ledger")) + "\nVerifier      " +
                    printed(document.at("verifier")) + "\nEscrow key    " +
                    printed(document.at("escrow")) + "\nTLS pin       " +
                    printed(document.at("tls_pin")) + "\n\nEpochs of the vouchers' key\n";
  TextTable table({{"epoch", Align::right}, {"from"}, {""}, {"key"}});
  for (const Json& row : document.at("epochs"))
    table.row({number(row.at("epoch")), time(row.at("from_ms")),
               row.at("current").get<bool>() ? "current" : "", printed(row.at("poprf_key"))});
  return out + table.text();
}

std::string rotated(const Json& document) {
  return "Epoch " + number(document.at("epoch")) + " has begun at " + time(document.at("from_ms")) +
         record(document) + ". Vouchers of the epochs before stay good.\n";
}

std::string checkpoint(const Json& document) {
  return document.at("note").get<std::string>();
}

std::string verified(const Json& document) {
  const std::string what = document.at("what").get<std::string>();
  if (what == "receipt")
    return "A receipt of this ledger over " + money(document.at("paid")) + "; record " +
           number(document.at("index")) + " of the journal is this purchase.\n";
  const std::string history = "the journal begins with its " + number(document.at("size")) +
                              " records, root " + printed(document.at("root")) + "\n";
  if (what == "proof")
    return "A proof of record " + number(document.at("index")) + ": signed by this ledger, and " +
           history;
  return "A checkpoint of this ledger: " + history;
}

std::string operators(const Json& document) {
  if (document.at("operators").empty())
    return "No operators: only the command line at the ledger itself works on it.\n";
  TextTable table({{"name"}, {"role"}, {"since"}, {"key"}});
  for (const Json& row : document.at("operators"))
    table.row({name(row.at("name")), printed(row.at("role")), time(row.at("added_ms")),
               printed(row.at("key"))});
  return table.text();
}

std::string operator_added(const Json& document) {
  const bool repeated = document.at("repeated").get<bool>();
  return name(document.at("name")) +
         (repeated ? " was an operator already" : " is an operator now") + ", as " +
         printed(document.at("role")) + ".\n";
}

std::string directory(const Json& document) {
  if (document.at("directory").empty()) return "No home is in the directory.\n";
  TextTable table({{"entry"}, {"home"}, {"address"}});
  for (const Json& row : document.at("directory"))
    table.row({printed(row.at("entry")), name(row.at("name")), printed(row.at("home"))});
  return table.text() + (document.at("more").get<bool>() ? "There are more.\n" : "");
}

std::string directory_removed(const Json& document) {
  return printed(document.at("entry")) + " is free again; " + name(document.at("name")) + " (" +
         printed(document.at("home")) + ") held it.\n";
}

std::string operator_removed(const Json& document) {
  return name(document.at("name")) + " is no operator any more.\n";
}

}  // namespace hearth::ledger::text
