// Inside net/ only: one WebSocket connection over Beast. Two tasks of its own keep it going: a
// reader (Beast answers pings and closes only while somebody reads) and a writer (Beast takes
// one write at a time). The WebSocket that callers hold is a handle on it; when the last handle
// goes, the connection closes. Loop thread only.
#pragma once

#include <deque>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "common/net/server.h"
#include "common/net/streams.h"

namespace hearth::net {

/// The queues of a connection and the state that both tasks and the handle look at.
class WsQueues {
 public:
  WsQueues(Loop& loop, std::size_t max_message)
      : max_message_(max_message), arrived(loop), room(loop), work(loop), ended(loop) {}
  virtual ~WsQueues() = default;
  virtual void cut() = 0;  ///< end without a farewell

  Result<void> enqueue(std::string text);
  void close();
  bool inbox_full() const;
  void deliver(Bytes message);
  void reader_ended();

  const std::size_t max_message_;
  Signal arrived;  ///< a message, or the end
  Signal room;     ///< a message was taken
  Signal work;     ///< something to write, or closing
  Signal ended;    ///< both tasks are done
  std::deque<Bytes> inbox;
  std::size_t inbox_bytes = 0;
  std::deque<std::string> outbox;
  bool closing = false;  ///< this side has said goodbye
  bool closed = false;   ///< nothing more will arrive
  int tasks = 0;         ///< reader and writer that still run
};

std::shared_ptr<WebSocket> make_handle(std::shared_ptr<WsQueues> queues);

template <class Stream>
class WsConnection : public WsQueues {
 public:
  using WsStream = boost::beast::websocket::stream<Stream>;
  WsConnection(Loop& loop, std::unique_ptr<WsStream> ws, std::size_t max_message)
      : WsQueues(loop, max_message), ws_(std::move(ws)) {
    ws_->read_message_max(max_message);
    ws_->text(true);
  }

  void cut() override { lowest(ws_->next_layer()).close(); }

  static Task<void> read_on(std::shared_ptr<WsConnection> self) {
    boost::system::error_code ec;
    boost::beast::flat_buffer buffer;
    while (true) {
      while (self->inbox_full()) co_await self->room.wait(60'000);
      co_await self->ws_->async_read(buffer,
                                     boost::asio::redirect_error(boost::asio::use_awaitable, ec));
      if (ec) break;
      const auto* data = static_cast<const std::uint8_t*>(buffer.data().data());
      self->deliver(Bytes(data, data + buffer.size()));
      buffer = {};  // a large message does not keep its memory
    }
    self->reader_ended();
    self->task_done();
  }

  static Task<void> write_on(std::shared_ptr<WsConnection> self) {
    boost::system::error_code ec;
    Deadline deadline(lowest(self->ws_->next_layer()));
    while (!self->closed && !ec) {
      if (!self->outbox.empty()) {
        deadline.set(write_timeout_ms);
        co_await self->ws_->async_write(
            boost::asio::buffer(self->outbox.front()),
            boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        deadline.clear();
        self->outbox.pop_front();
      } else if (self->closing) {
        deadline.set(close_timeout_ms);
        co_await self->ws_->async_close(
            boost::beast::websocket::close_code::normal,
            boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        break;
      } else {
        co_await self->work.wait(60'000);
      }
    }
    // Wakes the reader, whatever state the connection is in.
    self->cut();
    self->task_done();
  }

 private:
  static constexpr std::int64_t write_timeout_ms = 30'000;
  static constexpr std::int64_t close_timeout_ms = 5'000;

  void task_done() {
    --tasks;
    ended.notify_all();
  }

  std::unique_ptr<WsStream> ws_;
};

/// Beast's own timeouts: pings after half of `idle_ms` of silence, the end after all of it.
template <class WsStream>
void set_timeouts(WsStream& ws, std::int64_t idle_ms) {
  boost::beast::websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = std::chrono::seconds(10);
  timeout.idle_timeout = std::chrono::milliseconds(idle_ms);
  timeout.keep_alive_pings = true;
  ws.set_option(timeout);
}

/// Takes a connection whose WebSocket handshake is done.
template <class Stream>
std::shared_ptr<WsQueues> start_websocket(
    Loop& loop, std::unique_ptr<boost::beast::websocket::stream<Stream>> ws,
    std::size_t max_message) {
  auto connection = std::make_shared<WsConnection<Stream>>(loop, std::move(ws), max_message);
  connection->tasks = 2;
  spawn(loop, WsConnection<Stream>::read_on(connection), "reading a WebSocket");
  spawn(loop, WsConnection<Stream>::write_on(connection), "writing a WebSocket");
  return connection;
}

extern template class WsConnection<PlainStream>;
extern template class WsConnection<TlsStream>;

}  // namespace hearth::net
