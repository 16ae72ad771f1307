#include <charconv>

#include <boost/asio/ip/address.hpp>

#include "common/base/names.h"
#include "common/net/server.h"

namespace hearth::net {

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto refuse = [text] {
    return fail(Code::usage, "\"" + printable(text) +
                                 "\" is not an address to listen on. Write a numeric address and a "
                                 "port, such as 127.0.0.1:7000 or [::1]:7000.");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.size() > 64) return refuse();
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);

  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(std::string(host), ec);
  if (ec || address.is_v6() != bracketed) return refuse();

  Endpoint endpoint{std::string(host), 0};
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, endpoint.port);
  if (digits.empty() || error != std::errc() || stopped != end) return refuse();
  return endpoint;
}

}  // namespace hearth::net
