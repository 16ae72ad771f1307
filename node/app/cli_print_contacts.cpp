#include <sstream>

#include "common/base/names.h"
#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

std::string card_story(const Json& d) {
  const std::string card = text(d, "card") + "\n";
  return text(d, "file").empty() ? card : card + "Saved as " + text(d, "file") + ".\n";
}

std::string state_words(const Json& one) {
  const std::string state = text(one, "state");
  std::string words = "contact";
  if (state == "invited") words = "asked, no answer yet";
  if (state == "asked") words = "asks to be a contact";
  if (state == "blocked") words = "blocked";
  if (state == "gone") words = "has removed this home";
  if (yes(one, "muted")) words += ", muted";
  if (text(one, "reception") == "accept") words += ", accepted by itself";
  if (text(one, "reception") == "ask") words += ", a person is asked";
  return words;
}

/// "Lena writes: …", further lines indented.
std::string note_of(const Json& contact) {
  std::string out = text(contact, "name") + " writes:";
  std::istringstream in(contact.value("note", std::string()));
  for (std::string line; std::getline(in, line);) out += " " + printable(line, 4096) + "\n ";
  return out.substr(0, out.size() - 1);
}

std::string contacts_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"NAME", "STATE", "HOME"}};
  std::string notes;
  for (const auto& one : d.value("contacts", Json::array())) {
    rows.push_back({text(one, "name"), state_words(one), text(one, "home")});
    if (text(one, "state") == "asked") {
      if (one.contains("note")) notes += note_of(one);
      notes += "Is " + text(one, "name") + " who you think? hearth contacts accept or decline.\n";
    }
    if (!text(one, "problem").empty())
      notes += text(one, "name") + ": " + text(one, "problem") + "\n";
  }
  return table(rows, "No contacts; add one with hearth contacts add CARD.") + notes;
}

std::string removed_story(const Json& d) {
  return text(d, "name") + " is no contact any more.\n";
}

std::string directory_story(const Json& d) {
  std::string out;
  for (const auto& one : d.value("entries", Json::array())) out += text(one, "address") + "\n";
  if (out.empty()) return "This home is not in the directory.\n";
  return "This home can be found as\n" + out;
}

}  // namespace

void add_contact_stories(Stories& stories) {
  stories.insert({{"contacts-card", card_story},
                  {"contacts-add", contacts_story},
                  {"contacts-list", contacts_story},
                  {"contacts-accept", contacts_story},
                  {"contacts-decline", removed_story},
                  {"contacts-remove", removed_story},
                  {"contacts-rename", contacts_story},
                  {"contacts-mute", contacts_story},
                  {"contacts-unmute", contacts_story},
                  {"contacts-reception", contacts_story},
                  {"contacts-block", contacts_story},
                  {"contacts-unblock", contacts_story},
                  {"directory-publish", directory_story},
                  {"directory-show", directory_story},
                  {"directory-clear", directory_story}});
}

}  // namespace hearth::node
