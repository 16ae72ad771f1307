#include "ledger/api/feed.h"

#include "common/wire/documents.h"

namespace hearth::ledger {
namespace {

constexpr std::int64_t quiet_ms = 60 * 60 * 1000;
constexpr std::int64_t full_queue_ms = 60'000;
constexpr std::int64_t retry_ms = 50;

net::Task<void> read_on(std::shared_ptr<Feed> feed) {
  while (!feed->closed) {
    const auto message = co_await feed->socket->read(quiet_ms);
    if (message) {
      if (feed->take) feed->take(*message);
    } else if (message.error().code != Code::timeout) {
      feed->closed = true;
    }
    feed->changed->notify_all();
  }
}

}  // namespace

void start_reading(net::Loop& loop, std::shared_ptr<Feed> feed) {
  net::spawn(loop, read_on(std::move(feed)), "reading of a feed");
}

net::Task<bool> send(std::shared_ptr<Feed> feed, std::string text) {
  for (std::int64_t waited_ms = 0; !feed->closed && waited_ms < full_queue_ms;
       waited_ms += retry_ms) {
    const auto sent = co_await feed->socket->write(text);
    if (sent) co_return true;
    if (sent.error().code != Code::busy) break;
    co_await net::sleep_ms(retry_ms);
  }
  feed->closed = true;
  co_return false;
}

net::Task<void> refuse(std::shared_ptr<net::WebSocket> socket, Error error) {
  const std::string problem = wire::write_problem(error);
  (void)co_await socket->write(problem);
  socket->close();
}

}  // namespace hearth::ledger
