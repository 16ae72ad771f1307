#include <thread>

#include <doctest/doctest.h>

#include "tests/unit/net/net_fixture.h"
#include "tests/unit/net/raw_socket.h"

namespace hearth::net {
namespace {

constexpr std::int64_t timeout_ms = 30'000;
using Ws = std::shared_ptr<WebSocket>;

Task<void> echo_messages(Request request, Ws ws) {
  co_await ws->write("hello " + request.path + "?" + request.query);
  while (true) {
    const auto message = co_await ws->read(timeout_ms);
    if (!message) co_return;
    const std::string text(as_text(*message));
    if (text == "goodbye") co_return;
    co_await ws->write(text);
  }
}

Task<std::vector<std::string>> talk(Loop& loop, PinnedServer server,
                                    std::vector<std::string> messages) {
  std::vector<std::string> heard;
  const auto ws = co_await wss_connect(loop, server, "/push?a=1", timeout_ms);
  if (!ws) {
    heard.push_back(ws.error().sentence);
    co_return heard;
  }
  for (std::string& message : messages) {
    const auto written = co_await (*ws)->write(std::move(message));
    if (!written) heard.emplace_back(code_name(written.error().code));
  }
  while (true) {
    const auto message = co_await (*ws)->read(timeout_ms);
    if (!message) {
      heard.emplace_back(code_name(message.error().code));
      co_return heard;
    }
    heard.emplace_back(as_text(*message));
  }
}

Task<std::string> read_codes(Loop& loop, PinnedServer server) {
  const auto ws = co_await wss_connect(loop, server, "/", timeout_ms);
  if (!ws) co_return ws.error().sentence;
  std::string codes;
  auto message = co_await (*ws)->read(timeout_ms);
  codes += message ? "hello " : "nothing ";
  message = co_await (*ws)->read(10);
  codes += std::string(code_name(message ? Code::internal : message.error().code)) + " ";
  // The wait was in vain, the connection is not.
  const auto written = co_await (*ws)->write("still there");
  message = co_await (*ws)->read(timeout_ms);
  codes += std::string(message ? as_text(*message) : "gone") + " ";
  (*ws)->close();
  message = co_await (*ws)->read(timeout_ms);
  codes += std::string(code_name(message ? Code::internal : message.error().code)) + " ";
  const auto late = co_await (*ws)->write("late");
  codes += code_name(late ? Code::internal : late.error().code);
  co_return codes;
}

Task<int> count_until_busy(Loop& loop, PinnedServer server) {
  const auto ws = co_await wss_connect(loop, server, "/", timeout_ms);
  if (!ws) co_return -1;
  const std::string large(100'000, 'x');
  for (int count = 0; count < 100'000; ++count) {
    const auto written = co_await (*ws)->write(large);
    if (!written) co_return written.error().code == Code::busy ? count : -2;
  }
  co_return -3;
}

/// A handler that never reads and ends when it is told to.
struct Deaf {
  explicit Deaf(Loop& loop) : changed(loop) {}
  Signal changed;
  bool end = false;
  int ended = 0;
  Task<void> hold(Request, Ws ws) {
    while (!end) co_await changed.wait(timeout_ms);
    ws->close();
    ++ended;
  }
};

Task<void> let_go(Deaf& deaf) {
  deaf.end = true;
  deaf.changed.notify_all();
  while (deaf.ended == 0) co_await sleep_ms(1);
}

Task<bool> stop_ends_websockets(Loop& loop, Server& server) {
  const auto ws = co_await wss_connect(loop, pinned(server), "/", timeout_ms);
  if (!ws) co_return false;
  auto message = co_await (*ws)->read(timeout_ms);
  if (!message) co_return false;
  co_await server.stop(timeout_ms);
  message = co_await (*ws)->read(timeout_ms);
  co_return !message && message.error().code == Code::unreachable;
}

/// The last handle goes without a close().
Task<bool> dropped_handle_closes(Loop& loop, PinnedServer server, int& ended) {
  {
    const auto ws = co_await wss_connect(loop, server, "/", timeout_ms);
    if (!ws) co_return false;
  }
  for (int i = 0; i < 10'000 && ended == 0; ++i) co_await sleep_ms(1);
  co_return ended == 1;
}

Task<void> count_end(Request request, Ws ws, int& ended) {
  co_await echo_messages(std::move(request), std::move(ws));
  ++ended;
}

}  // namespace

TEST_CASE("websocket: messages come back in order, then the close") {
  Loop loop;
  const auto server = start(loop, tls_options(), echo, echo_messages);
  const std::string large(500'000, 'x');
  const std::vector<std::string> expected{"hello /push?a=1", "one", "",
                                          "zwei \xc3\xa4",   large, "unreachable"};
  CHECK(run(loop, talk(loop, pinned(*server), {"one", "", "zwei \xc3\xa4", large, "goodbye"})) ==
        expected);
}

TEST_CASE("websocket: a message over the limit ends the connection, not the server") {
  Loop loop;
  Server::Options options = tls_options();
  options.limits.max_message = 1000;
  const auto server = start(loop, std::move(options), echo, echo_messages);
  const std::vector<std::string> refused{"hello /push?a=1", "unreachable"};
  CHECK(run(loop, talk(loop, pinned(*server), {std::string(1001, 'x')})) == refused);
  const std::vector<std::string> taken{"hello /push?a=1", std::string(1000, 'x'), "unreachable"};
  CHECK(run(loop, talk(loop, pinned(*server), {std::string(1000, 'x'), "goodbye"})) == taken);
}

TEST_CASE("websocket: a read has a deadline, a closed connection says so") {
  Loop loop;
  const auto server = start(loop, tls_options(), echo, echo_messages);
  CHECK(run(loop, read_codes(loop, pinned(*server))) ==
        "hello timeout still there unreachable unreachable");
}

TEST_CASE("websocket: the write queue is bounded") {
  Loop loop;
  Deaf deaf(loop);
  const auto server = start(loop, tls_options(), echo, [&deaf](Request request, Ws ws) {
    return deaf.hold(std::move(request), std::move(ws));
  });
  CHECK(run(loop, count_until_busy(loop, pinned(*server))) >= 256);
  run(loop, let_go(deaf));
}

TEST_CASE("websocket: stopping the server closes them") {
  Loop loop;
  const auto server = start(loop, tls_options(), echo, echo_messages);
  CHECK(run(loop, stop_ends_websockets(loop, *server)));
}

TEST_CASE("websocket: who lets go of the connection closes it") {
  Loop loop;
  int ended = 0;
  const auto server = start(loop, tls_options(), echo, [&ended](Request request, Ws ws) {
    return count_end(std::move(request), std::move(ws), ended);
  });
  CHECK(run(loop, dropped_handle_closes(loop, pinned(*server), ended)));
}

TEST_CASE("websocket: a server without them answers as usual") {
  Loop loop;
  const auto server = start(loop, tls_options());
  const auto heard = run(loop, talk(loop, pinned(*server), {}));
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("HTTP status 200") != std::string::npos);
}

TEST_CASE("websocket: over plain TCP, spoken by hand") {
  Loop loop;
  const auto server = start(loop, {.address = "127.0.0.1"}, echo, echo_messages);
  std::string handshake;
  std::string frames;
  std::thread client([&] {
    RawSocket socket(server->port());
    socket.send_all(
        "GET /w HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    handshake = socket.read_until("hello /w?");
    socket.send_all(std::string("\x81\x82\0\0\0\0hi", 8));        // "hi", masked with zeros
    socket.send_all(std::string("\x89\x81\0\0\0\0p", 7));         // a ping
    socket.send_all(std::string("\x88\x82\0\0\0\0\x03\xe8", 8));  // close, 1000
    frames = socket.read_all();
    loop.stop();
  });
  loop.run();
  client.join();
  // RFC 6455 §1.3 has this very key and answer.
  CHECK(handshake.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
  CHECK(frames.find("\x81\x02hi") != std::string::npos);
  CHECK(frames.find("\x8a\x01p") != std::string::npos);
  CHECK(frames.find("\x88\x02\x03\xe8") != std::string::npos);
}

TEST_CASE("websocket: an upgrade can be refused, and gets an answer") {
  Loop loop;
  Server::Options options;
  options.headers = {{"x-always", "yes"}};
  options.refuse_upgrade = [](const Request& request) -> std::optional<Response> {
    if (request.path == "/push") return std::nullopt;
    return problem_response({Code::not_allowed, "Not here."});
  };
  const auto server = start(loop, options, echo, echo_messages);
  const auto answer_to = [&](const char* path) {
    return beside(loop, [&] {
      RawSocket socket(server->port());
      socket.send_all(std::string("GET ") + path +
                      " HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
                      "sec-websocket-version: 13\r\nsec-websocket-key: "
                      "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      return socket.read_until("\r\n\r\n");
    });
  };
  CHECK(answer_to("/push").starts_with("HTTP/1.1 101 "));
  const std::string refused = answer_to("/other");
  CHECK(refused.starts_with("HTTP/1.1 403 "));
  CHECK(refused.find("\r\nx-always: yes\r\n") != std::string::npos);
}

}  // namespace hearth::net
