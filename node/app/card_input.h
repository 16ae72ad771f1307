// What a person gives where a card is asked for (a contact's, a gift card, a ledger's): its text, a
// file that holds the text, or a picture of its QR code. In the command line's own process: no
// daemon opens such a file.
#pragma once

#include <string>

#include "common/base/error.h"
#include "node/app/cli.h"

namespace hearth::node {

/// The card's text for `word`; empty and "-" read standard input. `nothing` ends each sentence:
/// "Nothing was added.". A word that is no file is returned as it is: whoever parses it judges.
/// Code::not_found, Code::too_large, Code::bad_card (no code, several codes, no text),
/// Code::unsupported_media.
Result<std::string> card_input(const std::string& word, const std::string& nothing);

/// Puts the text in place of the file, in the orders that take a card.
Result<void> read_card_argument(Order& order);

}  // namespace hearth::node
