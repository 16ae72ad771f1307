// The player's loop: one thread that polls the node's connection, mpv's wakeups and the
// documents' news, feeds them to Show (the mind) and carries out what it asks for.
#pragma once

#include <memory>

#include "common/base/error.h"
#include "player/shell/mpv_box.h"

namespace hearth::player {

/// Until the node orders to quit, SIGTERM or SIGINT arrives, or mpv ends.
/// `cec`: "auto", "off", or the port of an HDMI-CEC adapter.
Result<void> run_tv(MpvOptions options, const std::string& cec);

}  // namespace hearth::player
