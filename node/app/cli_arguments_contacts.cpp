#include <fstream>

#include "node/app/cli_words.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_card_file = 8 * 1024;

bool is_address(const std::string& word) {
  return word.starts_with("ip:") || word.starts_with("mac:") || word.starts_with("esn:");
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// The card itself: a link, an address of the directory, or the file that holds a card.
std::string card_of(const std::string& word, std::string& problem) {
  const std::string text = trimmed(word);
  std::error_code ignored;
  if (text.starts_with("hearth:") || is_address(text)) return text;
  if (!std::filesystem::is_regular_file(text, ignored)) return text;
  std::ifstream file(text, std::ios::binary);
  std::string content(max_card_file + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.size() > max_card_file) problem = text + " is too large for a card.";
  return trimmed(content);
}

Command named(CLI::App& contacts, Order& order, const char* word, const char* api_name,
              const char* help) {
  Command made(contacts, order, word, api_name, help);
  made.word("name", "name", "the contact's name, or its home address");
  return made;
}

void declare_directory(CLI::App& app, Order& order) {
  CLI::App& directory = group(app, "directory", "be found by a device's address, or not");
  Command publish(directory, order, "publish", "directory-publish",
                  "let other homes find this one");
  publish.app()
      ->add_option_function<std::vector<std::string>>(
          "addresses",
          [&order](const std::vector<std::string>& all) {
            wire::Json entries = wire::Json::array();
            for (const auto& one : all) entries.push_back(one);
            order.arguments["entries"] = std::move(entries);
          },
          "ip:… (the one from which the ledger sees this home), mac:… or esn:…; all that are to "
          "be there")
      ->required();
  Command(directory, order, "show", "directory-show", "what this home has published");
  Command(directory, order, "clear", "directory-clear", "no longer be found");
}

}  // namespace

void declare_contacts(CLI::App& app, Order& order, std::string& problem) {
  CLI::App& contacts = group(app, "contacts", "other homes");
  Command card(contacts, order, "card", "contacts-card", "this home's card, to give to others");
  card.flag("fresh", "--fresh", "a new one; those that were given out and not used are void");
  card.app()->add_option("--qr", order.file, "save it as a QR code, a PNG file");
  Command add(contacts, order, "add", "contacts-add", "ask a home to be a contact");
  add.app()
      ->add_option_function<std::string>(
          "card",
          [&order, &problem](const std::string& word) {
            order.arguments["card"] = card_of(word, problem);
          },
          "hearth:card?d=…, a file that holds it, or ip:… mac:… esn:… of the directory")
      ->required();
  add.word("as", "--as", "the name by which to call it here", false)
      .word("note", "--note", "a few words for its people, who decide", false)
      .flag("accept_change", "--accept-change", "the address belongs to another home now: take it");
  Command(contacts, order, "list", "contacts-list", "homes that this home knows");
  named(contacts, order, "accept", "contacts-accept", "say yes to a home that asks")
      .word("as", "--as", "the name by which to call it here", false);
  named(contacts, order, "decline", "contacts-decline", "say no to a home that asks");
  named(contacts, order, "rename", "contacts-rename", "call a home by another name")
      .word("as", "new-name", "the name from now on");
  named(contacts, order, "mute", "contacts-mute", "its gifts arrive in silence");
  named(contacts, order, "unmute", "contacts-unmute", "its gifts are shown on the TV again");
  named(contacts, order, "reception", "contacts-reception", "ask, or accept its gifts by rule")
      .word("reception", "what", "ask, accept, or home for what rules show says");
  named(contacts, order, "block", "contacts-block", "nothing of this home arrives any more");
  named(contacts, order, "unblock", "contacts-unblock", "a blocked home is as it was before");
  named(contacts, order, "remove", "contacts-remove", "no longer a contact; it is told");
  declare_directory(app, order);
}

}  // namespace hearth::node
