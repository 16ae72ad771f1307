// HTTP and WebSocket server over TLS 1.3, plain TCP (tracker for stock clients only) or a unix
// socket (0600). Lives on the loop thread; handlers are coroutines there.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/net/http.h"
#include "common/net/rate.h"
#include "common/net/task.h"
#include "common/net/tls.h"

namespace hearth::net {

/// One WebSocket connection, server or client side. Loop thread only.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  /// The next message, at most max_message bytes; Code::unreachable when closed,
  /// Code::timeout after timeout_ms without one (pings keep the connection itself alive).
  virtual Task<Result<Bytes>> read(std::int64_t timeout_ms) = 0;
  /// Text frame. Queued, at most 256 messages, else Code::busy.
  virtual Task<Result<void>> write(std::string text) = 0;
  virtual void close() = 0;
};

struct ServerLimits {
  std::size_t max_header = 16 * 1024;
  std::size_t max_body = 1024 * 1024;  ///< may be raised per path by `body_limit`
  std::size_t max_connections = 4096;
  std::size_t max_per_address = 0;       ///< connections; of an IPv6 address, its /64. 0: no bound
  std::size_t max_message = 512 * 1024;  ///< WebSocket
  Rate requests{};                       ///< of one connection
  Rate connections{};                    ///< new ones of one address
  std::int64_t idle_ms = 60'000;
  std::int64_t header_ms = 10'000;  ///< for the handshake, and for a header; at most request_ms
  /// For a body (and a second more for each 16 KiB of it), and for each part of an answer.
  std::int64_t request_ms = 30'000;
};

/// Since the start, except `open` and `websockets`.
struct ServerCounts {
  std::size_t open = 0;
  std::size_t websockets = 0;
  std::uint64_t accepted = 0;
  std::uint64_t connections_refused = 0;  ///< too many, in all or of one address
  std::uint64_t requests_refused = 0;     ///< no handler saw them: size, time, rate, form
};

class Server {
 public:
  using Handler = std::function<Task<Response>(Request)>;
  /// Takes over an upgraded connection; the connection closes when the task ends.
  using WsHandler = std::function<Task<void>(Request, std::shared_ptr<WebSocket>)>;

  struct Options {
    std::string address{};              ///< "127.0.0.1"
    std::uint16_t port = 0;             ///< 0: any free one, see port()
    std::filesystem::path unix_path{};  ///< instead of address and port
    std::optional<TlsIdentity> tls{};   ///< none: plain
    ServerLimits limits{};
    std::function<std::size_t(std::string_view path)> body_limit{};  ///< optional
    /// Asked, with its head alone, before a body of more than max_body is read; what it gives is
    /// answered instead. So nobody fills the memory who may not.
    std::function<std::optional<Response>(const Request&)> refuse_large{};
    /// Asked before a connection becomes a WebSocket; what it gives is answered instead.
    std::function<std::optional<Response>(const Request&)> refuse_upgrade{};
    Headers headers{};  ///< on every answer that has none of that name, refusals included
  };

  /// Listens at once. Code::io with a sentence (address in use, not allowed).
  static Result<std::unique_ptr<Server>> start(Loop& loop, Options options, Handler handler,
                                               WsHandler ws_handler = nullptr);
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  virtual ServerCounts counts() const = 0;
  /// From the call on no new connections; requests under way finish within `grace_ms` of it, the
  /// rest is cut when the task has run.
  virtual Task<void> stop(std::int64_t grace_ms) = 0;
};

/// "127.0.0.1:7000", "[::1]:7000". Code::usage.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace hearth::net
