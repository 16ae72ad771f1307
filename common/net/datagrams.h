// A UDP socket that answers: each packet is shown to a handler, what that gives goes back to where
// the packet came from. A bounded number of answers a second, so that nobody is flooded through it.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/base/bytes.h"
#include "common/net/server.h"

namespace hearth::net {

class Datagrams {
 public:
  /// nullopt: silence.
  using Handler = std::function<std::optional<Bytes>(ByteView packet, const std::string& from_ip)>;
  /// Code::io with a sentence (address in use, not allowed).
  static Result<std::unique_ptr<Datagrams>> listen(Loop& loop, const Endpoint& endpoint,
                                                   Handler handler);
  virtual ~Datagrams() = default;
  virtual std::uint16_t port() const = 0;
};

}  // namespace hearth::net
