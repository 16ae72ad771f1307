#include "node/app/cli_words.h"

namespace hearth::node {

void declare_contacts(CLI::App& app, Order& order, std::string&) {
  CLI::App& contacts = group(app, "contacts", "other homes");
  Command(contacts, order, "card", "contacts-card", "this home's card, to give to others");
  Command(contacts, order, "add", "contacts-add", "add a home by its card")
      .word("card", "card", "hearth:card?d=…")
      .word("as", "--as", "the name by which to call it here", false);
  Command(contacts, order, "list", "contacts-list", "homes that this home knows");
}

}  // namespace hearth::node
