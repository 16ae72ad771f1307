// Inside net/ only: one connection of a server, from the first byte to the last. A template over
// the stream; session_plain.cpp and session_tls.cpp hold the two instances.
#pragma once

#include <optional>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/vector_body.hpp>

#include "common/net/body.h"
#include "common/net/http_text.h"
#include "common/net/server_state.h"
#include "common/net/session_rules.h"
#include "common/net/websocket.h"

namespace hearth::net {

template <class Stream>
class Session {
 public:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  Session(std::shared_ptr<ServerState> server, Stream stream, Peer peer, Welcome welcome)
      : server_(std::move(server)),
        registration_(server_, peer, welcome),
        stream_(std::make_unique<Stream>(std::move(stream))),
        peer_(std::move(peer)),
        deadline_(std::in_place, lowest(*stream_)),
        buffer_(std::max<std::size_t>(limits().max_header, 64 * 1024) * 2) {
    registration_->leave = [this] {
      if (!registration_->busy) lowest(*stream_).cancel();
    };
    registration_->cut = [this] { lowest(*stream_).close(); };
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Task<void> run(Welcome welcome) {
    if constexpr (is_tls) {
      deadline_->set(header_ms());
      co_await stream_->async_handshake(TlsStream::Side::server, redirected());
      if (ec_) co_return;
    }
    if (welcome != Welcome::serve) {
      refusal_ = too_many_connections(welcome);
      co_await refuse();
      co_return;
    }
    bool go_on = true;
    while (go_on && !server_->stopping) go_on = co_await serve_next();
    if (stream_) co_await farewell();
  }

 private:
  using Head = boost::beast::http::request_parser<boost::beast::http::empty_body>;
  using Message = boost::beast::http::request<boost::beast::http::vector_body<std::uint8_t>>;
  using Full = boost::beast::http::request_parser<boost::beast::http::vector_body<std::uint8_t>>;

  const ServerLimits& limits() const { return server_->options.limits; }
  std::int64_t header_ms() const { return std::min(limits().header_ms, limits().request_ms); }
  auto redirected() { return boost::asio::redirect_error(boost::asio::use_awaitable, ec_); }

  /// Most requests are here as a whole: those need no operation of their own.
  template <class Parser>
  void parse_held(Parser& parser) {
    ec_ = {};
    if (buffer_.size() == 0) return;
    buffer_.consume(parser.put(buffer_.data(), ec_));
    if (ec_ == boost::beast::http::error::need_more) ec_ = {};
  }

  /// One request; false when the connection is to end.
  Task<bool> serve_next() {
    registration_->busy = false;
    if (buffer_.size() == 0) {
      deadline_->set(limits().idle_ms);
      const auto room = buffer_.prepare(16 * 1024);
      std::size_t got = 0;
      if constexpr (is_tls) {
        got = co_await stream_->async_read_next(room, redirected());
      } else {
        got = co_await stream_->async_read_some(room, redirected());
      }
      if (ec_) co_return false;
      buffer_.commit(got);
    }
    registration_->busy = true;
    deadline_->set(header_ms());
    Head head;
    head.header_limit(static_cast<std::uint32_t>(limits().max_header));
    head.body_limit(no_body_limit);
    parse_held(head);
    if (!ec_ && !head.is_header_done()) {
      co_await boost::beast::http::async_read_header(*stream_, buffer_, head, redirected());
    }
    if (ec_) {
      refusal_ = refusal_of(ec_, deadline_->passed());
      co_return co_await refuse();
    }
    if (server_->ws_handler && boost::beast::websocket::is_upgrade(head.get())) {
      co_await serve_websocket(head);
      co_return false;
    }
    if (const auto wait_ms = requests_.take(limits().requests, steady_ms()); wait_ms > 0) {
      refusal_ = too_many_requests(wait_ms);
      co_return co_await refuse();
    }
    const std::size_t limit = body_limit_for(*server_, head.get().target());
    if (head.content_length() && *head.content_length() > limit) {
      refusal_ = body_too_large(limit);
      co_return co_await refuse();
    }
    if (server_->options.refuse_large &&
        head.content_length().value_or(limit) > limits().max_body) {
      refusal_ = server_->options.refuse_large(to_request(head.get().base(), peer_));
      if (refusal_) co_return co_await refuse();
    }
    if (expects_continue(head.get())) {
      co_await boost::asio::async_write(*stream_, boost::asio::buffer(continue_line), redirected());
      if (ec_) co_return false;
    }
    const std::uint64_t announced = head.content_length() ? *head.content_length() : limit;
    deadline_->set(body_ms(limits(), announced));
    Full full(std::move(head));
    full.body_limit(limit);
    full.eager(true);
    if (!full.is_done()) parse_held(full);
    if (!ec_ && !full.is_done()) {
      co_await boost::beast::http::async_read(*stream_, buffer_, full, redirected());
    }
    if (ec_) {
      if (ec_ == boost::beast::http::error::body_limit) {
        refusal_ = body_too_large(limit);
      } else {
        refusal_ = refusal_of(ec_, deadline_->passed());
      }
      co_return co_await refuse();
    }
    deadline_->clear();
    const bool keep_alive = full.keep_alive();
    Message message = full.release();
    co_return co_await answer(std::move(message), keep_alive);
  }

  Task<bool> answer(Message in, bool keep_alive) {
    Request request = to_request(in.base(), peer_);
    request.body = std::move(in.body());
    const bool head_only = request.method == "HEAD";
    const Response response = co_await server_->handler(std::move(request));
    const bool endless = response.stream != nullptr && response.stream_size < 0;
    keep_alive = keep_alive && !server_->stopping && !endless;
    const bool sent = co_await send(response, keep_alive, head_only);
    co_return sent&& keep_alive;
  }

  Task<bool> send(const Response& response, bool keep_alive, bool head_only) {
    std::string first = response_head(response, keep_alive, server_->options.headers);
    ByteView rest = head_only ? ByteView() : ByteView(response.body);
    // A small answer goes out in one piece.
    const std::size_t joined = std::min<std::size_t>(rest.size(), 16 * 1024);
    first += as_text(rest.first(joined));
    rest = rest.subspan(joined);
    ByteView begin = as_bytes(first);
    ec_ = {};  // a refusal may follow an error of reading
    if constexpr (is_tls) {
      // Most answers the socket takes as a whole: those need no operation of their own.
      begin = begin.subspan(stream_->write_now({begin.data(), begin.size()}, ec_));
    }
    if (!begin.empty()) co_await write_all(begin);
    if (!rest.empty()) co_await write_all(rest);
    if (ec_ || head_only || response.stream == nullptr) co_return !ec_;
    co_return co_await send_stream(response);
  }

  Task<void> write_all(ByteView rest) {
    while (!ec_ && !rest.empty()) {
      const ByteView part = rest.first(std::min<std::size_t>(rest.size(), 256 * 1024));
      deadline_->set(limits().request_ms);
      const std::size_t sent = co_await stream_->async_write_some(
          boost::asio::buffer(part.data(), part.size()), redirected());
      rest = rest.subspan(sent);
    }
    deadline_->clear();
  }

  /// False unless all that was announced has gone out.
  Task<bool> send_stream(const Response& response) {
    const bool endless = response.stream_size < 0;
    std::size_t left = endless ? 0 : static_cast<std::size_t>(response.stream_size);
    while (endless || left > 0) {
      const Result<Bytes> part = co_await response.stream->next();
      if (!part) co_return false;
      if (part->empty()) break;
      const ByteView bytes =
          ByteView(*part).first(endless ? part->size() : std::min(part->size(), left));
      left -= endless ? 0 : bytes.size();
      co_await write_all(bytes);
      if (ec_) co_return false;
    }
    co_return left == 0;
  }

  /// Answers with refusal_, if there is one, and ends the connection. What the other side still
  /// sends is read and thrown away for a moment: closing at once would destroy the answer on its
  /// way.
  Task<bool> refuse() {
    if (!refusal_) co_return false;
    ++server_->counts.requests_refused;
    const bool sent = co_await send(*refusal_, false, false);
    if (!sent) co_return false;
    boost::system::error_code ignored;
    if constexpr (!is_tls) {
      stream_->socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
    }
    deadline_->set(linger_ms);
    std::size_t thrown_away = 0;
    while (!ec_ && thrown_away < max_thrown_away) {
      buffer_.clear();
      thrown_away += co_await stream_->async_read_some(buffer_.prepare(16 * 1024), redirected());
    }
    co_return false;
  }

  Task<void> serve_websocket(Head& head) {
    if (buffer_.size() > 0) co_return;  // frames before the handshake
    using WsStream = boost::beast::websocket::stream<Stream>;
    Request request = to_request(head.get().base(), peer_);
    if (server_->options.refuse_upgrade) refusal_ = server_->options.refuse_upgrade(request);
    if (refusal_) {
      co_await refuse();
      co_return;
    }
    deadline_.reset();
    registration_->leave = nullptr;
    registration_->cut = nullptr;
    buffer_.shrink_to_fit();  // it waits for events from here on, for days perhaps
    auto ws = std::make_unique<WsStream>(std::move(*stream_));
    stream_.reset();
    set_timeouts(*ws, limits().idle_ms);
    co_await ws->async_accept(head.get(), redirected());
    if (ec_) co_return;
    const auto queues = start_websocket<Stream>(server_->loop, std::move(ws), limits().max_message);
    registration_->leave = [queues] { queues->close(); };
    registration_->cut = [queues] { queues->cut(); };
    if (server_->stopping) queues->close();
    std::shared_ptr<WebSocket> handle = make_handle(queues);
    ++server_->counts.websockets;
    co_await server_->ws_handler(std::move(request), std::move(handle));
    --server_->counts.websockets;
    queues->close();
    while (queues->tasks > 0) co_await queues->ended.wait(60'000);
  }

  Task<void> farewell() {
    deadline_->set(linger_ms);
    if constexpr (is_tls) {
      if (!ec_) co_await stream_->async_shutdown(redirected());
    }
    lowest(*stream_).close();
  }

  std::shared_ptr<ServerState> server_;
  Registration registration_;
  std::unique_ptr<Stream> stream_;  ///< null once a WebSocket has it
  Peer peer_;
  std::optional<Deadline> deadline_;
  TokenBucket requests_;
  boost::beast::flat_buffer buffer_;
  std::optional<Response> refusal_;  ///< a member: see task.h about temporaries
  boost::system::error_code ec_;
};

}  // namespace hearth::net
