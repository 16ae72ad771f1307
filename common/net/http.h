// HTTP/1.1 as plain values, so that Beast stays inside net/. Limits are set per server and
// client; what breaks them is answered (413, 431, 408) and logged, never kept.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::net {

/// Header names in lower case.
using Headers = std::map<std::string, std::string>;

// Members have initializers so that callers can name a few: Request{.path = "/v1/keys"}.
struct Request {
  std::string method = "GET";
  std::string path{};   ///< as sent, without the query
  std::string query{};  ///< as sent, without '?'
  Headers headers{};
  Bytes body{};
  std::string remote_ip{};  ///< "127.0.0.1"; empty on a unix socket
  std::uint16_t remote_port = 0;
};

class Body;

struct Response {
  int status = 200;
  Headers headers{};
  Bytes body{};
  std::shared_ptr<Body> stream{};  ///< follows `body`, made while it is sent (body.h)
  std::int64_t stream_size = -1;   ///< its bytes; -1: not known, then the connection ends with it
};

Response json_response(int status, std::string body);
/// 200, of that content type.
Response text_response(std::string_view type, std::string_view text);
/// RFC 9457 problem document (wire::write_problem). With a Retry-After of 1 s when the same
/// request may fare better later: `busy`, `rate_limited`.
Response problem_response(const Error& error);

/// "a=1&b=%20x" → pairs in order, percent-decoded; binary-safe (tracker's info_hash).
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);
std::string percent_encode(ByteView bytes);
/// "/v1/offers/abc" → {"v1","offers","abc"}, percent-decoded.
std::vector<std::string> path_parts(std::string_view path);

}  // namespace hearth::net
