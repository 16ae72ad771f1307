// Which key of a keyboard, and of a remote control that types like one, is which key of the TV. The
// names are mpv's. Pure.
#pragma once

#include <span>

#include "common/link/keys.h"

namespace hearth::player {

struct KeyBinding {
  const char* name;
  link::Key key;
};
std::span<const KeyBinding> keyboard();

}  // namespace hearth::player
