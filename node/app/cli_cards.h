// What `hearth` does by itself with gift cards: drawing the file to print.
#pragma once

#include "common/base/error.h"
#include "common/wire/json.h"

namespace hearth::node {

/// Draws the card of `gift-card`'s document into a .pdf or .png; `file` empty: nothing is drawn.
/// Takes the poster out of the document, and puts the file's name in.
Result<void> print_card(wire::Json& document, const std::string& file);
/// Code::usage when `file` has another ending: asked before anything is bought.
Result<void> check_card_file(const std::string& file);

}  // namespace hearth::node
