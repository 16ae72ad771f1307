#include "node/web/host_list.h"

#include <algorithm>

#include <arpa/inet.h>

#include "common/base/names.h"
#include "common/base/typed_text.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_name = 253;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/// The one way in which an address is written; nullopt when it is none.
std::optional<std::string> canonical_address(const std::string& text, int family) {
  unsigned char bytes[16];
  char out[INET6_ADDRSTRLEN];
  if (inet_pton(family, text.c_str(), bytes) != 1) return std::nullopt;
  if (inet_ntop(family, bytes, out, sizeof out) == nullptr) return std::nullopt;
  return std::string(out);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint32_t port = 0;
  if (text.empty() || text.size() > 5) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    port = port * 10 + static_cast<std::uint32_t>(c - '0');
  }
  if (port == 0 || port > 65'535) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

bool fill_name(std::string_view text, HostPort& out) {
  std::string name = lower_case(std::string(text));
  if (name.ends_with('.')) name.pop_back();  // a name that is written to its root is the same
  if (name.empty() || name.size() > max_name || name.front() == '.') return false;
  if (!std::all_of(name.begin(), name.end(), is_name_character)) return false;
  out.is_address = canonical_address(name, AF_INET).has_value();
  out.name = std::move(name);
  return true;
}

std::string in_url(const std::string& name) {
  return name.find(':') == std::string::npos ? name : "[" + name + "]";
}

}  // namespace

std::optional<HostPort> parse_host(std::string_view text) {
  HostPort out;
  if (text.empty() || text.size() > max_name + 8) return std::nullopt;
  std::string_view rest;
  if (text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const auto address = canonical_address(std::string(text.substr(1, end - 1)), AF_INET6);
    if (!address) return std::nullopt;
    out.name = *address;
    out.is_address = true;
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (!fill_name(text.substr(0, colon), out)) return std::nullopt;
    rest = text.substr(colon);
  }
  if (rest.empty()) return out;
  const auto port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
  if (!port) return std::nullopt;
  out.port = *port;
  return out;
}

Result<HostList> HostList::make(std::string_view machine, const std::vector<std::string>& allowed) {
  HostList list;
  // "anna-pc.lan" is announced as "anna-pc.local".
  const auto own = parse_host(machine.substr(0, std::min(machine.find('.'), machine.size())));
  if (own && !own->is_address) list.machine_ = own->name + ".local";
  for (const std::string& text : allowed) {
    const bool bare_v6 = std::count(text.begin(), text.end(), ':') > 1 && !text.starts_with('[');
    const auto host = parse_host(bare_v6 ? "[" + text + "]" : text);
    if (!host || (!bare_v6 && text.find(':') != std::string::npos && !text.ends_with(']'))) {
      return fail(Code::usage, "--allow-host takes a name or an address without a port, not " +
                                   printable(text) + ". Nothing was started.");
    }
    list.added_.push_back(host->name);
  }
  return list;
}

bool HostList::allows(const HostPort& host, const std::vector<std::string>& own_addresses) const {
  const auto holds = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), host.name) != list.end();
  };
  if (holds(added_)) return true;
  if (host.is_address) return holds(own_addresses);
  return host.name == "localhost" || (!machine_.empty() && host.name == machine_);
}

std::string origin_of(std::string_view host, bool tls) {
  return (tls ? "https://" : "http://") + lower_case(std::string(host));
}

std::string page_url(std::string_view listen_address, std::uint16_t port, const HostList& hosts,
                     const std::vector<std::string>& own_addresses, bool tls) {
  const bool everywhere = listen_address == "0.0.0.0" || listen_address == "::";
  std::string name = "localhost";
  if (!hosts.added().empty()) {
    name = hosts.added().front();
  } else if (!everywhere) {
    name = listen_address;
  } else {
    const auto reachable =
        std::find_if(own_addresses.begin(), own_addresses.end(), [](const std::string& address) {
          const bool is_v6 = address.find(':') != std::string::npos;
          return !is_v6 && !address.starts_with("127.");
        });
    if (reachable != own_addresses.end()) name = *reachable;
  }
  const bool usual = port == (tls ? 443 : 80);
  return (tls ? "https://" : "http://") + in_url(name) +
         (usual ? std::string() : ":" + std::to_string(port)) + "/";
}

}  // namespace hearth::node
