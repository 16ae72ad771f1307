// Which channel: up, down, by number, the last one. Pure; the time comes in as milliseconds.
#pragma once

#include <optional>
#include <string>

#include "common/link/channels.h"

namespace hearth::player {

class Tuner {
 public:
  static constexpr std::int64_t entry_ms = 1'800;  ///< a number waits so long for its next digit

  void take(link::Lineup lineup);
  const link::Lineup& lineup() const { return lineup_; }
  bool empty() const { return lineup_.channels.empty(); }
  /// nullptr: not in the lineup (any more).
  const link::Channel* find(const std::string& channel) const;
  /// Place in the lineup; 0 when it is not there.
  int row_of(const std::string& channel) const;
  const std::string& current() const { return current_; }
  /// What is watched now; the one before becomes the last.
  void tuned(const std::string& channel);

  // Each gives the channel to tune to, if there is one.
  std::optional<std::string> step(int by) const;  ///< +1, -1; goes round
  std::optional<std::string> last() const;
  /// The one that was watched before it was left, else the first.
  std::optional<std::string> first() const;
  /// A digit of a number; gives the channel at once when no longer number begins so.
  std::optional<std::string> digit(int digit, std::int64_t now_ms);
  std::optional<std::string> enter(std::int64_t now_ms);  ///< the number is whole
  std::optional<std::string> tick(std::int64_t now_ms);

  /// "1", "12": what was typed so far; empty: nothing.
  const std::string& entry() const { return entry_; }
  /// The number that no channel has, for a while.
  const std::string& unknown() const { return unknown_; }
  /// The next moment at which tick() does something; nullopt: none.
  std::optional<std::int64_t> deadline_ms() const;
  void forget_entry() { entry_.clear(); }

 private:
  std::optional<std::string> numbered(int number) const;
  link::Lineup lineup_;
  std::string current_, last_;
  std::string entry_, unknown_;
  std::int64_t entry_at_ms_ = 0, unknown_at_ms_ = 0;
};

}  // namespace hearth::player
