// The PIN of a home's grown-ups: its hash, and the count of wrong tries. Five wrong ones, and
// nobody may try for fifteen minutes, whatever is restarted: a try counts as wrong from before it
// is checked until it was right.
//
// Pure, but for the hash itself (common/crypto/password.h: slow; call it on a pool).
#pragma once

#include <optional>
#include <string>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/error.h"

namespace hearth::node {

inline constexpr std::size_t max_pin_text = 64;  ///< of what claims to be a PIN
inline constexpr int max_wrong_tries = 5;
inline constexpr std::int64_t pin_pause_ms = 15 * 60 * 1000;

struct PinState {
  std::string hash;  ///< of the PIN; empty: no PIN
  int wrong = 0;
  UtcMs pause_until_ms = 0;
  bool operator==(const PinState&) const = default;
};

/// 4 to 12 digits. Code::usage.
Result<void> check_pin(const std::string& pin);
Result<std::string> hash_pin(const std::string& pin);

/// To be stored before the PIN is looked at; nullopt: nobody may try now.
std::optional<PinState> begin_try(PinState state, UtcMs now);
PinState after_right(PinState state);
std::string pause_sentence(const PinState& state, UtcMs now);
/// What to say after a wrong one.
std::string wrong_sentence(const PinState& state);

Bytes encode(const PinState& state);
std::optional<PinState> decode_pin(ByteView stored);

}  // namespace hearth::node
