#include "node/screen/player_process.h"

#include <algorithm>

#include <signal.h>
#include <sys/wait.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/process.h"

namespace hearth::node {
namespace {
constexpr std::int64_t look_ms = 200, first_pause_ms = 1'000, longest_pause_ms = 30'000;
constexpr std::int64_t good_run_ms = 60'000, grace_ms = 2'000;
}  // namespace

void PlayerProcess::start() {
  net::spawn(loop_, keep(shared_from_this()), "watching the player");
}

bool PlayerProcess::ended() {
  if (pid_ < 0) return true;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == 0) return false;
  pid_ = -1;
  if (!stopping_) spdlog::warn("the player ended (status {}); it is started again", status);
  return true;
}

net::Task<void> PlayerProcess::keep(std::shared_ptr<PlayerProcess> self) {
  std::int64_t pause = first_pause_ms;
  while (!self->stopping_) {
    SpawnOptions how;
    how.stdout_file = how.stderr_file = self->options_.log_file;
    how.die_with_parent = true;
    const UtcMs started = now_ms();
    const auto pid = spawn_process(self->options_.argv, how);
    if (pid) {
      self->pid_ = *pid;
      while (!self->stopping_ && !self->ended()) co_await net::sleep_ms(look_ms);
      if (self->stopping_) co_return;
      self->options_.died();
    } else {
      spdlog::error("the TV cannot be started: {}", pid.error().sentence);
    }
    if (now_ms() - started > good_run_ms) pause = first_pause_ms;
    for (std::int64_t left = pause; left > 0 && !self->stopping_; left -= look_ms) {
      co_await net::sleep_ms(std::min(left, look_ms));
    }
    pause = std::min(pause * 2, longest_pause_ms);
  }
}

net::Task<bool> PlayerProcess::wait_for_end(std::int64_t patience_ms) {
  const UtcMs deadline = now_ms() + patience_ms;
  while (!ended()) {
    if (now_ms() >= deadline) co_return false;
    co_await net::sleep_ms(20);
  }
  co_return true;
}

net::Task<void> PlayerProcess::stop() {
  const std::shared_ptr<PlayerProcess> self = shared_from_this();
  stopping_ = true;
  if (co_await wait_for_end(grace_ms)) co_return;
  kill(pid_, SIGTERM);
  if (co_await wait_for_end(grace_ms)) co_return;
  kill(pid_, SIGKILL);
  co_await wait_for_end(grace_ms);
}

}  // namespace hearth::node
