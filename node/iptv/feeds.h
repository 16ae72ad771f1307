// The streams that run: one for all who watch the same channel live under the same limits, one for
// each catch-up. Never more than so many, since each has an ffmpeg; one that nobody watches ends.
//
// Threads: loop thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/iptv/feed.h"

namespace hearth::node {

inline constexpr std::size_t max_feeds = 4;

class Feeds {
 public:
  explicit Feeds(const Feed::Rooms& rooms) : rooms_(rooms) {}
  /// `limits`: names what `watcher` lets through. Code::busy: too many run.
  Result<std::shared_ptr<Feed>> live(const std::string& channel, const std::string& limits,
                                     std::function<Watcher()> watcher);
  Result<std::shared_ptr<Feed>> catch_up(const std::string& channel, UtcMs from, UtcMs to,
                                         std::function<Watcher()> watcher);
  /// nullptr: it does not run.
  std::shared_ptr<Feed> running(const std::string& channel, const std::string& limits,
                                std::uint64_t run) const;
  void stop();

 private:
  struct Running {
    std::string name;
    std::shared_ptr<Feed> feed;
  };
  Result<std::shared_ptr<Feed>> begin(std::string name, Feed::Wanted wanted);
  void end_idle(std::int64_t idle_ms);
  void look_again();

  const Feed::Rooms rooms_;
  std::vector<Running> running_;
  std::uint64_t runs_ = 0;
  bool stopped_ = false, looking_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace hearth::node
