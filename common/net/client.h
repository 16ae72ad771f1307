// Clients. Each request opens a connection of its own, without session resumption: two requests
// of one home have nothing in common that the server could link (docs/threats.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "common/identity/cards.h"
#include "common/net/http.h"
#include "common/net/proxy.h"
#include "common/net/server.h"
#include "common/net/task.h"

namespace hearth::net {

/// A server reached over TLS 1.3 whose certificate must have the pinned key.
struct PinnedServer {
  std::string url;  ///< https://host:port
  identity::TlsPin pin{};
  std::optional<Proxy> proxy{};  ///< the only road there, when there is one
};

struct ClientLimits {
  std::size_t max_body = 8 * 1024 * 1024;
};

/// Loop thread only. Code::unreachable, Code::timeout, Code::wrong_pin, Code::too_large,
/// Code::bad_answer, Code::proxy_failed. A problem document from the server arrives as a Response,
/// not an Error; see accepted().
Task<Result<Response>> https_request(Loop& loop, PinnedServer server, Request request,
                                     std::int64_t timeout_ms, ClientLimits limits = {});
Task<Result<std::shared_ptr<WebSocket>>> wss_connect(Loop& loop, PinnedServer server,
                                                     std::string path, std::int64_t timeout_ms);

/// 2xx: the response; otherwise the problem document as an Error.
Result<Response> accepted(Result<Response> response);

/// Blocking, for the command lines. Code::unreachable when nothing listens there.
Result<Response> unix_request(const std::filesystem::path& socket, Request request,
                              std::int64_t timeout_ms);

}  // namespace hearth::net
