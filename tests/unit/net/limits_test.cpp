// Who asks too often, too slowly or from too many places.
#include <doctest/doctest.h>

#include "common/net/rate.h"
#include "common/net/server_state.h"
#include "tests/unit/net/net_fixture.h"
#include "tests/unit/net/raw_socket.h"

namespace hearth::net {
namespace {

std::string one_request(RawSocket& socket) {
  if (!socket.send_all("GET /x HTTP/1.1\r\nhost: x\r\n\r\n")) return "";
  return socket.read_until("\r\n\r\n");
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("rate: a burst, then as many as the time brings") {
  const Rate rate{2, 3};
  TokenBucket bucket;
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(rate, 1000) == 0);
  CHECK(bucket.take(rate, 1000) == 500);  // milliseconds until the next
  CHECK(bucket.take(rate, 1250) == 250);  // refused ones cost nothing
  CHECK(bucket.take(rate, 1500) == 0);
  CHECK(bucket.take(rate, 1000) == 500);  // a clock that went back gives nothing
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(rate, 1'000'000) == 0);
  CHECK(bucket.take(rate, 1'000'000) == 500);  // quiet for long: the burst, not more
}

TEST_CASE("rate: no rate is no bound; a rate without burst takes one at a time") {
  TokenBucket free;
  for (int i = 0; i < 1000; ++i) CHECK(free.take(Rate{}, 0) == 0);
  TokenBucket one;
  CHECK(one.take({10, 0}, 0) == 0);
  CHECK(one.take({10, 0}, 0) == 100);
  CHECK(one.take({10, 0}, 100) == 0);
}

TEST_CASE("rate: each key has its own bucket, and the table forgets who was quiet longest") {
  RateTable<int> table({1, 1}, 2);
  CHECK(table.take(1, 0) == 0);
  CHECK(table.take(2, 0) == 0);
  CHECK(table.take(1, 0) == 1000);
  CHECK(table.take(3, 0) == 0);     // 2 is forgotten
  CHECK(table.take(1, 0) == 1000);  // 1 is not
  CHECK(table.size() == 2);
  CHECK(table.take(2, 0) == 0);
}

TEST_CASE("rate: Retry-After is whole seconds, at least one") {
  CHECK(retry_after_s(0) == 1);
  CHECK(retry_after_s(1000) == 1);
  CHECK(retry_after_s(1001) == 2);
}

TEST_CASE("server: an address is an IPv4 address or the /64 of an IPv6 one") {
  struct Row {
    const char* ip;
    const char* group;
  };
  for (const Row& row :
       {Row{"10.0.0.1", "10.0.0.1"}, Row{"::ffff:10.0.0.1", "10.0.0.1"},
        Row{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
        Row{"2001:db8:1:2::9", "2001:db8:1:2::/64"}, Row{"::1", "::/64"}, Row{"", ""}}) {
    CAPTURE(row.ip);
    CHECK(address_group(row.ip) == row.group);
  }
}

TEST_CASE("server: too many requests over one connection are refused with 429") {
  Loop loop;
  Server::Options options{.address = "127.0.0.1"};
  options.limits.requests = {0.001, 2};
  int handled = 0;
  const auto server = start(loop, std::move(options), [&handled](Request request) {
    ++handled;
    return echo(std::move(request));
  });
  beside(loop, [&] {
    RawSocket socket(server->port());
    CHECK(has(one_request(socket), " 200 "));
    CHECK(has(one_request(socket), " 200 "));
    std::string refused = one_request(socket);
    refused += socket.read_all();
    CHECK(has(refused, " 429 "));
    CHECK(has(refused, "retry-after: 1000\r\n"));
    CHECK(has(refused, "rate_limited"));
    CHECK(socket.closed());
    RawSocket another(server->port());
    CHECK(has(one_request(another), " 200 "));
  });
  CHECK(handled == 3);
  CHECK(server->counts().requests_refused == 1);
  CHECK(server->counts().accepted == 2);
}

TEST_CASE("server: too many connections of one address are refused with 429") {
  struct Row {
    const char* name;
    std::size_t at_a_time;
    Rate rate;
  };
  for (const Row& row : {Row{"at a time", 2, {}}, Row{"in a short time", 0, {0.001, 2}}}) {
    CAPTURE(row.name);
    Loop loop;
    Server::Options options{.address = "127.0.0.1"};
    options.limits.max_per_address = row.at_a_time;
    options.limits.connections = row.rate;
    const auto server = start(loop, std::move(options));
    beside(loop, [&] {
      RawSocket first(server->port());
      RawSocket second(server->port());
      CHECK(has(one_request(first), " 200 "));
      CHECK(has(one_request(second), " 200 "));
      RawSocket third(server->port());
      const std::string refused = third.read_all();
      CHECK(has(refused, " 429 "));
      CHECK(has(refused, "retry-after: "));
      CHECK(has(one_request(first), " 200 "));
    });
    CHECK(server->counts().connections_refused == 1);
  }
}

TEST_CASE("server: a handshake and a header must come within header_ms") {
  Loop loop;
  Server::Options options = tls_options();
  options.address = "127.0.0.1";
  options.limits.header_ms = 100;
  const auto tls = start(loop, std::move(options));
  Server::Options plain_options{.address = "127.0.0.1"};
  plain_options.limits.header_ms = 100;
  const auto plain = start(loop, std::move(plain_options));
  beside(loop, [&] {
    RawSocket mute(tls->port());
    REQUIRE(mute.send_all("\x16\x03\x01"));  // the beginning of a handshake
    CHECK(mute.read_all().empty());
    CHECK(mute.closed());
    RawSocket slow(plain->port());
    REQUIRE(slow.send_all("GET / HTTP/1.1\r\nx: "));
    CHECK(has(slow.read_all(), " 408 "));
  });
}

TEST_CASE("server: a body that was let in is answered although the server stops meanwhile") {
  Loop loop;
  auto server = start(loop, Server::Options{.address = "127.0.0.1"});
  beside(loop, [&] {
    RawSocket idle(server->port());
    CHECK(has(one_request(idle), " 200 "));
    RawSocket busy(server->port());
    REQUIRE(busy.send_all("POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n"));
    REQUIRE(has(busy.read_until("\r\n\r\n"), "100 Continue"));
    loop.post([&] { spawn(loop, server->stop(60'000), "stopping"); });
    CHECK(idle.read_all().empty());  // ends at once
    CHECK_FALSE(RawSocket(server->port()).connected());
    REQUIRE(busy.send_all("abc"));
    const std::string answer = busy.read_all();
    CHECK(has(answer, " 200 "));
    CHECK(has(answer, "connection: close"));
    CHECK(answer.ends_with("abc"));
  });
}

}  // namespace hearth::net
