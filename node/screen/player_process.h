// The hearth-player process: started, watched, started again with growing pauses (1 s to 30 s)
// when it dies. Loop thread only.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "common/net/task.h"

namespace hearth::node {

class PlayerProcess : public std::enable_shared_from_this<PlayerProcess> {
 public:
  struct Options {
    std::vector<std::string> argv;
    std::filesystem::path log_file;
    std::function<void()> died;  ///< each time, before the pause
  };
  PlayerProcess(net::Loop& loop, Options options) : loop_(loop), options_(std::move(options)) {}
  void start();
  /// It was asked to quit: waits 2 s, then SIGTERM, after 2 s more SIGKILL.
  net::Task<void> stop();
  pid_t pid() const { return pid_; }

 private:
  static net::Task<void> keep(std::shared_ptr<PlayerProcess> self);
  bool ended();
  net::Task<bool> wait_for_end(std::int64_t patience_ms);

  net::Loop& loop_;
  Options options_;
  pid_t pid_ = -1;
  bool stopping_ = false;
};

}  // namespace hearth::node
