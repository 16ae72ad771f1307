// The node's conversation with the player, on the loop thread: who is connected, what was ordered,
// what the player reports, which title it may read. Shared by the tasks that serve connections,
// so that it lives until the last of them has ended. docs/protocol.md §11.
//
// What is replayed: when a player connects and shows something else than the last order that is
// still running, the order is sent again with the last known position.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "common/link/messages.h"
#include "common/net/frames.h"
#include "node/screen/screen.h"
#include "node/screen/tv_channels.h"

namespace hearth::node {

class TvLink : public std::enable_shared_from_this<TvLink> {
 public:
  TvLink(net::Loop& loop, Titles& titles, std::filesystem::path dir);

  /// Every connection of the socket begins here.
  static net::Task<void> serve(std::shared_ptr<TvLink> self,
                               std::shared_ptr<net::FrameConnection> connection);

  void play(link::Play order);
  void send(const link::Order& order);
  void show_home(link::HomeScreen home);
  /// Until it is answered or another one comes; an empty one takes it away.
  void ask(link::Prompt prompt);
  /// Told of each answer to the prompt that is shown.
  void on_answer(std::function<void(const link::Answered&)> told) { answered_ = std::move(told); }
  /// Told when a person asks for the gifts that wait.
  void on_gifts_wanted(std::function<void()> told) { gifts_wanted_ = std::move(told); }
  /// Until nullptr takes it away; it outlives that.
  void use(Programmes* programmes);
  Result<void> tune(const std::string& channel) { return channels_.tune(channel); }
  net::Task<Result<Bytes>> screenshot();
  bool connected() const { return ready_; }
  const ScreenState& state() const { return state_; }
  net::Signal& changed() { return changed_; }
  /// The order is over, by a person's wish: it is not replayed.
  void forget_order();
  /// The player process died. After three deaths with one order, the order is given up.
  void player_died();
  /// No connection is served any more; waits for those under way.
  net::Task<void> stop();

 private:
  struct Shot {
    bool done = false;
    Result<Bytes> result = Bytes{};
  };
  static net::Task<void> serve_control(std::shared_ptr<TvLink> self,
                                       std::shared_ptr<net::FrameConnection> connection);
  static net::Task<void> write_orders(std::shared_ptr<TvLink> self,
                                      std::shared_ptr<net::FrameConnection> connection);
  static net::Task<void> serve_stream(std::shared_ptr<TvLink> self,
                                      std::shared_ptr<net::FrameConnection> connection,
                                      std::string stream);
  Result<std::shared_ptr<Reader>> reader_for(const std::string& stream);
  void take(link::Frame frame);
  void take(const link::State& state);
  void take_channel_state(const link::State& state);
  static net::Task<void> watch_programmes(std::shared_ptr<TvLink> self, Programmes* programmes);
  void take(const link::ScreenshotTaken& taken);
  void take(const link::Answered& answered);
  void finish_shot(std::int64_t request, Result<Bytes> result);
  void disconnected();
  void allow(std::set<std::string> streams);

  net::Loop& loop_;
  Titles& titles_;
  const std::filesystem::path allowed_file_;
  net::Signal changed_, outgoing_changed_, shots_changed_, streams_changed_;
  std::shared_ptr<net::FrameConnection> control_;
  std::deque<link::Order> outgoing_;
  bool ready_ = false;
  bool compared_ = false;  ///< with what a player that just connected shows
  bool stopping_ = false;
  std::optional<link::Play> order_;  ///< still running
  bool order_seen_ = false;          ///< the player has reported it
  int deaths_ = 0;
  std::set<std::string> allowed_;  ///< streams of what was ordered last
  TvChannels channels_;
  Programmes* programmes_ = nullptr;
  link::HomeScreen home_;
  link::Prompt prompt_;
  std::function<void(const link::Answered&)> answered_;
  std::function<void()> gifts_wanted_;
  ScreenState state_;
  std::map<std::int64_t, std::shared_ptr<Shot>> shots_;
  std::int64_t next_request_ = 1;
  std::optional<std::int64_t> png_for_;
  std::set<std::shared_ptr<Reader>> readers_;
};

}  // namespace hearth::node
