#include "common/net/session_rules.h"

#include <algorithm>

#include <boost/asio/ip/address_v6.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

#include "common/base/log.h"

namespace hearth::net {

namespace http = boost::beast::http;

namespace {

std::string lower(boost::beast::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Response refusal(int status, Code code, std::string sentence) {
  Response response = problem_response(Error{code, std::move(sentence)});
  response.status = status;
  return response;
}

}  // namespace

Request to_request(const RequestHead& head, const Peer& peer) {
  Request request;
  request.method = std::string(head.method_string());
  const std::string_view target(head.target().data(), head.target().size());
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = std::string(target.substr(0, question));
  if (question < target.size()) request.query = std::string(target.substr(question + 1));
  for (const auto& field : head) {
    std::string& value = request.headers[lower(field.name_string())];
    const bool again = field.name() == http::field::host && !value.empty();
    value = again ? value + ", " + std::string(field.value()) : std::string(field.value());
  }
  request.remote_ip = peer.ip;
  request.remote_port = peer.port;
  return request;
}

bool expects_continue(const RequestHead& head) {
  return lower(head[http::field::expect]) == "100-continue";
}

std::size_t body_limit_for(const ServerState& server, boost::beast::string_view target) {
  const std::size_t usual = server.options.limits.max_body;
  if (!server.options.body_limit) return usual;
  const std::string_view path(target.data(), std::min(target.find('?'), target.size()));
  return std::max(usual, server.options.body_limit(path));
}

std::optional<Response> refusal_of(const boost::system::error_code& ec, bool deadline_passed) {
  if (deadline_passed) {
    spdlog::debug("a request did not arrive in time");
    return refusal(408, Code::timeout,
                   "The request did not arrive in time; nothing was done. Send it again.");
  }
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    spdlog::info("refused a request: its header is too large");
    return refusal(431, Code::too_large,
                   "The request's header is larger than this server takes; nothing was done.");
  }
  if (ec == http::error::end_of_stream || ec == http::error::partial_message) return std::nullopt;
  if (ec.category() == http::make_error_code(http::error::bad_method).category()) {
    spdlog::info("refused a request that is not HTTP/1.1: {}", ec.message());
    return refusal(400, Code::usage, "This is not an HTTP/1.1 request; nothing was done.");
  }
  return std::nullopt;
}

Response body_too_large(std::size_t limit) {
  spdlog::info("refused a request: its body is larger than {} bytes", limit);
  return refusal(413, Code::too_large,
                 "The request's body is larger than the " + std::to_string(limit) +
                     " bytes that are allowed here; nothing was done.");
}

Response too_many_connections(Welcome welcome) {
  if (welcome == Welcome::too_many_here) {
    return problem_response({Code::rate_limited,
                             "Too many connections come from this address; nothing was done. Try "
                             "again in a moment."});
  }
  return problem_response({Code::busy,
                           "The server has as many connections as it takes; nothing was done. Try "
                           "again in a moment."});
}

Response too_many_requests(std::int64_t wait_ms) {
  spdlog::info("refused a request: too many over one connection");
  Response out = problem_response({Code::rate_limited,
                                   "Too many requests came over this connection; nothing was done. "
                                   "Send it again in a moment."});
  out.headers["retry-after"] = std::to_string(retry_after_s(wait_ms));
  return out;
}

std::int64_t body_ms(const ServerLimits& limits, std::uint64_t announced) {
  constexpr std::uint64_t slowest_per_ms = 16;
  return limits.request_ms + static_cast<std::int64_t>(announced / slowest_per_ms);
}

std::string address_group(const std::string& ip) {
  if (ip.find(':') == std::string::npos) return ip;
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address_v6(ip, ec);
  if (ec) return ip;
  if (address.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address).to_string();
  }
  auto bytes = address.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace hearth::net
