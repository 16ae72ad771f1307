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

/// Options of one file, for loadfile: where it begins, what is beside it (a URL, or empty). A
/// picture has no sound of its own.
std::string media_options(wire::Kind kind, std::int64_t start_ms, const std::string& beside);
/// Sound as dancing bars in ember, on the ground's colour: a graph as lavfi-complex takes it.
std::string visualisation(int track, int width, int height);

}  // namespace hearth::player
