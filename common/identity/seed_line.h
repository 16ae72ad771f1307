// A wallet seed as one line of text, to be kept on paper: everything of a home comes back from it
// and the ledger's card. docs/protocol.md §2. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/crypto/secret.h"

namespace hearth::identity {

/// "hearthseed1…", one word.
std::string seed_line(const crypto::Seed& seed);
/// Either case, blanks anywhere. Code::bad_seed_line tells a typing error from a missing end.
Result<crypto::Seed> parse_seed_line(std::string_view text);

}  // namespace hearth::identity
