#include "node/swarm/mirror.h"

#include <algorithm>
#include <map>

#include "common/base/codec.h"
#include "common/base/log.h"
#include "common/wire/json.h"

// g++ 12 inlines one coroutine into another and then mistakes Asio's frame allocation.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace hearth::node {
namespace {

constexpr std::string_view record_prefix = "mirror/";
constexpr std::string_view cursor_key = "mirror-cursor";
constexpr std::uint8_t record_version = 1;
constexpr std::uint64_t spare_bytes = 1024ull * 1024 * 1024;
constexpr std::size_t max_torrent_file = 4 * 1024 * 1024;
constexpr std::int64_t connect_timeout_ms = 10'000;
constexpr std::int64_t silence_ms = 10 * 60 * 1000;
constexpr std::int64_t longest_backoff_ms = 15'000;

/// One torrent that the ledger told of. Not held: there was no room for it when it came.
struct Mirrored {
  TorrentInfo info;
  Bytes torrent;  ///< kept only until it is in the swarm
  bool held = false;
};

struct Announced {
  std::uint64_t sequence = 0;
  wire::InfoHash info_hash{};
};

Result<Announced> read_event(ByteView message) {
  auto json = wire::parse_json(message, 4096);
  if (!json) return pass_on(json.error());
  wire::Fields fields(*json, "mirror event");
  Announced out;
  out.sequence = static_cast<std::uint64_t>(fields.integer("sequence", 1, INT64_MAX));
  out.info_hash = fields.fixed_hex<20>("info_hash");
  if (!fields.ok()) return pass_on(fields.error());
  return out;
}

Bytes record_key(const wire::InfoHash& id) {
  return to_bytes(as_bytes(std::string(record_prefix) + to_hex(id)));
}

Bytes write_cursor(std::uint64_t sequence) {
  return Writer().u8(record_version).u64(sequence).take();
}

/// What the mirror works with; the listening task shares it, so that it may end a little later.
struct State {
  State(net::Loop& l, net::Pool& p, store::Store& st, std::uint64_t epoch, Swarm& sw, Announcer& a,
        net::PinnedServer server, MirrorOptions o)
      : loop(l),
        pool(p),
        store(st),
        writer_epoch(epoch),
        swarm(sw),
        announcer(a),
        ledger(std::move(server)),
        options(std::move(o)),
        wake(l) {}
  net::Loop& loop;
  net::Pool& pool;
  store::Store& store;
  std::uint64_t writer_epoch;
  Swarm& swarm;
  Announcer& announcer;
  net::PinnedServer ledger;
  MirrorOptions options;
  net::Signal wake;
  bool open = true;
  std::uint64_t cursor = 0;
  std::map<wire::InfoHash, Mirrored> torrents;
  std::shared_ptr<net::WebSocket> socket;

