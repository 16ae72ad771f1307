// The road of a home that does not want to be seen: a SOCKS5 proxy (RFC 1928, names and passwords
// RFC 1929), such as Tor's. Names are resolved by the proxy. Whoever has a proxy has no other
// road: what cannot go through it fails with Code::proxy_failed. docs/threats.md says what a proxy
// hides and what it does not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::net {

struct Proxy {
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
  /// Both empty: each connection shows a fresh random name, so that a proxy that keeps the streams
  /// of different names apart (Tor does) leads no two of them over the same way.
  std::string user{};
  std::string password{};
  std::string text() const;  ///< "socks5://host:port", without name and password
};

/// "socks5://host:port" or "socks5://name:password@host:port" (both percent-encoded). Code::usage.
Result<Proxy> parse_proxy(std::string_view text);

/// The name and the password that the next connection shows.
Proxy with_credentials(Proxy proxy);

/// One conversation with a proxy up to the open road: pure, the caller carries the bytes.
class SocksTalk {
 public:
  /// `host`: a name or a numeric address, at most 255 bytes.
  SocksTalk(const Proxy& proxy, std::string host, std::uint16_t port);
  /// What is to be sent now.
  Bytes to_send() const;
  /// How many bytes are to be read next; 0: the road is open.
  std::size_t wanted() const { return wanted_; }
  /// Exactly the wanted bytes. Code::proxy_failed, Code::unreachable (the proxy's word that it did
  /// not get through).
  Result<void> take(ByteView bytes);

 private:
  enum class Step { greeting, credentials, connect, address };
  Result<void> take_reply(ByteView bytes);
  tl::unexpected<Error> no_sense() const;

  Proxy proxy_;
  std::string host_;
  std::uint16_t port_;
  Step step_ = Step::greeting;
  std::size_t wanted_ = 2;
};

}  // namespace hearth::net
