// Keys that begin with 0x00 belong to the store itself: callers can neither write nor see them.
#pragma once

#include <array>

#include "common/base/bytes.h"

namespace hearth::store {

inline bool is_reserved(ByteView key) {
  return !key.empty() && key[0] == 0x00;
}

/// The smallest key that callers can use.
inline constexpr std::array<std::uint8_t, 1> first_user_key{0x01};

/// Where the highest claimed writer epoch is kept: u8 format version 1, u64 big-endian.
inline constexpr std::array<std::uint8_t, 6> epoch_key{0x00, 'e', 'p', 'o', 'c', 'h'};

/// Followed by a kind of keys: all of them lie in a family of their own (rocksdb_database.h).
inline constexpr std::array<std::uint8_t, 6> gathered_key{0x00, 'a', 'p', 'a', 'r', 't'};
inline constexpr std::array<std::uint8_t, 1> gathered_note{1};

inline constexpr const char* fenced_sentence =
    "Another writer has taken over this store; nothing of this change was kept. Stop this program "
    "and use the one that took over.";

}  // namespace hearth::store
