// The television's remote control over HDMI-CEC, through libcec: a Pulse-Eight adapter at USB or a
// kernel's /dev/cec. Keys only; what a key does is TvSet's business. Opening one asks the
// television this and that and takes seconds, so a thread of its own does it. docs/decisions/0062.
//
// Threads: start(), fd(), take() and the destructor are the loop's; libcec's threads only put keys
// into the inbox and wake the loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/link/keys.h"

namespace hearth::player {

class Cec {
 public:
  /// `port`: a serial device or /dev/cecN; empty: the first adapter that is there. Never fails:
  /// what is not there is said in the log, once.
  static std::unique_ptr<Cec> start(const std::string& port);
  /// Leaves the television's bus, if that is done within two seconds.
  ~Cec();
  Cec(const Cec&) = delete;
  Cec& operator=(const Cec&) = delete;

  int fd() const;  ///< readable when keys were pressed
  std::vector<link::Key> take();
  /// Where the adapter is, or why there is none; waits until that is known.
  Result<std::string> opened(int timeout_ms) const;

 private:
  struct Bus;
  explicit Cec(std::shared_ptr<Bus> bus) : bus_(std::move(bus)) {}
  std::shared_ptr<Bus> bus_;
};

}  // namespace hearth::player
