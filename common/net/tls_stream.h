// Inside net/ only: TLS over a socket of ours, as an Asio stream. OpenSSL reads and writes the
// descriptor itself; this waits until it can. Asio's own ssl::stream keeps four buffers of 17 KiB
// for every connection, idle or not; here an idle connection keeps none, since OpenSSL gives its
// records back (SSL_MODE_RELEASE_BUFFERS). docs/decisions/0014 has the numbers.
//
// One read and one write may be under way at a time, as Asio demands of any stream. It must not
// move while one is. Cancelling or closing the socket below ends what waits. Loop thread only.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/role.hpp>
#include <openssl/types.h>

namespace hearth::net {

using PlainStream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;

class TlsStream {
 public:
  using executor_type = PlainStream::executor_type;
  using next_layer_type = PlainStream;
  enum class Side { client, server };

  /// What one call of OpenSSL came to.
  struct Step {
    enum class Next { done, when_readable, when_writable } next = Next::done;
    boost::system::error_code ec;
    std::size_t bytes = 0;
  };

  TlsStream(PlainStream plain, boost::asio::ssl::context& context);
  TlsStream(TlsStream&&) = default;

  executor_type get_executor() { return plain_.get_executor(); }
  PlainStream& next_layer() { return plain_; }
  SSL* native_handle() { return ssl_.get(); }

  /// void(error_code). The socket is connected.
  template <class Token>
  auto async_handshake(Side side, Token&& token) {
    return start<void(boost::system::error_code)>(
        [side](TlsStream& stream) { return stream.handshake_step(side); },
        std::forward<Token>(token));
  }
  /// void(error_code): says goodbye and waits for the other side's.
  template <class Token>
  auto async_shutdown(Token&& token) {
    return start<void(boost::system::error_code)>(
        [](TlsStream& stream) { return stream.shutdown_step(); }, std::forward<Token>(token));
  }
  /// void(error_code, size_t); asio::error::eof after the other side's goodbye.
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return start<void(boost::system::error_code, std::size_t)>(
        [buffer = first_of<boost::asio::mutable_buffer>(buffers)](TlsStream& stream) {
          return stream.read_step(buffer);
        },
        std::forward<Token>(token));
  }
  /// The same for a stream that is quiet now: waits first, instead of a try that comes to nothing.
  template <class Buffers, class Token>
  auto async_read_next(const Buffers& buffers, Token&& token) {
    return start<void(boost::system::error_code, std::size_t)>(
        [buffer = first_of<boost::asio::mutable_buffer>(buffers),
         wait = !holds_bytes()](TlsStream& stream) mutable -> Step {
          if (std::exchange(wait, false)) return {Step::Next::when_readable, {}, 0};
          return stream.read_step(buffer);
        },
        std::forward<Token>(token));
  }
  /// void(error_code, size_t)
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return start<void(boost::system::error_code, std::size_t)>(
        [buffers](TlsStream& stream) {
          // A frame's header and its body go out as one record.
          unsigned char joined[8 * 1024];
          const auto first = first_of<boost::asio::const_buffer>(buffers);
          const std::size_t all = boost::asio::buffer_size(buffers);
          if (first.size() == all || first.size() >= sizeof joined) return stream.write_step(first);
          const std::size_t size = boost::asio::buffer_copy(boost::asio::buffer(joined), buffers);
          return stream.write_step(boost::asio::buffer(joined, size));
        },
        std::forward<Token>(token));
  }
  /// How much of `buffer` goes without waiting; 0 when the socket is full, then write the same with
  /// async_write_some(). Not while a write is under way.
  std::size_t write_now(boost::asio::const_buffer buffer, boost::system::error_code& ec);

 private:
  template <class Signature, class Attempt>
  struct Operation;
  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };

  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto it = boost::asio::buffer_sequence_begin(buffers); it != end; ++it) {
      if (Buffer(*it).size() > 0) return Buffer(*it);
    }
    return Buffer();
  }

  template <class Signature, class Attempt, class Token>
  auto start(Attempt attempt, Token&& token) {
    return boost::asio::async_compose<Token, Signature>(
        Operation<Signature, Attempt>{*this, std::move(attempt), {}, false}, token, plain_);
  }

  Step handshake_step(Side side);
  Step shutdown_step();
  Step read_step(boost::asio::mutable_buffer buffer);
  Step write_step(boost::asio::const_buffer buffer);
  /// What follows from OpenSSL's return value `result`.
  Step judge(int result);
  bool closed();
  /// Read from the socket, not yet by the caller.
  bool holds_bytes() const;

  PlainStream plain_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

/// Tries, waits for the socket, tries again. A first try that succeeds completes through the
/// executor: a handler never runs inside the call that started it.
template <class Signature, class Attempt>
struct TlsStream::Operation {
  TlsStream& stream;
  Attempt attempt;
  std::optional<Step> result;
  bool waited;

  template <class Self>
  void operator()(Self& self, boost::system::error_code ec = {}) {
    if (!result) {
      const Step step = ec ? Step{Step::Next::done, ec, 0} : attempt(stream);
      if (step.next != Step::Next::done) {
        waited = true;
        const bool read = step.next == Step::Next::when_readable;
        stream.plain_.socket().async_wait(
            read ? boost::asio::socket_base::wait_read : boost::asio::socket_base::wait_write,
            std::move(self));
        return;
      }
      result = step;
      if (!waited) {
        boost::asio::post(stream.get_executor(), std::move(self));
        return;
      }
    }
    const Step step = *result;
    if constexpr (std::is_same_v<Signature, void(boost::system::error_code)>) {
      self.complete(step.ec);
    } else {
      self.complete(step.ec, step.bytes);
    }
  }
};

/// How Beast's WebSocket ends the stream below it; found by argument-dependent look-up.
template <class Handler>
void async_teardown(boost::beast::role_type, TlsStream& stream, Handler&& handler) {
  stream.async_shutdown(std::forward<Handler>(handler));
}
void teardown(boost::beast::role_type role, TlsStream& stream, boost::system::error_code& ec);

}  // namespace hearth::net
