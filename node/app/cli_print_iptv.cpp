#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

std::string channels_of(const Json& token) {
  if (!token.contains("channels")) return "all";
  std::string out;
  for (const auto& one : token.at("channels"))
    out += (out.empty() ? "" : ", ") + text(one, "number");
  return out.empty() ? "none" : out;
}

std::string created_story(const Json& d) {
  std::string out = text(d, "name") + " can watch the channels until " +
                    day_and_time(d, "until_ms") + ", with this playlist:\n\n    " + text(d, "m3u") +
                    "\n\nand this guide:\n\n    " + text(d, "xmltv") + "\n\n";
  out += "As an HDHomeRun tuner: " + text(d, "url") + "\n";
  if (d.contains("tuner")) {
    out += "From " + text(d, "address") +
           " alone; there also without the token: " + text(d, "tuner") + "\n";
  }
  return out +
         "Whoever has the address can watch, so keep it to yourself; it is not shown again.\n";
}

std::string list_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{
      {"TOKEN", "NAME", "CHANNELS", "UP TO AGE", "FROM", "UNTIL"}};
  for (const auto& one : d.value("tokens", Json::array())) {
    rows.push_back({text(one, "token"), text(one, "name"), channels_of(one),
                    one.contains("max_age") ? text(one, "max_age") : "any",
                    one.contains("address") ? text(one, "address") : "anywhere",
                    yes(one, "over") ? "over" : day_and_time(one, "until_ms")});
  }
  return table(rows, "No device or program may watch; hearth iptv create lets one.");
}

std::string revoked_story(const Json& d) {
  return text(d, "name") + " cannot watch any more.\n";
}

}  // namespace

void add_iptv_stories(Stories& stories) {
  stories.insert(
      {{"iptv-create", created_story}, {"iptv-list", list_story}, {"iptv-revoke", revoked_story}});
}

}  // namespace hearth::node
