// The television's own remote control, as HDMI-CEC says it (user control codes, HDMI 1.4b CEC
// table 30): which of our keys a code is, and which of the reports of one held key is a press.
// Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "common/link/keys.h"

namespace hearth::player {

/// nullopt: a key that is not ours, such as power.
std::optional<link::Key> key_of_cec(int code);

class CecPresses {
 public:
  /// One report: `held_ms` is 0 while the key is down, and how long it was when it is let go. A
  /// held key comes again and again, and counts again only where that makes sense.
  std::optional<link::Key> take(int code, std::uint32_t held_ms);

 private:
  int down_ = -1;
};

}  // namespace hearth::player
