#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

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

}  // namespace

void add_contact_stories(Stories& stories) {
  stories.insert({
      {"contacts-card", card_story},
      {"contacts-add", contacts_story},
      {"contacts-list", contacts_story},
  });
}

}  // namespace hearth::node
