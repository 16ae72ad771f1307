// GET /v1/mirror/events: every registered torrent after a sequence, then each as it comes.
#include <list>

#include "ledger/api/feed.h"
#include "ledger/api/requests.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

constexpr std::int64_t idle_check_ms = 60'000;

/// One open connection of a mirror, woken when a torrent is registered.
struct MirrorFeed : Feed {
  MirrorFeed(RoomsPtr r, std::shared_ptr<net::WebSocket> ws)
      : Feed(r->loop, std::move(ws)), rooms(std::move(r)) {
    place = rooms->mirrors.insert(rooms->mirrors.end(), changed);
  }
  ~MirrorFeed() { rooms->mirrors.erase(place); }
  MirrorFeed(const MirrorFeed&) = delete;
  MirrorFeed& operator=(const MirrorFeed&) = delete;

  RoomsPtr rooms;
  std::uint64_t cursor = 0;
  std::list<std::shared_ptr<net::Signal>>::iterator place;
};

std::string torrent_event(const TorrentEntry& torrent) {
  return wire::Json{{"sequence", torrent.sequence},
                    {"info_hash", to_hex(torrent.file.info_hash)},
                    {"size", torrent.file.size}}
      .dump();
}

/// Sends the next torrent or waits for one.
net::Task<void> step(std::shared_ptr<MirrorFeed> feed) {
  const auto next = feed->rooms->catalogue.torrents_after(feed->cursor, 1);
  if (next.empty()) {
    (void)co_await feed->changed->wait(idle_check_ms);
    co_return;
  }
  feed->cursor = next.front().sequence;
  const std::string event = torrent_event(next.front());
  (void)co_await send(feed, event);
}

}  // namespace

net::Task<void> serve_mirror(RoomsPtr rooms, std::string query,
                             std::shared_ptr<net::WebSocket> socket) {
  const auto after = read_mirror_query(query);
  if (!after) {
    co_await refuse(socket, after.error());
    co_return;
  }
  const auto feed = std::make_shared<MirrorFeed>(rooms, socket);
  feed->cursor = *after;
  start_reading(rooms->loop, feed);
  while (!feed->closed) co_await step(feed);
  socket->close();
}

}  // namespace hearth::ledger
