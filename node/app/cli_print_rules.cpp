#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

std::string bytes_or_any(const Json& d, const char* field) {
  return number(d, field) == 0 ? "any" : size_text(number(d, field));
}

std::string who(const Json& d) {
  const std::string push = text(d, "push");
  if (push == "nobody") return "nobody may give";
  return push == "contacts" ? "contacts may give" : "anyone with a card may give";
}

std::string what_then(const Json& d) {
  return text(d, "reception") == "accept" ? "accepted by itself" : "a person is asked";
}

std::string kinds(const Json& d) {
  std::string out;
  for (const auto& kind : d.value("kinds", Json::array()))
    out += (out.empty() ? "" : ", ") + kind.get<std::string>();
  return out;
}

std::string age(const Json& from) {
  const std::uint64_t years = number(from, "max_age");
  return years >= 21 ? "any" : "up to " + std::to_string(years);
}

std::string spending(const Json& one) {
  std::string out;
  const auto add = [&](const char* field, const char* words) {
    if (!one.contains(field)) return;
    out += (out.empty() ? "" : ", ") + text(one, field) + words;
  };
  add("purchase", " at once");
  add("day", " a day");
  add("month", " a month");
  return out + " (" + text(one, "spent_day") + " today, " + text(one, "spent_month") +
         " this month)";
}

std::string profiles(const Json& d) {
  std::string out;
  for (const auto& one : d.value("profiles", Json::array())) {
    out += (out.empty() ? "" : "; ") + text(one, "name") + ": ages " + age(one);
    if (yes(one, "used")) out += ", in use";
  }
  return out.empty() ? "none" : out;
}

std::string rules_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"RULE", "VALUE", "MEANS"}};
  rows.push_back({"push", text(d, "push"), who(d)});
  rows.push_back({"reception", text(d, "reception"), "contacts' gifts: " + what_then(d)});
  rows.push_back({"kinds", kinds(d), "may come"});
  rows.push_back({"max-size", bytes_or_any(d, "max_size"), "of one title"});
  rows.push_back({"month-quota", bytes_or_any(d, "month_quota"), "received in a month"});
  rows.push_back({"max-age", age(d), "rating of what may come"});
  rows.push_back({"hours", text(d, "hours"), "when gifts are let in"});
  rows.push_back({"out-of-hours", text(d, "out_of_hours"),
                  text(d, "out_of_hours") == "wait" ? "they wait in silence" : "they are refused"});
  rows.push_back({"share-played", yes(d, "share_played") ? "yes" : "no",
                  "givers are told that their gift was played"});
  const Json limits = d.value("spending", Json::array());
  for (const auto& one : limits) rows.push_back({"spend", spending(one), "more needs the PIN"});
  if (limits.empty()) rows.push_back({"spend", "any", "no spending limit"});
  rows.push_back({"profiles", profiles(d), ""});
  rows.push_back({"PIN", yes(d, "pin") ? "set" : "none",
                  yes(d, "pin") ? "asked for to change these" : "anybody may change these"});
  return table(rows, "");
}

std::string profiles_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"PROFILE", "AGES", "IN USE"}};
  for (const auto& one : d.value("profiles", Json::array()))
    rows.push_back({text(one, "name"), age(one), yes(one, "used") ? "yes" : ""});
  return table(rows, "No profiles: everything is shown.");
}

std::string pin_story(const Json& d) {
  return yes(d, "pin") ? "The PIN is set.\n" : "There is no PIN any more.\n";
}

}  // namespace

void add_rule_stories(Stories& stories) {
  stories.insert({{"rules-show", rules_story},
                  {"rules-set", rules_story},
                  {"profile-add", profiles_story},
                  {"profile-list", profiles_story},
                  {"profile-use", profiles_story},
                  {"profile-remove", profiles_story},
                  {"pin-set", pin_story},
                  {"pin-clear", pin_story}});
}

}  // namespace hearth::node
