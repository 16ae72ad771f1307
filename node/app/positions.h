// Where each title was stopped ("position/…"), so that `play` goes on there. Follows the TV;
// written every few seconds while something plays, forgotten near the end. Tells of each title that
// begins to play, however long its first bytes were on their way.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <string>

#include "node/screen/screen.h"
#include "node/wallet/records.h"

namespace hearth::node {

class Positions {
 public:
  Positions(net::Loop& loop, Records& records, Screen& screen)
      : loop_(loop), records_(records), screen_(screen) {}
  void on_playing(std::function<void(const std::string& title_hex)> told) {
    told_ = std::move(told);
  }
  void start();
  void stop();
  /// 0: from the beginning.
  std::int64_t of(const std::string& title_hex) const;

 private:
  net::Task<void> run();
  void note(const ScreenState& state);
  net::Loop& loop_;
  Records& records_;
  Screen& screen_;
  std::function<void(const std::string&)> told_;
  std::string playing_;  ///< hex; what was told last
  UtcMs written_ms_ = 0;
  bool stopping_ = false;
};

}  // namespace hearth::node
