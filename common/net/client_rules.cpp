#include "common/net/client_rules.h"

#include <charconv>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>

#include "common/base/names.h"
#include "common/net/client.h"
#include "common/wire/documents.h"

namespace hearth::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

Result<Address> parse_https_url(std::string_view url) {
  const auto refuse = [url] {
    return fail(Code::usage, "\"" + printable(url) +
                                 "\" is not an address of the form https://host:port; nothing was "
                                 "sent.");
  };
  constexpr std::string_view scheme = "https://";
  if (url.size() > 300 || url.substr(0, scheme.size()) != scheme) return refuse();
  std::string_view rest = url.substr(scheme.size());
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  for (const char c : rest) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' ||
                         c == ']';
    if (!allowed) return refuse();
  }
  Address address;
  address.authority = std::string(rest);
  const bool bracketed = !rest.empty() && rest.front() == '[';
  const std::size_t host_end = bracketed ? rest.find("]:") : rest.find(':');
  if (host_end == std::string_view::npos) return refuse();
  address.host = std::string(rest.substr(bracketed ? 1 : 0, host_end - (bracketed ? 1 : 0)));
  const std::string_view digits = rest.substr(host_end + (bracketed ? 2 : 1));
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, address.port);
  if (address.host.empty() || error != std::errc() || stopped != end || address.port == 0) {
    return refuse();
  }
  return address;
}

Headers to_headers(const http::fields& fields) {
  Headers headers;
  for (const auto& field : fields) {
    std::string name(field.name_string());
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    headers[name] = std::string(field.value());
  }
  return headers;
}

Error does_not_answer(const std::string& to, const error_code& ec) {
  if (ec == asio::error::timed_out) {
    return {Code::timeout, "The ledger at " + to +
                               " does not answer in time; nothing was sent. Check the network and "
                               "that the ledger runs, then try again."};
  }
  return {Code::unreachable, "The ledger at " + to + " does not answer (" + ec.message() +
                                 "); nothing was sent. Check the network and that the ledger "
                                 "runs, then try again."};
}

Error proxy_does_not_answer(const Proxy& proxy, const error_code& ec) {
  const bool late = ec == asio::error::timed_out;
  return {Code::proxy_failed,
          "The proxy " + proxy.text() + " does not answer" +
              (late ? std::string(" in time") : " (" + ec.message() + ")") +
              "; nothing was sent and nothing went around it. Check that the proxy runs, then try "
              "again."};
}

Error other_key(const std::string& to) {
  return {Code::wrong_pin,
          "The server at " + to +
              " is not the pinned one: its certificate has another key. Nothing was sent and "
              "nothing was charged. Somebody may stand in between; or the ledger was set up anew: "
              "then ask its operator, in a way that you trust, for the new ledger card."};
}

Error no_answer_in_time(const std::string& to) {
  return {Code::timeout, "No answer from " + to +
                             " in time; it is not known whether the request arrived. Repeating it "
                             "is safe."};
}

Error unreadable_answer(const std::string& to, const error_code& ec, std::size_t max_body) {
  if (ec == http::error::body_limit) {
    return {Code::too_large, "The answer of " + to + " is larger than the " +
                                 std::to_string(max_body) +
                                 " bytes that are accepted. The request arrived; repeating it "
                                 "is safe."};
  }
  const bool not_http = ec.category() == http::make_error_code(http::error::bad_method).category();
  if (not_http && ec != http::error::end_of_stream && ec != http::error::partial_message) {
    return {Code::bad_answer, "The answer of " + to + " is not HTTP/1.1 (" + ec.message() +
                                  "); it is not known whether the request was carried out. "
                                  "Repeating it is safe."};
  }
  return {Code::unreachable, "The connection to " + to + " ended before the answer came (" +
                                 ec.message() +
                                 "); it is not known whether the request arrived. Repeating it is "
                                 "safe."};
}

Result<Response> accepted(Result<Response> response) {
  if (!response || (response->status >= 200 && response->status < 300)) return response;
  return pass_on(wire::read_problem(response->body, response->status));
}

}  // namespace hearth::net
