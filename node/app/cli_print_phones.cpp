#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

std::string pair_story(const Json& d) {
  std::string out = qr_story(text(d, "url")) + "\nScan this with a phone, or open " +
                    text(d, "url").substr(0, text(d, "url").find('#')) + " and type\n\n    " +
                    text(d, "code") + "\n\n";
  out += "It is paired as " + text(d, "as");
  if (d.contains("profile")) out += " with the profile " + text(d, "profile");
  return out + ". This is open for " + duration_text(number(d, "left_ms")) +
         " and for one phone; whoever has the code has the home's page.\n";
}

std::string closed_story(const Json& d) {
  return yes(d, "closed") ? "No phone can be paired any more.\n" : "No pairing was open.\n";
}

std::string phones_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"PHONE", "NAME", "ROLE", "PROFILE", "USED"}};
  for (const auto& one : d.value("phones", Json::array())) {
    rows.push_back({text(one, "phone"), text(one, "name"), text(one, "role"), text(one, "profile"),
                    day_and_time(one, "used_ms")});
  }
  return table(rows, "No phone is paired; hearth pair pairs one.");
}

std::string renamed_story(const Json& d) {
  return text(d, "phone") + " is called " + text(d, "name") + " now.\n";
}

std::string removed_story(const Json& d) {
  return text(d, "name") + " is no longer paired; its pages are closed.\n";
}

}  // namespace

void add_phone_stories(Stories& stories) {
  stories.insert({{"pair-open", pair_story},
                  {"pair-close", closed_story},
                  {"phones-list", phones_story},
                  {"phones-rename", renamed_story},
                  {"phones-remove", removed_story}});
}

}  // namespace hearth::node
