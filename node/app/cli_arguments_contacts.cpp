#include "node/app/cli_words.h"

namespace hearth::node {
namespace {

Command named(CLI::App& contacts, Order& order, const char* word, const char* api_name,
              const char* help) {
  Command made(contacts, order, word, api_name, help);
  made.word("name", "name", "the contact's name, or its home address");
  return made;
}

CLI::Option* addresses(const Command& command, Order& order, const char* help) {
  return command.app()->add_option_function<std::vector<std::string>>(
      "addresses",
      [&order](const std::vector<std::string>& all) { order.arguments["entries"] = all; }, help);
}

void declare_directory(CLI::App& app, Order& order) {
  CLI::App& directory = group(app, "directory", "be found by a device's address, or not");
  Command publish(directory, order, "publish", "directory-publish",
                  "let other homes find this one");
  addresses(publish, order,
            "ip:… (the one from which the ledger sees this home), mac:… or esn:…; all that are to "
            "be there")
      ->required();
  Command(directory, order, "show", "directory-show", "what this home has published");
  Command clear(directory, order, "clear", "directory-clear", "no longer be found");
  addresses(clear, order, "by these; without any: by none at all");
}

}  // namespace

void declare_contacts(CLI::App& app, Order& order, std::string&) {
  CLI::App& contacts = group(app, "contacts", "other homes");
  Command card(contacts, order, "card", "contacts-card", "this home's card, to give to others");
  card.flag("fresh", "--fresh", "a new one; those that were given out and not used are void");
  card.app()->add_option("--qr", order.file, "save it as a QR code, a PNG file");
  Command add(contacts, order, "add", "contacts-add", "ask a home to be a contact");
  add.word("card", "card",
           "hearth:card?d=…, a file or a picture of its QR code, or ip:… mac:… esn:… of the "
           "directory")
      .word("as", "--as", "the name by which to call it here", false)
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