  std::filesystem::path data_file(const wire::InfoHash& id) const {
    return options.dir / to_hex(id);
  }
};
using StatePtr = std::shared_ptr<State>;

std::uint64_t held_bytes(const State& state) {
  std::uint64_t sum = 0;
  for (const auto& [id, one] : state.torrents) sum += one.held ? one.info.size : 0;
  return sum;
}

bool has_room(const State& state, std::uint64_t size) {
  if (state.options.limit_bytes > 0) return held_bytes(state) + size <= state.options.limit_bytes;
  std::error_code ec;
  const auto space = std::filesystem::space(state.options.dir, ec);
  if (ec) return false;
  std::uint64_t promised = 0;  // what is being fetched has not taken its room yet
  for (const auto& [id, one] : state.torrents) {
    const SwarmStatus status = state.swarm.status(id);
    if (one.held) promised += one.info.size - std::min(status.done_bytes, one.info.size);
  }
  return space.available > promised && space.available - promised >= size + spare_bytes;
}

void seed(State& state, const wire::InfoHash& id, Mirrored& one) {
  if (!one.held && !has_room(state, one.info.size)) {
    spdlog::warn("mirror: no room for a title of {} bytes; raise the limit or add a disk",
                 one.info.size);
    return;
  }
  auto added = state.swarm.add(std::move(one.torrent), state.data_file(id), false);
  one.torrent.clear();
  if (!added) {
    spdlog::warn("mirror: {}", added.error().sentence);
    return;
  }
  one.held = true;
  state.announcer.track(id);
}

/// The torrent and the cursor in one batch: after a crash none is missed.
Result<void> remember(State& state, const Announced& event, const Bytes* torrent) {
  store::Batch batch;
  if (torrent != nullptr) {
    batch.put(record_key(event.info_hash), Writer().u8(record_version).bytes(*torrent).take());
  }
  batch.put(as_bytes(cursor_key), write_cursor(event.sequence));
  auto done = state.store.commit(batch, state.writer_epoch);
  if (done) state.cursor = event.sequence;
  return done;
}

/// False when the ledger could not be asked: the event has to come again.
net::Task<bool> take_event(StatePtr state, Announced event) {
  if (event.sequence <= state->cursor) co_return true;
  if (state->torrents.contains(event.info_hash)) {
    co_return remember(*state, event, nullptr).has_value();
  }
  net::Request request;
  request.path = "/v1/torrents/" + to_hex(event.info_hash);
  auto response = net::accepted(co_await net::https_request(state->loop, state->ledger,
                                                            std::move(request), connect_timeout_ms,
                                                            net::ClientLimits{max_torrent_file}));
  if (!state->open) co_return false;
  if (!response && response.error().code != Code::not_found &&
      response.error().code != Code::unknown_torrent) {
    spdlog::warn("mirror: {}", response.error().sentence);
    co_return false;
  }
  Result<TorrentInfo> info =
      fail(Code::not_found, "The ledger does not have this torrent any more.");
  if (response) info = read_torrent(response->body);
  if (!info || info->info_hash != event.info_hash) {
    spdlog::warn("mirror: a torrent was passed over: {}",
                 info ? "it is another one than was asked for" : info.error().sentence);
    co_return remember(*state, event, nullptr).has_value();
  }
  Mirrored one;
  one.info = *info;
  one.torrent = std::move(response->body);
  if (auto kept = remember(*state, event, &one.torrent); !kept) {
    spdlog::error("mirror: {}", kept.error().sentence);
    co_return false;
  }
  const auto [at, inserted] = state->torrents.emplace(event.info_hash, std::move(one));
  seed(*state, event.info_hash, at->second);
  co_return true;
}

/// Until the connection breaks. True when at least one event was taken.
net::Task<bool> listen_once(StatePtr state) {
  auto socket = co_await net::wss_connect(
      state->loop, state->ledger, "/v1/mirror/events?after=" + std::to_string(state->cursor),
      connect_timeout_ms);
  if (!state->open) co_return false;
  if (!socket) {
    spdlog::debug("mirror: {}", socket.error().sentence);
    co_return false;
  }
  state->socket = *socket;
  bool progressed = false;
  while (state->open) {
    auto message = co_await state->socket->read(silence_ms);
    if (!state->open) break;
    if (!message) {
      if (message.error().code == Code::timeout) continue;  // nothing new; the pings go on
      break;
    }
    auto event = read_event(*message);
    if (!event) {
      spdlog::warn("mirror: the ledger sent an event that cannot be read");
      break;
    }
    if (!co_await take_event(state, *event)) break;
    progressed = true;
  }
  if (state->socket) state->socket->close();
  state->socket.reset();
  co_return progressed;
}

net::Task<void> keep_listening(StatePtr state) {
  std::int64_t backoff_ms = 500;
  while (state->open) {
    const bool progressed = co_await listen_once(state);
    if (!state->open) co_return;
    backoff_ms = progressed ? 500 : std::min(backoff_ms * 2, longest_backoff_ms);
    co_await state->wake.wait(backoff_ms);
  }
}

Result<void> load(State& state) {
  auto cursor = state.store.get(as_bytes(cursor_key));
  if (!cursor) return pass_on(cursor.error());
  if (*cursor) {
    Reader in(**cursor);
    const std::uint8_t version = in.u8();
    state.cursor = in.u64();
    if (version != record_version || !in.done()) {
      return fail(Code::corrupt,
                  "The mirror's cursor is damaged. Nothing was lost on the ledger; "
                  "restore the data directory or start a new one.");
    }
  }
  const ByteView from = as_bytes(record_prefix);
  const Bytes to = store::prefix_end(from);
  return state.store.scan(from, to, [&state](ByteView, ByteView value) {
    Reader in(value);
    const std::uint8_t version = in.u8();
    Mirrored one;
    one.torrent = to_bytes(in.bytes(max_torrent_file));
    auto info = read_torrent(one.torrent);
    if (version != record_version || !in.done() || !info) {
      spdlog::warn("mirror: a damaged record was passed over");
      return true;
    }
    one.info = *info;
    std::error_code ec;
    one.held = std::filesystem::exists(state.data_file(info->info_hash), ec);
    state.torrents.emplace(info->info_hash, std::move(one));
    return true;
  });
}

class LedgerMirror final : public Mirror {
 public:
  explicit LedgerMirror(StatePtr state) : state_(std::move(state)) {
    for (auto& [id, one] : state_->torrents) seed(*state_, id, one);
    net::spawn(state_->loop, keep_listening(state_), "mirror");
  }

  ~LedgerMirror() override {
    state_->open = false;
    if (state_->socket) state_->socket->close();
    state_->wake.notify_all();
  }

  std::vector<MirrorStatus> status() const override {
    std::vector<MirrorStatus> out;
    for (const auto& [id, one] : state_->torrents) {
      out.push_back({id, one.info.size, state_->swarm.status(id)});
    }
    return out;
  }

 private:
  StatePtr state_;
};

}  // namespace

Result<std::unique_ptr<Mirror>> Mirror::start(net::Loop& loop, net::Pool& pool, store::Store& store,
                                              std::uint64_t writer_epoch, Swarm& swarm,
                                              Announcer& announcer, net::PinnedServer ledger,
                                              MirrorOptions options) {
  std::error_code ec;
  std::filesystem::create_directories(options.dir, ec);
  if (ec) {
    return fail(Code::io,
                "The directory " + options.dir.string() + " cannot be made: " + ec.message() + ".");
  }
  auto state = std::make_shared<State>(loop, pool, store, writer_epoch, swarm, announcer,
                                       std::move(ledger), std::move(options));
  if (auto loaded = load(*state); !loaded) return pass_on(loaded.error());
  return std::make_unique<LedgerMirror>(std::move(state));
}

}  // namespace hearth::node
