// The node's part of watching channels: answers what the player asks with what the list says,
// tops it up as time goes, remembers what is on so that a new player goes on there.
// docs/protocol.md §11.
//
// Threads: loop thread only. Owned by TvLink.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/link/messages.h"
#include "node/screen/programmes.h"

namespace hearth::node {

class TvChannels {
 public:
  struct Tv {
    std::function<void(const link::Order&)> send;
    /// The streams that the player may open from now on.
    std::function<void(std::vector<std::string>)> allow;
    std::function<void()> tuned;  ///< the screen belongs to a channel now
  };
  explicit TvChannels(Tv tv) : tv_(std::move(tv)) {}

  void use(Programmes* programmes) { programmes_ = programmes; }
  /// A player is there: the lineup, and what was on.
  void connected();
  /// Lineup or lists changed.
  void changed();
  /// Live. Code::not_found.
  Result<void> tune(const std::string& channel, std::int64_t request = 0);
  void take(const link::Tune& tune);
  void take(const link::Watch& watch);
  void take(const link::GuideWanted& wanted);
  void take(const link::Aired& aired);
  void take(const link::PinEntered& entered);
  /// Something else has the screen, or nothing.
  void leave();
  /// After three deaths with one item its card is shown instead.
  void player_died();

  bool on() const { return !channel_.empty(); }
  const std::string& channel() const { return channel_; }
  std::int64_t lag_ms() const { return lag_ms_; }
  /// What the player said last that it shows; empty: a card.
  std::string name_on() const;
  Result<std::shared_ptr<Reader>> open_stream(const std::string& stream);

 private:
  void begin(const std::string& channel, std::int64_t lag_ms, std::int64_t request);
  void say_lineup();
  void say_air(std::int64_t request);
  bool has(const std::string& channel) const;
  void pin_checked(const std::string& pin, const Result<void>& right);

  Tv tv_;
  Programmes* programmes_ = nullptr;
  std::string channel_, item_;
  std::int64_t lag_ms_ = 0;
  link::Air air_;  ///< said last
  struct Locked {
    std::string pin, channel;
    std::int64_t lag_ms = 0, request = 0;
  };
  Locked locked_;  ///< with an empty pin: nothing waits for it
  std::int64_t next_pin_ = 1;
  int deaths_ = 0;
  std::string died_with_;
  std::set<std::string> given_up_;  ///< items that a player died of
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace hearth::node
