#include "node/iptv/feeds.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/crypto/hash.h"

namespace hearth::node {
namespace {

constexpr std::int64_t idle_end_ms = 30'000, idle_room_ms = 3'000, look_ms = 5'000;

}  // namespace

void Feeds::end_idle(std::int64_t idle_ms) {
  std::erase_if(running_, [&](const Running& one) {
    const bool over = one.feed->ended() || one.feed->idle_ms() > idle_ms;
    if (over) one.feed->stop();
    return over;
  });
}

void Feeds::look_again() {
  if (looking_ || running_.empty() || stopped_) return;
  looking_ = true;
  rooms_.loop.after(look_ms, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    looking_ = false;
    end_idle(idle_end_ms);
    look_again();
  });
}

Result<std::shared_ptr<Feed>> Feeds::begin(std::string name, Feed::Wanted wanted) {
  end_idle(idle_end_ms);
  if (running_.size() >= max_feeds) end_idle(idle_room_ms);
  if (running_.size() >= max_feeds || stopped_) {
    return fail(Code::busy, "This home shows " + std::to_string(max_feeds) +
                                " channels to other devices already, which is as many as it can. "
                                "Nothing is lost; stop one of them, or try again later.");
  }
  // Runs of an earlier start of the node are not taken for these.
  if (runs_ == 0) {
    for (const std::uint8_t byte : crypto::random_array<3>()) runs_ = runs_ << 8 | byte;
  }
  auto feed = std::make_shared<Feed>(rooms_, std::move(wanted), ++runs_);
  feed->start();
  spdlog::info("iptv: a stream begins, {} run now", running_.size() + 1);
  running_.push_back({std::move(name), feed});
  look_again();
  return feed;
}

Result<std::shared_ptr<Feed>> Feeds::live(const std::string& channel, const std::string& limits,
                                          std::function<Watcher()> watcher) {
  const std::string name = channel + "/" + limits;
  for (const Running& one : running_) {
    if (one.name != name || one.feed->ended()) continue;
    one.feed->touch();
    return one.feed;
  }
  Feed::Wanted wanted;
  wanted.channel = channel;
  wanted.from = rooms_.clock();
  wanted.watcher = std::move(watcher);
  return begin(name, std::move(wanted));
}

Result<std::shared_ptr<Feed>> Feeds::catch_up(const std::string& channel, UtcMs from, UtcMs to,
                                              std::function<Watcher()> watcher) {
  Feed::Wanted wanted;
  wanted.channel = channel;
  wanted.live = false;
  wanted.from = from;
  wanted.to = to;
  wanted.watcher = std::move(watcher);
  return begin({}, std::move(wanted));
}

std::shared_ptr<Feed> Feeds::running(const std::string& channel, const std::string& limits,
                                     std::uint64_t run) const {
  const std::string name = channel + "/" + limits;  // a catch-up has no name
  for (const Running& one : running_) {
    if (one.feed->run() == run && one.name == name && !one.feed->ended()) return one.feed;
  }
  return nullptr;
}

void Feeds::stop() {
  stopped_ = true;
  for (const Running& one : running_) one.feed->stop();
  running_.clear();
}

}  // namespace hearth::node
