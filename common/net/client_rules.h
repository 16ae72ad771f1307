// Inside net/ only: what a client decides and says, apart from what it does.
#pragma once

#include <string>
#include <string_view>

#include <boost/beast/http/fields.hpp>
#include <boost/system/error_code.hpp>

#include "common/net/http.h"
#include "common/net/proxy.h"

namespace hearth::net {

struct Address {
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
  std::string authority;  ///< as it stands in the URL
  std::string url() const { return "https://" + authority; }
};
/// "https://host:port", optionally with one '/' at the end. Code::usage.
Result<Address> parse_https_url(std::string_view url);

Headers to_headers(const boost::beast::http::fields& fields);

// Before the request left.
Error does_not_answer(const std::string& to, const boost::system::error_code& ec);
Error proxy_does_not_answer(const Proxy& proxy, const boost::system::error_code& ec);
Error other_key(const std::string& to);
// Once it may have left.
Error no_answer_in_time(const std::string& to);
Error unreadable_answer(const std::string& to, const boost::system::error_code& ec,
                        std::size_t max_body);

}  // namespace hearth::net
