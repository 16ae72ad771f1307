// Bytes that no well-behaved client sends, thrown at a plain server.
#include <random>

#include <doctest/doctest.h>

#include "tests/unit/net/net_fixture.h"
#include "tests/unit/net/raw_socket.h"

namespace hearth::net {
namespace {

std::string answer_to(std::uint16_t port, std::string_view bytes, bool end = false) {
  RawSocket socket(port);
  socket.send_all(bytes);
  if (end) socket.end_of_sending();
  return socket.read_all();
}

int status_of(const std::string& answer) {
  return answer.size() > 12 && answer.rfind("HTTP/1.1 ", 0) == 0 ? std::stoi(answer.substr(9, 3))
                                                                 : 0;
}

constexpr std::string_view good = "GET /ok HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

}  // namespace

TEST_CASE("server: what is not a request is answered or closed, never kept") {
  struct Row {
    const char* what;
    std::string bytes;
    int status;  // 0: closed without an answer
  };
  const std::string chunked = "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n";
  const Row table[] = {
      {"a good one", std::string(good), 200},
      {"no HTTP", "\x16\x03\x01 hello\r\n\r\n", 400},
      {"a header line without a colon", "GET / HTTP/1.1\r\nnonsense\r\n\r\n", 400},
      {"two different lengths",
       "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", 400},
      {"length and chunks", chunked + "content-length: 3\r\n\r\n", 400},
      {"a negative length", "POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n", 400},
      {"a length beyond 64 bits", "POST / HTTP/1.1\r\ncontent-length: 99999999999999999999\r\n\r\n",
       400},
      {"a huge length", "POST / HTTP/1.1\r\ncontent-length: 9000000000000000000\r\n\r\n", 413},
      {"a body over the limit", "POST / HTTP/1.1\r\ncontent-length: 1001\r\n\r\n", 413},
      {"chunks over the limit", chunked + "\r\n3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n",
       413},
      {"a chunk of nonsense size", chunked + "\r\nzz\r\n", 400},
      {"a header over the limit", "GET / HTTP/1.1\r\nx: " + std::string(5000, 'x') + "\r\n\r\n",
       431},
      {"a header that never ends", "GET / HTTP/1.1\r\n" + std::string(300'000, 'x'), 431},
      {"odd bytes in the target", "GET /\xff\xfe%00%zz?\x80 HTTP/1.1\r\nconnection: close\r\n\r\n",
       200},
      {"the other form of a target", "GET http://a/b HTTP/1.1\r\nconnection: close\r\n\r\n", 200},
      {"an upgrade where there is none",
       "GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade, close\r\n"
       "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
       200},
  };
  Loop loop;
  Server::Options options{.address = "127.0.0.1"};
  options.limits.max_header = 4096;
  options.limits.max_body = 1000;
  const auto server = start(loop, std::move(options));
  beside(loop, [&] {
    for (const Row& row : table) {
      CAPTURE(row.what);
      CHECK(status_of(answer_to(server->port(), row.bytes)) == row.status);
    }
  });
}

TEST_CASE("server: half a request, then nothing more") {
  Loop loop;
  const auto server = start(loop, {.address = "127.0.0.1"});
  beside(loop, [&] {
    for (std::size_t size = 0; size < good.size(); size += 7) {
      CHECK(answer_to(server->port(), good.substr(0, size), true).empty());
    }
    CHECK(answer_to(server->port(), "POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc", true) == "");
    CHECK(status_of(answer_to(server->port(), good)) == 200);
  });
}

TEST_CASE("server: too slow a request is told so") {
  Loop loop;
  Server::Options options{.address = "127.0.0.1"};
  options.limits.request_ms = 50;
  const auto server = start(loop, std::move(options));
  beside(loop, [&] {
    CHECK(status_of(answer_to(server->port(), "GET / HT")) == 408);
    CHECK(status_of(answer_to(server->port(), "POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nab")) ==
          408);
  });
}

TEST_CASE("server: an idle connection is closed in silence") {
  Loop loop;
  Server::Options options{.address = "127.0.0.1"};
  options.limits.idle_ms = 50;
  const auto server = start(loop, std::move(options));
  beside(loop, [&] {
    RawSocket socket(server->port());
    CHECK(socket.read_all() == "");
    CHECK(socket.closed());
  });
}

TEST_CASE("server: several requests over one connection, also sent at once") {
  Loop loop;
  const auto server = start(loop, {.address = "127.0.0.1"});
  beside(loop, [&] {
    RawSocket socket(server->port());
    REQUIRE(socket.send_all("POST /1 HTTP/1.1\r\ncontent-length: 3\r\n\r\none"));
    CHECK(socket.read_until("one").find("x-path: /1\r\n") != std::string::npos);
    const std::string two = "POST /2 HTTP/1.1\r\ncontent-length: 3\r\n\r\ntwo";
    const std::string three = "HEAD /3 HTTP/1.1\r\nX-A: 1\r\nx-a: 2\r\nconnection: close\r\n\r\n";
    REQUIRE(socket.send_all(two + three));
    const std::string both = socket.read_all();
    CHECK(both.find("x-path: /2\r\n") < both.find("x-path: /3\r\n"));
    CHECK(both.substr(both.size() - 4) == "\r\n\r\n");
  });
}

TEST_CASE("server: 100-continue before a body that is welcome, 413 before one that is not") {
  Loop loop;
  const auto server = start(loop, {.address = "127.0.0.1"});
  beside(loop, [&] {
    const std::string expects = "POST / HTTP/1.1\r\nexpect: 100-continue\r\nconnection: close\r\n";
    RawSocket welcome(server->port());
    REQUIRE(welcome.send_all(expects + "content-length: 3\r\n\r\n"));
    CHECK(welcome.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    REQUIRE(welcome.send_all("abc"));
    CHECK(status_of(welcome.read_all()) == 200);
    CHECK(status_of(answer_to(server->port(), expects + "content-length: 3000000\r\n\r\n")) == 413);
  });
}

TEST_CASE("server: connections beyond the limit get 503, and room again later") {
  Loop loop;
  Server::Options options{.address = "127.0.0.1"};
  options.limits.max_connections = 2;
  const auto server = start(loop, std::move(options));
  beside(loop, [&] {
    {
      RawSocket first(server->port());
      RawSocket second(server->port());
      REQUIRE(first.send_all("GET /1 HTTP/1.1\r\n\r\n"));
      CHECK(first.read_until("/1").find("200") != std::string::npos);
      REQUIRE(second.send_all("GET /2 HTTP/1.1\r\n\r\n"));
      CHECK(second.read_until("/2").find("200") != std::string::npos);
      CHECK(status_of(answer_to(server->port(), good)) == 503);
    }
    int status = 503;
    for (int i = 0; i < 1000 && status == 503; ++i)
      status = status_of(answer_to(server->port(), good));
    CHECK(status == 200);
  });
}

TEST_CASE("server: random bytes do not harm it") {
  Loop loop;
  Server::Options options{.address = "127.0.0.1"};
  options.limits.request_ms = 200;
  const auto server =
      start(loop, std::move(options), echo,
            [](Request, std::shared_ptr<WebSocket> ws) -> Task<void> { co_await ws->read(100); });
  const std::string_view seeds[] = {
      good,
      "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      "GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
      "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
      "\x81\x85\x01\x02\x03\x04hello",
      "",
  };
  beside(loop, [&] {
    std::mt19937 random(20261122);
    for (int round = 0; round < 400; ++round) {
      CAPTURE(round);
      std::string bytes(seeds[round % 4]);
      if (bytes.empty()) {
        for (std::uint32_t i = 0, n = random() % 3000; i < n; ++i) {
          bytes.push_back(static_cast<char>(random()));
        }
      }
      for (std::uint32_t i = 0, n = random() % 6; i < n && !bytes.empty(); ++i) {
        bytes[random() % bytes.size()] = static_cast<char>(random());
      }
      bytes.resize(random() % (bytes.size() + 1));
      RawSocket socket(server->port());
      socket.send_all(bytes);
      if (round % 2 == 0) socket.end_of_sending();
      if (round % 8 == 0) socket.read_all();
    }
    CHECK(status_of(answer_to(server->port(), good)) == 200);
  });
}

TEST_CASE("server: two hosts in one request are no host; other names keep the last value") {
  Loop loop;
  const auto server = start(loop, {}, [](Request request) -> Task<Response> {
    Response response;
    response.headers["x-host"] = request.headers["host"];
    response.headers["x-other"] = request.headers["other"];
    co_return response;
  });
  const std::string answer = beside(loop, [&] {
    RawSocket socket(server->port());
    socket.send_all("GET / HTTP/1.1\r\nHost: a\r\nother: 1\r\nhost: b\r\nOther: 2\r\n\r\n");
    return socket.read_until("\r\n\r\n");
  });
  CHECK(answer.find("x-host: a, b\r\n") != std::string::npos);
  CHECK(answer.find("x-other: 2\r\n") != std::string::npos);
}

}  // namespace hearth::net
