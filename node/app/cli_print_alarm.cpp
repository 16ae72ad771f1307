#include "common/base/names.h"
#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

/// A signed note or a proof as it is, each line indented.
std::string evidence(const Json& from, const char* field) {
  const std::string whole = from.value(field, "");
  std::string out;
  for (std::string_view rest = whole; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out += "    " + printable(rest.substr(0, end), 4096) + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out.empty() ? "    (nothing)\n" : out;
}

std::string journal(const Json& d) {
  const Json& now = d.at("now");
  return text(now, "size") + " records, root " + text(now, "root").substr(0, 16) + "…";
}

std::string accepted_before(const Json& d) {
  const Json list = d.value("accepted", Json::array());
  if (list.empty()) return {};
  std::string out = "\nAccepted before, with the evidence in --json:\n";
  for (const Json& one : list) {
    out += "  " + day_and_time(one, "at_ms") + "  " +
           text(one.value("alarm", Json::object()), "sentence") + "\n";
  }
  return out;
}

std::string alarm_story(const Json& d) {
  const Json alarm = d.value("alarm", Json());
  if (!alarm.is_object())
    return "No alarm: what the ledger shows is one history.\n" + accepted_before(d);
  std::string out = text(alarm, "sentence") + "\n\n  since " + day_and_time(alarm, "since_ms") +
                    "\n  signed before:\n" + evidence(alarm, "before") + "  shown instead:\n" +
                    evidence(alarm, "shown");
  out += "  the ledger's journal now: " +
         (d.contains("now") ? journal(d) : std::string("the ledger does not answer")) + "\n\n";
  out +=
      "hearth wallet alarm accept goes on with what the ledger shows now. What it booked after "
      "the\n"
      "backup that was restored is missing there: deposits, purchases, vouchers, sales. Nothing\n"
      "brings them back by itself, so settle them with the operator first. The evidence and all\n"
      "receipts stay in this home.\n";
  return out + accepted_before(d);
}

std::string alarm_accepted_story(const Json& d) {
  std::string out =
      "The ledger's journal as it is now (" + journal(d) +
      ") is what this home goes on with.\nThe alarm and its evidence are kept: hearth "
      "wallet alarm.\n";
  const Json unproven = d.value("unproven", Json::array());
  if (unproven.empty()) return out;
  std::vector<std::vector<std::string>> rows{{"PURCHASE", "OFFER", "NAME"}};
  for (const Json& one : unproven)
    rows.push_back({short_text(one, "request"), short_text(one, "offer"), text(one, "name")});
  return out +
         "\nThese purchases are not proven. If the restored books do not hold them, their "
         "vouchers\n"
         "are not taken there; show the operator their receipts (hearth --json wallet history).\n" +
         table(rows, "");
}

}  // namespace

void add_alarm_stories(Stories& stories) {
  stories["wallet-alarm"] = alarm_story;
  stories["wallet-alarm-accept"] = alarm_accepted_story;
}

}  // namespace hearth::node
