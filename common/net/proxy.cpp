#include "common/net/proxy.h"

#include <charconv>
#include <optional>

#include <arpa/inet.h>

#include "common/base/names.h"
#include "common/crypto/hash.h"
#include "common/net/http.h"

namespace hearth::net {
namespace {

constexpr std::uint8_t version = 5;
constexpr std::uint8_t no_authentication = 0;
constexpr std::uint8_t name_and_password = 2;
constexpr std::uint8_t address_v4 = 1, address_name = 3, address_v6 = 4;
constexpr std::size_t longest_field = 255;

tl::unexpected<Error> refused(std::string_view text) {
  // A password may stand in it: only what follows is shown.
  const std::string_view shown = text.substr(text.rfind('@') + 1);
  return fail(Code::usage, "\"" + printable(shown) +
                               "\" is not a proxy. Write socks5://host:port, or "
                               "socks5://name:password@host:port. Nothing was sent.");
}

std::optional<std::string> decoded(std::string_view text) {
  const auto parts = path_parts("/" + std::string(text));
  if (parts.size() != 1 || parts[0].empty() || parts[0].size() > longest_field) return std::nullopt;
  return parts[0];
}

void put_text(Bytes& out, std::string_view text) {
  out.push_back(static_cast<std::uint8_t>(text.size()));
  append(out, as_bytes(text));
}

void put_address(Bytes& out, const std::string& host) {
  Bytes numeric(16);
  if (inet_pton(AF_INET, host.c_str(), numeric.data()) == 1) {
    out.push_back(address_v4);
    append(out, ByteView(numeric).first(4));
  } else if (inet_pton(AF_INET6, host.c_str(), numeric.data()) == 1) {
    out.push_back(address_v6);
    append(out, numeric);
  } else {
    out.push_back(address_name);
    put_text(out, host);
  }
}

/// RFC 1928 §6; the proxy itself works in those that say "not reached".
const char* not_reached(std::uint8_t reply) {
  switch (reply) {
    case 3:
      return "no road to its network";
    case 4:
      return "no road to that machine";
    case 5:
      return "it refuses the connection";
    case 6:
      return "it is too far away";
    default:
      return nullptr;
  }
}

}  // namespace

std::string Proxy::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return "socks5://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Proxy> parse_proxy(std::string_view text) {
  constexpr std::string_view scheme = "socks5://";
  if (text.size() > 1200 || !text.starts_with(scheme)) return refused(text);
  std::string_view rest = text.substr(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  Proxy proxy;
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view both = rest.substr(0, at);
    const std::size_t colon = both.find(':');
    if (colon == std::string_view::npos || colon == 0) return refused(text);
    const auto user = decoded(both.substr(0, colon));
    const auto password = decoded(both.substr(colon + 1));
    if (!user || !password) return refused(text);
    proxy.user = *user;
    proxy.password = *password;
    rest.remove_prefix(at + 1);
  }
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) return refused(text);
  std::string_view host = rest.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  for (const char c : host) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '.' || c == '-' || (bracketed && c == ':');
    if (!allowed) return refused(text);
  }
  const std::string_view digits = rest.substr(colon + 1);
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, proxy.port);
  if (host.empty() || host.size() > longest_field || error != std::errc() || stopped != end ||
      proxy.port == 0) {
    return refused(text);
  }
  proxy.host = std::string(host);
  return proxy;
}

Proxy with_credentials(Proxy proxy) {
  if (!proxy.user.empty()) return proxy;
  proxy.user = to_hex(crypto::random_array<16>());
  proxy.password = to_hex(crypto::random_array<16>());
  return proxy;
}

SocksTalk::SocksTalk(const Proxy& proxy, std::string host, std::uint16_t port)
    : proxy_(with_credentials(proxy)), host_(std::move(host)), port_(port) {}

Bytes SocksTalk::to_send() const {
  Bytes out;
  switch (step_) {
    case Step::greeting:
      out = {version, 2, name_and_password, no_authentication};
      break;
    case Step::credentials:
      out.push_back(1);  // RFC 1929's own version
      put_text(out, proxy_.user);
      put_text(out, proxy_.password);
      break;
    case Step::connect:
      out = {version, 1, 0};
      put_address(out, host_);
      out.push_back(static_cast<std::uint8_t>(port_ >> 8));
      out.push_back(static_cast<std::uint8_t>(port_ & 0xff));
      break;
    case Step::address:
      break;
  }
  return out;
}

tl::unexpected<Error> SocksTalk::no_sense() const {
  return fail(Code::proxy_failed,
              proxy_.text() +
                  " does not answer as a SOCKS5 proxy; nothing was sent and nothing went around "
                  "it. Check the proxy's address.");
}

Result<void> SocksTalk::take(ByteView bytes) {
  if (bytes.size() != wanted_) return no_sense();
  switch (step_) {
    case Step::greeting:
      if (bytes[0] != version) return no_sense();
      if (bytes[1] == name_and_password) {
        step_ = Step::credentials;
      } else if (bytes[1] == no_authentication) {
        step_ = Step::connect;
        wanted_ = 5;
      } else {
        return fail(Code::proxy_failed,
                    "The proxy " + proxy_.text() +
                        " takes neither a name and a password nor none; nothing was sent and "
                        "nothing went around it.");
      }
      return {};
    case Step::credentials:
      if (bytes[1] != 0) {
        return fail(Code::proxy_failed, "The proxy " + proxy_.text() +
                                            " does not take the name and the password; nothing "
                                            "was sent and nothing went around it. Check both in "
                                            "the proxy's setting.");
      }
      step_ = Step::connect;
      wanted_ = 5;
      return {};
    case Step::connect:
      return take_reply(bytes);
    case Step::address:
      wanted_ = 0;
      return {};
  }
  return no_sense();
}

Result<void> SocksTalk::take_reply(ByteView bytes) {
  if (bytes[0] != version) return no_sense();
  if (const char* why = not_reached(bytes[1])) {
    return fail(Code::unreachable, "The proxy " + proxy_.text() + " did not get through to " +
                                       printable(host_) + " (" + why +
                                       "); nothing was sent. Try again later.");
  }
  if (bytes[1] != 0) {
    const bool by_rule = bytes[1] == 2;
    return fail(Code::proxy_failed,
                "The proxy " + proxy_.text() +
                    (by_rule ? " is not allowed to connect to " : " could not connect to ") +
                    printable(host_) +
                    "; nothing was sent and nothing went around it. Try again later, or ask who "
                    "runs the proxy.");
  }
  // Of the bound address the first byte is here already; it means nothing to us.
  const std::size_t length = bytes[3] == address_v4     ? 4
                             : bytes[3] == address_v6   ? 16
                             : bytes[3] == address_name ? std::size_t{1} + bytes[4]
                                                        : 0;
  if (length == 0) return no_sense();
  step_ = Step::address;
  wanted_ = length - 1 + 2;
  return {};
}

}  // namespace hearth::net
