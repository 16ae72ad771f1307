// How mpv is set up before it starts; which output this machine can use.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "player/shell/mpv_box.h"

namespace hearth::player {

/// What the choice of an output depends on.
struct Machine {
  bool x11 = false, wayland = false;  ///< a display server is named in the environment
  bool render_device = false;         ///< something in /dev/dri
};
Machine this_machine();
/// The value for mpv's `vo`: a list in order of preference.
std::string choose_vo(const Machine& machine, const std::string& wanted);
std::vector<std::pair<std::string, std::string>> mpv_settings(const MpvOptions& options,
                                                              const Machine& machine);

}  // namespace hearth::player
