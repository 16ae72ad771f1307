// docs/protocol.md §8.1: challenge, signed answer, then drops as they come and acknowledgements.
#include <algorithm>
#include <deque>

#include "common/base/log.h"
#include "ledger/api/engine_wait.h"
#include "ledger/api/feed.h"
#include "ledger/api/requests.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

constexpr std::int64_t open_timeout_ms = 15'000;
constexpr std::int64_t idle_check_ms = 60'000;
constexpr std::size_t max_owners = 4;  ///< connections of one mailbox at a time
/// Drops on their way that the owner has not acknowledged; bounds what a slow reader costs.
constexpr std::size_t max_unacknowledged = 64;
constexpr std::int64_t acknowledge_timeout_ms = 60'000;

/// One open connection: what was sent and not yet acknowledged.
struct OwnerFeed : Feed {
  OwnerFeed(RoomsPtr r, MailboxKey key, std::shared_ptr<net::WebSocket> ws)
      : Feed(r->loop, std::move(ws)), rooms(std::move(r)), mailbox(key) {
    place = rooms->owners.emplace(mailbox, changed);
  }
  ~OwnerFeed() { rooms->owners.erase(place); }
  OwnerFeed(const OwnerFeed&) = delete;
  OwnerFeed& operator=(const OwnerFeed&) = delete;

  RoomsPtr rooms;
  MailboxKey mailbox;
  std::uint64_t cursor = 0;
  std::deque<std::uint64_t> unacknowledged;
  std::multimap<MailboxKey, std::shared_ptr<net::Signal>>::iterator place;
};

net::Task<void> erase_durably(RoomsPtr rooms, store::Batch batch) {
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_side(std::move(batch), wait.answer());
  const auto done = co_await wait.done();
  // Then they are delivered once more after a restart; the gift's id makes it one.
  if (!done) spdlog::warn("acknowledged drops are still on disk: {}", done.error().sentence);
}

void take_acknowledgement(OwnerFeed& feed, const Bytes& message) {
  const auto acknowledged = read_acknowledgement(message);
  if (!acknowledged) return;
  // Never beyond what this owner has been shown.
  const std::uint64_t upto = std::min(*acknowledged, feed.cursor);
  while (!feed.unacknowledged.empty() && feed.unacknowledged.front() <= upto) {
    feed.unacknowledged.pop_front();
  }
  store::Batch batch = feed.rooms->mailboxes.acknowledge(feed.mailbox, upto);
  if (batch.empty()) return;
  net::spawn(feed.rooms->loop, erase_durably(feed.rooms, std::move(batch)), "erasing of drops");
}

Result<std::string> drop_event(const store::View& store, const MailboxKey& mailbox,
                               StoredDrop drop) {
  const auto body = load_drop(store, mailbox, drop.sequence);
  if (!body) return pass_on(body.error());
  if (!*body) return std::string();
  return wire::Json{
      {"sequence", drop.sequence}, {"drop", to_base64url(**body)}, {"at_ms", drop.at_ms}}
      .dump();
}

/// Sends the next drop or waits for one. False: the feed has ended.
net::Task<bool> step(std::shared_ptr<OwnerFeed> feed) {
  Rooms& rooms = *feed->rooms;
  if (feed->unacknowledged.size() >= max_unacknowledged) {
    const bool woken = co_await feed->changed->wait(acknowledge_timeout_ms);
    co_return woken;
  }
  const auto next = rooms.mailboxes.next_drop(feed->mailbox, feed->cursor);
  if (!next) {
    (void)co_await feed->changed->wait(idle_check_ms);
    co_return true;
  }
  auto work = [&store = rooms.store, mailbox = feed->mailbox, drop = *next] {
    return drop_event(store, mailbox, drop);
  };
  auto event = co_await net::on_pool(rooms.pool, std::move(work));
  if (!event) co_return false;
  feed->cursor = std::max(feed->cursor, next->sequence);
  if (event->empty()) co_return true;  // acknowledged by another connection meanwhile
  feed->unacknowledged.push_back(next->sequence);
  co_return co_await send(feed, std::move(*event));
}

/// read_mailbox_open() for a pool thread.
std::function<Result<std::uint64_t>()> opening(Bytes answer, MailboxKey mailbox, Bytes challenge,
                                               UtcMs now) {
  return [answer = std::move(answer), mailbox, challenge = std::move(challenge), now] {
    return read_mailbox_open(as_text(answer), mailbox, challenge, now);
  };
}

Error no_such_mailbox() {
  return {Code::unknown_mailbox, "There is no such mailbox at this ledger."};
}

Error open_too_often() {
  return {Code::busy, "This mailbox is open in too many places already."};
}

}  // namespace

net::Task<void> serve_mailbox(RoomsPtr rooms, std::string key,
                              std::shared_ptr<net::WebSocket> socket) {
  const auto mailbox = mailbox_of_path(key);
  if (!mailbox || !rooms->mailboxes.knows(*mailbox)) {
    const Error unknown = no_such_mailbox();
    co_await refuse(socket, unknown);
    co_return;
  }
  const Bytes challenge = to_bytes(crypto::random_array<32>());
  const wire::Json hello{{"challenge", to_base64url(challenge)}};
  const std::string hello_text = hello.dump();
  (void)co_await socket->write(hello_text);
  const auto answer = co_await socket->read(open_timeout_ms);
  if (!answer) co_return;
  auto work = opening(*answer, *mailbox, challenge, rooms->now());
  const auto after = co_await net::on_pool(rooms->pool, std::move(work));
  if (!after) {
    co_await refuse(socket, after.error());
    co_return;
  }
  if (rooms->owners.count(*mailbox) >= max_owners) {
    const Error busy = open_too_often();
    co_await refuse(socket, busy);
    co_return;
  }
  const auto feed = std::make_shared<OwnerFeed>(rooms, *mailbox, socket);
  feed->cursor = *after;
  feed->take = [weak = std::weak_ptr<OwnerFeed>(feed)](const Bytes& message) {
    if (const auto alive = weak.lock()) take_acknowledgement(*alive, message);
  };
  start_reading(rooms->loop, feed);
  bool going = true;
  while (going && !feed->closed) going = co_await step(feed);
  feed->closed = true;
  socket->close();
}

}  // namespace hearth::ledger
