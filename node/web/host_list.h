// Under which names the page is served. A site of a stranger can make its own name resolve to this
// home (DNS rebinding), and the browser then believes that both are one: so every request, the
// WebSocket's too, must name a host of this list. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.h"

namespace hearth::node {

struct HostPort {
  std::string name;         ///< lower case; of an IPv6 address the canonical form, without brackets
  std::uint16_t port = 80;  ///< 80 when it says none
  bool is_address = false;
  bool operator==(const HostPort&) const = default;
};

/// The value of a Host header: "name", "name:port", "192.168.1.5:80", "[fe80::1]:80". nullopt:
/// anything else, a zone, user name or list in it included.
std::optional<HostPort> parse_host(std::string_view text);

class HostList {
 public:
  /// `machine`: this machine's host name; `allowed`: what the home's people added, names or
  /// addresses without ports. Code::usage names the one that is neither.
  static Result<HostList> make(std::string_view machine, const std::vector<std::string>& allowed);
  /// `own_addresses`: of this machine's interfaces.
  bool allows(const HostPort& host, const std::vector<std::string>& own_addresses) const;
  /// What the home's people added.
  const std::vector<std::string>& added() const { return added_; }

 private:
  std::string machine_;  ///< "name.local"; empty: the machine has no such name
  std::vector<std::string> added_;
};

/// What a page of that address has as its origin: "http://192.168.1.5:8080". `host` as sent.
std::string origin_of(std::string_view host, bool tls);

/// Where people find the page: an added name, else the address that is listened on, else the first
/// of this machine's that others reach, else localhost.
std::string page_url(std::string_view listen_address, std::uint16_t port, const HostList& hosts,
                     const std::vector<std::string>& own_addresses, bool tls);

}  // namespace hearth::node
