#include "node/app/cli_words.h"

namespace hearth::node {

void declare_gifts(CLI::App& app, Order& order, std::string&) {
  CLI::App& gift = group(app, "gift", "give and receive");
  Command(gift, order, "send", "gift-send", "give a title; buys it when no voucher is held")
      .word("what", "what", "offer or own private title: id, beginning of it, or name")
      .word("to", "--to", "a contact's name")
      .word("note", "--note", "a few words", false)
      .number("pocket", "--pocket", "the pocket that pays, 1 to 99; else the main wallet");
  Command(gift, order, "list", "gift-list", "sent and received gifts");
  Command(gift, order, "accept", "gift-accept", "accept a gift and fetch it")
      .word("id", "id", "the gift's id, or the beginning of it");
  Command(gift, order, "decline", "gift-decline", "decline a gift; its voucher goes back")
      .word("id", "id", "the gift's id, or the beginning of it")
      .word("reason", "--reason", "a few words for the giver", false);
}

}  // namespace hearth::node
