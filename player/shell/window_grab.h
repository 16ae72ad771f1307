// The picture of our own window, asked from the X server: vo=x11 gives none itself.
#pragma once

#include "player/shell/mpv_box.h"

namespace hearth::player {

/// Code::unsupported_media without an X display or window.
Result<Pixels> grab_own_window();

}  // namespace hearth::player
