// Inside net/ only: the two kinds of stream that sessions and clients run on, and the deadline
// that every wait on them has. TCP and unix sockets share one type (Asio's generic stream), so
// that Beast's templates are compiled twice and not four times.
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/base/error.h"
#include "common/identity/cards.h"
#include "common/net/tls.h"
#include "common/net/tls_stream.h"

namespace hearth::net {

inline PlainStream& lowest(PlainStream& stream) {
  return stream;
}
inline PlainStream& lowest(TlsStream& stream) {
  return stream.next_layer();
}

/// TLS 1.3 alone, no tickets, no session cache.
Result<std::shared_ptr<boost::asio::ssl::context>> server_context(const TlsIdentity& identity);
boost::asio::ssl::context& client_context();
/// The handshake fails unless the server's key is `pin`; pin_mismatch() tells that failure from
/// others. Call before the handshake.
void expect_pin(TlsStream& stream, const identity::TlsPin& pin);
bool pin_mismatch(TlsStream& stream);

/// Cancels what waits on a stream when its time is over; the stream itself stays usable, so that
/// the other side can still be told. Same thread as the stream.
class Deadline {
 public:
  explicit Deadline(PlainStream& stream);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  /// Replaces the earlier deadline.
  void set(std::int64_t ms);
  void clear();
  bool passed() const;

 private:
  struct State;
  static void wait(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
};

}  // namespace hearth::net
