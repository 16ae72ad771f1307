// Channels for a player on a stage: two, made of short films that follow each other without end,
// and a guide of them. Answers the player's events as a node does.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "../player_support/fake_node.h"

namespace hearth::test {

class Channels {
 public:
  struct Film {
    std::string stream, name, about;
    std::int64_t length_ms = 0;
    wire::Kind kind = wire::Kind::video;
    std::string media_type = "video/mp4";
    std::vector<std::string> beside = {};  ///< pictures to music
    std::int64_t picture_ms = 0;
    bool fade = false;
  };
  struct Channel {
    link::Channel entry;
    std::vector<Film> films;  ///< in turns, from `begins_ms` on
    std::int64_t begins_ms = 0;
  };
  Channels(FakeNode& node, std::vector<Channel> channels);
  ~Channels();
  Channels(const Channels&) = delete;
  Channels& operator=(const Channels&) = delete;

  void say_lineup();
  void press(link::Key key) { node_.send(link::Press{key}); }
  /// The next report that pleases, of those that were not given out before; nullopt after the time.
  std::optional<link::Aired> wait_aired(const std::function<bool(const link::Aired&)>& pleases,
                                        int timeout_ms = 20'000);
  /// Whether the player asked for a part of the guide, and was answered.
  bool wait_guide(int timeout_ms = 10'000);
  /// What the list says: the film on a channel at that moment.
  const Film& on_at(const std::string& channel, std::int64_t utc_ms) const;
  link::Logo logo;
  static std::int64_t utc_now();

 private:
  void take(const link::Event& event);
  void say_air(const std::string& channel, std::int64_t lag_ms, std::int64_t request);
  const Channel* find(const std::string& channel) const;
  std::vector<link::AirItem> items(const Channel& channel, std::int64_t from_ms, std::int64_t to_ms,
                                   std::size_t most) const;

  FakeNode& node_;
  const std::vector<Channel> channels_;
  std::mutex mutex_;
  // Guards: everything below.
  std::condition_variable told_;
  std::deque<link::Aired> aired_;
  int guides_ = 0;
};

}  // namespace hearth::test
