#include "node/swarm/announcer.h"

#include <algorithm>
#include <array>
#include <map>

#include "common/base/log.h"
#include "common/crypto/hash.h"
#include "node/swarm/tracker_reply.h"

namespace hearth::node {
namespace {

constexpr std::int64_t request_timeout_ms = 10'000;
constexpr std::int64_t stop_timeout_ms = 3'000;
constexpr std::int64_t lonely_ms = 3'000;
constexpr std::int64_t longest_backoff_ms = 15'000;

/// One torrent that is announced, by a task of its own.
struct Tracked {
  Tracked(net::Loop& loop, const wire::InfoHash& info_hash) : id(info_hash), wake(loop) {}
  wire::InfoHash id;
  std::array<std::uint8_t, 20> peer_id = crypto::random_array<20>();  ///< new for each torrent
  net::Signal wake;
  std::string event = "started";
  bool dropped = false;
  bool answered = false;
  bool announced_complete = false;
};
using TrackedPtr = std::shared_ptr<Tracked>;

/// Shared with the tasks, which may outlive the announcer by one request.
struct State {
  State(net::Loop& l, Swarm& s, net::PinnedServer server)
      : loop(l), swarm(s), ledger(std::move(server)), stopped_signal(l) {}
  net::Loop& loop;
  Swarm& swarm;  ///< only while `open`
  net::PinnedServer ledger;
  bool open = true;
  std::map<wire::InfoHash, TrackedPtr> tracked;
  std::size_t stopping = 0;
  net::Signal stopped_signal;
};
using StatePtr = std::shared_ptr<State>;

std::int64_t jitter(std::int64_t ms) {
  const auto random = crypto::random_array<2>();
  const std::int64_t percent = 80 + (random[0] * 256 + random[1]) % 41;
  return ms * percent / 100;
}

std::string announce_query(const Tracked& tracked, const SwarmStatus& status, std::uint16_t port,
                           const std::string& event) {
  const std::uint64_t left =
      status.complete ? 0 : std::max<std::uint64_t>(status.total_bytes - status.done_bytes, 1);
  std::string query = "info_hash=" + net::percent_encode(tracked.id) +
                      "&peer_id=" + net::percent_encode(tracked.peer_id) +
                      "&port=" + std::to_string(port) +
                      "&uploaded=" + std::to_string(status.uploaded) +
                      "&downloaded=" + std::to_string(status.downloaded) +
                      "&left=" + std::to_string(left) + "&compact=1&numwant=50";
  if (!event.empty()) query += "&event=" + event;
  return query;
}

bool is_self(const net::Endpoint& peer, std::uint16_t my_port) {
  return peer.port == my_port && (peer.address.starts_with("127.") || peer.address == "::1");
}

net::Task<Result<TrackerReply>> announce_once(StatePtr state, TrackedPtr tracked, std::string event,
                                              std::int64_t timeout_ms) {
  const SwarmStatus status = state->swarm.status(tracked->id);
  const std::uint16_t port = state->swarm.port();
  net::Request request;
  request.path = "/announce";
  request.query = announce_query(*tracked, status, port, event);
  auto response = co_await net::https_request(state->loop, state->ledger, std::move(request),
                                              timeout_ms, net::ClientLimits{64 * 1024});
  auto good = net::accepted(std::move(response));
  if (!good) co_return pass_on(good.error());
  auto reply = read_tracker_reply(good->body);
  if (!reply) co_return pass_on(reply.error());
  tracked->answered = true;
  if (status.complete && event != "stopped") tracked->announced_complete = true;
  std::erase_if(reply->peers, [port](const net::Endpoint& peer) { return is_self(peer, port); });
  // Nobody can call a node without a port: it calls those that want what it has.
  if (state->open && !tracked->dropped && (!status.complete || port == 0)) {
    state->swarm.add_peers(tracked->id, reply->peers);
  }
  co_return std::move(*reply);
}

net::Task<void> keep_announcing(StatePtr state, TrackedPtr tracked) {
  std::int64_t backoff_ms = 1000;
  while (state->open && !tracked->dropped) {
    const std::string event = tracked->event;
    auto reply = co_await announce_once(state, tracked, event, request_timeout_ms);
    if (!state->open || tracked->dropped) co_return;
    std::int64_t wait_ms = 0;
    if (reply) {
      // A completion that came during the request is told at once.
      const bool more_to_tell = tracked->event != event;
      if (!more_to_tell) tracked->event.clear();
      backoff_ms = 1000;
      const SwarmStatus status = state->swarm.status(tracked->id);
      const bool lonely = !status.complete && status.peers == 0;
      wait_ms = more_to_tell ? 0 : jitter(lonely ? lonely_ms : reply->interval_s * 1000);
    } else {
      spdlog::debug("announce: {}", reply.error().sentence);
      wait_ms = jitter(backoff_ms);
      backoff_ms = std::min(backoff_ms * 2, longest_backoff_ms);
    }
    if (wait_ms > 0) co_await tracked->wake.wait(wait_ms);
  }
}

net::Task<void> say_stopped(StatePtr state, TrackedPtr tracked) {
  if (state->open) co_await announce_once(state, tracked, "stopped", stop_timeout_ms);
  --state->stopping;
  state->stopped_signal.notify_all();
}

void leave(const StatePtr& state, const TrackedPtr& tracked) {
  tracked->dropped = true;
  tracked->wake.notify_all();
  if (!tracked->answered) return;  // the tracker does not know of it
  ++state->stopping;
  net::spawn(state->loop, say_stopped(state, tracked), "announce stopped");
}

class LedgerAnnouncer final : public Announcer {
 public:
  explicit LedgerAnnouncer(StatePtr shared) : state_(std::move(shared)) {
    const std::weak_ptr<State> weak = state_;
    state_->swarm.on_event([weak](const Swarm::Event& event) {
      if (const StatePtr state = weak.lock()) on_swarm_event(*state, event);
    });
  }
  ~LedgerAnnouncer() override { close(); }

