// The TV on the session's D-Bus, as desktop remotes, headphones' buttons and phones' companions
// know players: org.mpris.MediaPlayer2 (MPRIS 2.2). Keys only; what a key does is TvSet's business.
// Debian's libsystemd (sd-bus). Where there is no session bus, there is none of it.
//
// Threads: the loop's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/link/keys.h"

namespace hearth::player {

struct MprisView {
  std::string status = "Stopped";  ///< Playing, Paused, Stopped
  std::string title, id;           ///< of what is shown
  std::int64_t length_ms = 0, position_ms = 0;
  double volume = 1;  ///< 0..1
};

class Mpris {
 public:
  struct Listener {
    std::function<void(link::Key)> press;
    std::function<void(double)> volume;
  };
  /// nullptr: no session bus.
  static std::unique_ptr<Mpris> connect(Listener listener);
  virtual ~Mpris() = default;
  virtual int fd() const = 0;
  virtual short events() const = 0;  ///< what to poll for
  virtual void process() = 0;
  /// Told to the bus when it changed.
  virtual void show(const MprisView& view) = 0;
};

}  // namespace hearth::player
