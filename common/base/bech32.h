// Bech32 (BIP 173, checksum constant 1) without its 90-character limit, as age uses it.
// Home addresses (prefix "home") and age keys ("age", "AGE-SECRET-KEY-") are written in it.
#pragma once

#include <string>
#include <string_view>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::bech32 {

struct Decoded {
  std::string prefix;  ///< lower case
  Bytes data;          ///< 8-bit groups
};

std::string encode(std::string_view prefix, ByteView data);
/// At most 1,000 characters, all of one case. Code::usage with a sentence that says what is wrong
/// (mixed case, bad character, checksum) otherwise.
Result<Decoded> decode(std::string_view text);

}  // namespace hearth::bech32
