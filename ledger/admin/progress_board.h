// How far long work of a daemon is, for those who wait for it: an audit or a backup that was
// ordered with a word in `watch` shows itself here under that word while it runs, and the command
// `progress` reads it. Holds as many entries as work runs at a time. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace hearth::ledger {

inline constexpr std::size_t max_watch_word = 64;

class ProgressBoard {
 public:
  struct Standing {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };
  void show(const std::string& word, Standing standing) {
    const std::lock_guard lock(mutex_);
    standings_[word] = standing;
  }
  void end(const std::string& word) {
    const std::lock_guard lock(mutex_);
    standings_.erase(word);
  }
  /// nullopt: not begun, or at its end.
  std::optional<Standing> find(const std::string& word) const {
    const std::lock_guard lock(mutex_);
    const auto found = standings_.find(word);
    return found == standings_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Standing> standings_;  // Guards: mutex_
};

}  // namespace hearth::ledger
