#include "common/net/http.h"

#include <doctest/doctest.h>

#include "common/net/client.h"
#include "common/net/client_rules.h"
#include "common/net/http_text.h"
#include "common/net/server.h"

namespace hearth::net {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("http: queries") {
  const std::pair<std::string_view, Pairs> table[] = {
      {"", {}},
      {"a=1", {{"a", "1"}}},
      {"a=1&b=%20x", {{"a", "1"}, {"b", " x"}}},
      {"b=2&a=1&b=3", {{"b", "2"}, {"a", "1"}, {"b", "3"}}},
      {"a", {{"a", ""}}},
      {"a=", {{"a", ""}}},
      {"=x", {{"", "x"}}},
      {"&&a=1&", {{"a", "1"}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"h=%00%ff%Fe", {{"h", std::string("\0\xff\xfe", 3)}}},
      {"p=100%", {{"p", "100%"}}},
      {"p=%4", {{"p", "%4"}}},
      {"p=%zz+", {{"p", "%zz+"}}},
      {"%61=1", {{"a", "1"}}},
  };
  for (const auto& [query, pairs] : table) {
    CAPTURE(query);
    CHECK(parse_query(query) == pairs);
  }
}

TEST_CASE("http: percent encoding is undone by a query") {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(i));
  const std::string encoded = percent_encode(all);
  CHECK(percent_encode(as_bytes("aZ09-._~ /+")) == "aZ09-._~%20%2F%2B");
  const auto pairs = parse_query("x=" + encoded);
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].second == as_text(all));
}

TEST_CASE("http: paths") {
  using Parts = std::vector<std::string>;
  const std::pair<std::string_view, Parts> table[] = {
      {"", {}},
      {"/", {}},
      {"/v1/offers/abc", {"v1", "offers", "abc"}},
      {"/v1//offers/", {"v1", "offers"}},
      {"/a%2Fb/%2e%2e", {"a/b", ".."}},
      {"/%", {"%"}},
      {"no/root", {"no", "root"}},
  };
  for (const auto& [path, parts] : table) {
    CAPTURE(path);
    CHECK(path_parts(path) == parts);
  }
}

TEST_CASE("http: addresses to listen on") {
  struct Row {
    std::string_view text;
    std::string_view address;
    int port;  // -1: refused
  };
  const Row table[] = {
      {"127.0.0.1:7000", "127.0.0.1", 7000},
      {"0.0.0.0:0", "0.0.0.0", 0},
      {"[::1]:7000", "::1", 7000},
      {"[::]:65535", "::", 65535},
      {"127.0.0.1", "", -1},
      {"127.0.0.1:", "", -1},
      {"127.0.0.1:65536", "", -1},
      {"127.0.0.1:-1", "", -1},
      {"127.0.0.1:70x", "", -1},
      {"::1:7000", "", -1},
      {"[127.0.0.1]:7000", "", -1},
      {"localhost:7000", "", -1},
      {":7000", "", -1},
      {"[]:7000", "", -1},
      {"", "", -1},
  };
  for (const Row& row : table) {
    CAPTURE(row.text);
    const auto endpoint = parse_endpoint(row.text);
    REQUIRE(endpoint.has_value() == (row.port >= 0));
    if (endpoint) {
      CHECK(endpoint->address == row.address);
      CHECK(endpoint->port == row.port);
    } else {
      CHECK(endpoint.error().code == Code::usage);
    }
  }
}

TEST_CASE("http: addresses of servers") {
  const auto good = parse_https_url("https://ledger.example:7000/");
  REQUIRE(good.has_value());
  CHECK(good->host == "ledger.example");
  CHECK(good->port == 7000);
  CHECK(good->url() == "https://ledger.example:7000");
  const auto six = parse_https_url("https://[2001:db8::1]:443");
  REQUIRE(six.has_value());
  CHECK(six->host == "2001:db8::1");
  for (const char* bad :
       {"", "http://a:1", "https://a", "https://a:0", "https://a:99999", "https://:1",
        "https://a:1/path", "https://a\r\nx:1", "https://u@a:1", "https://[::1]", "https://[]:1"}) {
    CAPTURE(bad);
    const auto refused = parse_https_url(bad);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::usage);
  }
}

TEST_CASE("http: text of strangers cannot start a header of its own") {
  Response response;
  response.headers["content-disposition"] = "attachment; filename=a\r\nx-evil: 1";
  response.headers["bad name"] = "left out";
  response.headers["content-length"] = "999";
  const std::string head = response_head(response, true);
  CHECK(head ==
        "HTTP/1.1 200 OK\r\n"
        "content-disposition: attachment; filename=a  x-evil: 1\r\n"
        "content-length: 0\r\n\r\n");

  Request request;
  request.path = "/a b";
  CHECK_FALSE(request_head(request, "h").has_value());
  request.path = "/a\r\nx: 1";
  CHECK_FALSE(request_head(request, "h").has_value());
  request.path = "no-root";
  CHECK_FALSE(request_head(request, "h").has_value());
}

TEST_CASE("http: headers of every answer stand back behind the answer's own") {
  Response response;
  response.headers["cache-control"] = "no-cache";
  const std::string head =
      response_head(response, true, {{"cache-control", "no-store"}, {"x-always", "yes"}});
  CHECK(head.find("cache-control: no-cache\r\n") != std::string::npos);
  CHECK(head.find("no-store") == std::string::npos);
  CHECK(head.find("x-always: yes\r\n") != std::string::npos);
}

TEST_CASE("http: a problem document comes back as the error it was") {
  const Error error{Code::insufficient_funds, "The wallet holds 1.00 EUR; nothing was charged."};
  const Response response = problem_response(error);
  CHECK(response.status == 402);
  CHECK(response.headers.at("content-type") == "application/problem+json");
  const auto back = accepted(response);
  REQUIRE_FALSE(back.has_value());
  CHECK(back.error().code == error.code);
  CHECK(back.error().sentence == error.sentence);

  CHECK(accepted(json_response(201, "{}")).has_value());
  Response nonsense;
  nonsense.status = 503;
  nonsense.body = to_bytes(as_bytes("<html>"));
  CHECK_FALSE(accepted(nonsense).has_value());
}

}  // namespace hearth::net
