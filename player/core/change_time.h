// How long the change to another picture takes on this machine of late, so that it can be ordered
// that much earlier: the median of the last few, which one slow change does not move. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace hearth::player {

class ChangeTime {
 public:
  /// Longer ones say nothing about the next.
  static constexpr std::int64_t longest_ms = 400;

  explicit ChangeTime(std::int64_t first_guess_ms) { lately_[0] = first_guess_ms; }

  void learn(std::int64_t took_ms) {
    lately_[next_] = std::clamp<std::int64_t>(took_ms, 0, longest_ms);
    next_ = (next_ + 1) % lately_.size();
    known_ = std::max(known_, next_ == 0 ? lately_.size() : next_);
  }

  std::int64_t ms() const {
    auto sorted = lately_;
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(known_);
    std::sort(sorted.begin(), end);
    return (sorted[(known_ - 1) / 2] + sorted[known_ / 2]) / 2;
  }

 private:
  std::array<std::int64_t, 5> lately_{};  ///< a ring; the guess is in it until it is full
  std::size_t known_ = 1, next_ = 1;
};

}  // namespace hearth::player
