// Frames over a unix socket (docs/protocol.md §11): the node's side of the link to the player.
// Reads and writes are awaited on the loop thread; one reader and one writer at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "common/link/frames.h"
#include "common/net/task.h"

namespace hearth::net {

class FrameConnection {
 public:
  virtual ~FrameConnection() = default;
  /// Code::timeout, Code::unreachable when the other side is gone, Code::too_large above `limit`.
  /// After a failure the connection is of no further use.
  virtual Task<Result<link::Frame>> read(std::size_t limit, std::int64_t timeout_ms) = 0;
  virtual Task<Result<void>> write(link::FrameType type, Bytes body, std::int64_t timeout_ms) = 0;
  /// True when the other side has closed, without waiting.
  virtual bool gone() = 0;
  virtual void close() = 0;
};

class FrameServer {
 public:
  using Handler = std::function<Task<void>(std::shared_ptr<FrameConnection>)>;
  /// Listens at `path` (mode 0600), replacing a socket that a dead process left there. At most
  /// `max_connections` at a time; more are closed at once. Code::io with a sentence.
  static Result<std::unique_ptr<FrameServer>> start(Loop& loop, std::filesystem::path path,
                                                    std::size_t max_connections, Handler handler);
  virtual ~FrameServer() = default;
  /// Stops listening, closes every connection and removes the socket.
  virtual void stop() = 0;
};

}  // namespace hearth::net