  void track(const wire::InfoHash& id) override {
    if (!state_->open || state_->tracked.contains(id)) return;
    const auto tracked = std::make_shared<Tracked>(state_->loop, id);
    state_->tracked[id] = tracked;
    net::spawn(state_->loop, keep_announcing(state_, tracked), "announce");
  }

  void drop(const wire::InfoHash& id) override {
    const auto found = state_->tracked.find(id);
    if (found == state_->tracked.end()) return;
    const TrackedPtr tracked = found->second;
    state_->tracked.erase(found);
    leave(state_, tracked);
  }

  bool announced_complete(const wire::InfoHash& id) const override {
    const auto found = state_->tracked.find(id);
    return found != state_->tracked.end() && found->second->announced_complete;
  }

  net::Task<void> announce_now(wire::InfoHash id) override {
    const auto found = state_->tracked.find(id);
    if (!state_->open || found == state_->tracked.end()) co_return;
    const StatePtr state = state_;
    const TrackedPtr tracked = found->second;
    co_await announce_once(state, tracked, "", request_timeout_ms);
  }

  net::Task<void> stop() override {
    const StatePtr state = state_;
    const auto tracked = std::move(state->tracked);
    state->tracked.clear();
    for (const auto& [id, one] : tracked) leave(state, one);
    // Requests have this deadline of their own, so the count comes down in time.
    while (state->stopping > 0) {
      if (!co_await state->stopped_signal.wait(stop_timeout_ms)) break;
    }
    state->open = false;
  }

 private:
  static void on_swarm_event(State& state, const Swarm::Event& event) {
    using What = Swarm::Event::What;
    const auto found = state.tracked.find(event.id);
    if (found == state.tracked.end()) return;
    if (event.what == What::complete) found->second->event = "completed";
    if (event.what == What::complete || event.what == What::peers_wanted) {
      found->second->wake.notify_all();
    }
  }

  void close() {
    state_->open = false;
    for (const auto& [id, one] : state_->tracked) {
      one->dropped = true;
      one->wake.notify_all();
    }
    state_->tracked.clear();
  }

  StatePtr state_;
};

}  // namespace

std::unique_ptr<Announcer> Announcer::start(net::Loop& loop, Swarm& swarm,
                                            net::PinnedServer ledger) {
  return std::make_unique<LedgerAnnouncer>(std::make_shared<State>(loop, swarm, std::move(ledger)));
}

}  // namespace hearth::node
