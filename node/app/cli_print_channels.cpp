#include <ctime>

#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

/// "Fri 20:15", in this machine's zone.
std::string clock_text(const Json& from, const char* field) {
  const auto at = static_cast<std::time_t>(number(from, field) / 1000);
  std::tm parts{};
  if (localtime_r(&at, &parts) == nullptr) return {};
  char out[32];
  std::strftime(out, sizeof out, "%a %d %b %H:%M", &parts);
  return out;
}

std::string shown_as(const Json& programme) {
  const std::string kind = text(programme, "kind");
  if (kind == "dead_air") return "(nothing)";
  std::string out = text(programme, "name");
  if (out.empty()) out = "(" + kind + ")";
  if (programme.contains("shown") && !yes(programme, "shown"))
    out += " (" + text(programme, "availability") + ": fallback)";
  return out;
}

std::string channels_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"NUMBER", "NAME", "ON NOW", "ITEMS", "VERSION"}};
  for (const auto& one : d.value("channels", Json::array())) {
    const Json on = one.value("on", Json());
    rows.push_back({text(one, "number"), text(one, "name"), on.is_object() ? shown_as(on) : "",
                    text(one, "items"), text(one, "version")});
  }
  return table(rows, "No channels; make one with hearth channel create 1 \"Evening\".");
}

std::string warnings_of(const Json& d) {
  std::string out;
  for (const auto& one : d.value("troubles", Json::array())) out += text(one, "sentence") + "\n";
  for (const auto& one : d.value("warnings", Json::array())) out += text(one, "sentence") + "\n";
  return out;
}

std::string head_of(const Json& d) {
  return text(d, "number") + "  " + text(d, "name") + ", version " + text(d, "version") + "\n";
}

std::string lists_of(const Json& document) {
  std::string out;
  for (const auto& list : document.value("lists", Json::array())) {
    out += "\nlist " + text(list, "id") + " (" + text(list, "order") + ")\n";
    std::vector<std::vector<std::string>> rows{{"ITEM", "NAME", "KIND", "LENGTH"}};
    for (const auto& item : list.value("items", Json::array()))
      rows.push_back({text(item, "id"), text(item, "name"), text(item, "kind"),
                      duration_text(number(item, "length_ms"))});
    out += table(rows, "  empty; hearth channel add puts something in.");
  }
  return out;
}

std::string slots_of(const Json& document) {
  std::vector<std::vector<std::string>> rows{{"SLOT", "LIST", "AT", "DAYS", "TAKES"}};
  for (const auto& slot : document.value("slots", Json::array())) {
    std::string days = text(slot, "rule");
    if (slot.contains("at") && days.empty()) days = text(slot, "first");
    std::string takes = text(slot, "take");
    if (slot.contains("count")) takes = text(slot, "count");
    if (slot.contains("duration_ms")) takes = duration_text(number(slot, "duration_ms"));
    rows.push_back({text(slot, "id"),
                    text(slot, "list") + (slot.contains("linked")
                                              ? text(slot, "link") + " " + text(slot, "linked")
                                              : std::string()),
                    slot.contains("at") ? text(slot, "at") : "in turn", days, takes});
  }
  for (const auto& filler : document.value("fillers", Json::array()))
    rows.push_back({text(filler, "id"), text(filler, "list"), text(filler, "place"), "",
                    text(filler, "amount")});
  return "\n" + table(rows, "No slots; hearth channel schedule makes them.");
}

std::string channel_story(const Json& d) {
  std::string out = head_of(d);
  const Json on = d.value("on", Json());
  if (on.is_object()) out += "on now  " + shown_as(on) + "\n";
  if (d.contains("from")) {
    const Json& from = d.at("from");
    out += "of " + text(from, "contact") + ", who alone changes it; " + text(from, "withheld") +
           " titles stay there, " + text(from, "not_taken") + " you did not take\n";
  }
  if (d.contains("document")) out += slots_of(d.at("document")) + lists_of(d.at("document"));
  if (d.contains("budget"))
    out += "budget  " + text(d.at("budget"), "spent_month") + " of " +
           text(d.at("budget"), "month") + " spent this month, at most " +
           text(d.at("budget"), "title") + " a title\n";
  for (const auto& one : d.value("left_out", Json::array()))
    if (one.is_string()) out += one.get<std::string>() + "\n";
  return out + warnings_of(d);
}

std::string check_story(const Json& d) {
  const std::string warnings = warnings_of(d);
  return channel_story(d) + (warnings.empty() ? "Nothing is wrong with it.\n" : "");
}

std::string programmes_table(const Json& programmes, const std::string& empty) {
  std::vector<std::vector<std::string>> rows{{"FROM", "TO", "PROGRAMME"}};
  for (const auto& one : programmes)
    rows.push_back({clock_text(one, "start_ms"), clock_text(one, "end_ms"), shown_as(one)});
  return table(rows, empty);
}

std::string edited_story(const Json& d) {
  std::string out = head_of(d);
  if (yes(d, "dry_run")) out = "This would be " + out + "Nothing was changed.\n";
  const Json gone = d.value("gone", Json::array()), fresh = d.value("fresh", Json::array());
  if (!gone.empty()) out += "\nno longer on:\n" + programmes_table(gone, "");
  if (!fresh.empty()) out += "\non instead:\n" + programmes_table(fresh, "");
  return out + warnings_of(d);
}

std::string guide_story(const Json& d) {
  std::string out;
  for (const auto& row : d.value("rows", Json::array())) {
    out += (out.empty() ? "" : "\n") + text(row, "number") + "  " + text(row, "name") + "\n";
    out += programmes_table(row.value("programmes", Json::array()), "Nothing is on.");
  }
  return out.empty() ? "No channels; make one with hearth channel create 1 \"Evening\".\n" : out;
}

std::string versions_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"VERSION", "FROM", "CHANGE"}};
  for (const auto& one : d.value("versions", Json::array()))
    rows.push_back({text(one, "version"), clock_text(one, "from_ms"), text(one, "what")});
  return table(rows, "No versions.");
}

std::string deleted_story(const Json& d) {
  return "Channel " + text(d, "number") + " " + text(d, "name") +
         " is deleted. Its titles are still in the library.\n";
}

std::string exported_story(const Json& d) {
  if (d.contains("file")) return "Saved " + text(d, "file") + ".\n";
  return d.value("text", std::string()) + "\n";
}

}  // namespace

void add_channel_stories(Stories& stories) {
  for (const char* name :
       {"set", "add", "schedule", "fill", "move", "remove", "repeat", "skip", "edit", "undo"})
    stories.insert({std::string("channel-") + name, edited_story});
  stories.insert({{"channel-create", channel_story},
                  {"channel-list", channels_story},
                  {"channel-show", channel_story},
                  {"channel-check", check_story},
                  {"channel-versions", versions_story},
                  {"channel-delete", deleted_story},
                  {"channel-export", exported_story},
                  {"channel-import", channel_story},
                  {"channel-accept", channel_story},
                  {"guide", guide_story}});
}

}  // namespace hearth::node
