// Work that must go one after the other, for coroutines: what the first one reads holds until it
// has written. Loop thread only.
//   const Turn turn = co_await take_turn(turns);
#pragma once

#include <utility>

#include "common/net/task.h"

namespace hearth::ledger {

class Turn;

class Turns {
 public:
  explicit Turns(net::Loop& loop) : free_(loop) {}

 private:
  friend class Turn;
  friend net::Task<Turn> take_turn(Turns& turns);
  bool taken_ = false;
  net::Signal free_;
};

/// Ends with its object; `turns` outlives it.
class Turn {
 public:
  Turn() = default;  // for co_await
  explicit Turn(Turns& turns) : turns_(&turns) { turns.taken_ = true; }
  Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
  Turn& operator=(Turn&& other) noexcept {
    std::swap(turns_, other.turns_);
    return *this;
  }
  ~Turn() {
    if (turns_ == nullptr) return;
    turns_->taken_ = false;
    turns_->free_.notify_all();
  }

 private:
  Turns* turns_ = nullptr;
};

inline net::Task<Turn> take_turn(Turns& turns) {
  constexpr std::int64_t look_again_ms = 1'000;
  while (turns.taken_) co_await turns.free_.wait(look_again_ms);
  co_return Turn(turns);
}

}  // namespace hearth::ledger
