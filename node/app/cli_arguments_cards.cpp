#include "node/app/cli_words.h"

namespace hearth::node {

void declare_cards(CLI::App& app, Order& order, std::string&) {
  CLI::App& gift = *app.get_subcommand("gift");
  Command card(gift, order, "card", "gift-card",
               "make a gift card to print; buys when none is held");
  card.word("what", "what", "offer, voucher or card: id, beginning of it, or the offer's name")
      .word("note", "--note", "a few words", false)
      .flag("void", "--void", "take the card back, unless somebody has claimed it")
      .number("pocket", "--pocket", "the pocket that pays, 1 to 99; else the main wallet")
      .word("pin", "--pin", "the home's PIN; without it, it is asked for when it is needed", false);
  card.app()->add_option("--out", order.file, "draw it into this .pdf or .png");
  Command(gift, order, "cards", "gift-cards", "the gift cards that were made here")
      .flag("check", "--check", "ask the ledger which were claimed; it sees who asks");
  Command(gift, order, "claim", "gift-claim", "claim a gift card")
      .word("text", "text",
            "the card's text or URI, a file or a picture of its QR code; else standard input",
            false)
      .flag("keep_voucher", "--keep-voucher", "keep the voucher, to give it away later");
}

}  // namespace hearth::node
