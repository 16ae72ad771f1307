// Inside net/ only: what a session decides, apart from what it does.
#pragma once

#include <limits>
#include <optional>
#include <string_view>

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/system/error_code.hpp>

#include "common/net/server_state.h"

namespace hearth::net {

inline constexpr std::uint64_t no_body_limit = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::int64_t linger_ms = 2'000;
inline constexpr std::size_t max_thrown_away = 8 * 1024 * 1024;
inline constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

using RequestHead = boost::beast::http::header<true, boost::beast::http::fields>;

/// Header names in lower case; of a repeated name the last value. Of a repeated Host all values,
/// which is no host: two parties must not read two different ones.
Request to_request(const RequestHead& head, const Peer& peer);
bool expects_continue(const RequestHead& head);
std::size_t body_limit_for(const ServerState& server, boost::beast::string_view target);

/// The answer to a request that could not be read; nullopt when nobody is left to read one.
std::optional<Response> refusal_of(const boost::system::error_code& ec, bool deadline_passed);
Response body_too_large(std::size_t limit);
Response too_many_connections(Welcome welcome);
Response too_many_requests(std::int64_t wait_ms);
/// How long a body of `announced` bytes may take: who sends less than 16 KiB a second is slow.
std::int64_t body_ms(const ServerLimits& limits, std::uint64_t announced);

}  // namespace hearth::net
