// Answers that are made while they are sent, and children that are read while they run.
#include <atomic>
#include <csignal>

#include <doctest/doctest.h>

#include "common/net/body.h"
#include "common/net/child.h"
#include "tests/unit/net/net_fixture.h"
#include "tests/unit/net/raw_socket.h"

namespace hearth::net {
namespace {

/// So many parts of 100 KiB, numbered; then the end, or a failure.
class Parts final : public Body {
 public:
  Parts(int count, bool fails, std::shared_ptr<int> asked)
      : count_(count), fails_(fails), asked_(std::move(asked)) {}
  Task<Result<Bytes>> next() override {
    if (*asked_ == count_ && fails_) co_return fail(Code::io, "broken");
    if (*asked_ == count_) co_return Bytes();
    ++*asked_;
    co_return Bytes(100 * 1024, static_cast<std::uint8_t>('a' + *asked_ % 20));
  }

 private:
  int count_;
  bool fails_;
  std::shared_ptr<int> asked_;
};

Server::Handler streaming(int count, std::int64_t size, bool fails, std::shared_ptr<int> asked) {
  return [=](Request) -> Task<Response> {
    Response response;
    response.stream = std::make_shared<Parts>(count, fails, asked);
    response.stream_size = size;
    co_return response;
  };
}

std::string ask(std::uint16_t port, const std::string& method = "GET") {
  RawSocket socket(port);
  socket.send_all(method + " / HTTP/1.1\r\nhost: a\r\n\r\n");
  return socket.read_all();
}

std::size_t body_size(const std::string& answer) {
  return answer.size() - answer.find("\r\n\r\n") - 4;
}

std::vector<std::string> shell(const std::string& script) {
  return {"/bin/sh", "-c", script};
}

}  // namespace

TEST_CASE("server: a body of unknown length ends with its connection") {
  Loop loop;
  const auto asked = std::make_shared<int>(0);
  const auto server = start(loop, {}, streaming(20, -1, false, asked));
  beside(loop, [&] {
    const std::string answer = ask(server->port());
    CHECK(answer.find("content-length") == std::string::npos);
    CHECK(answer.find("connection: close") != std::string::npos);
    CHECK(body_size(answer) == 20 * 100 * 1024);
    CHECK(answer.back() == 'a' + 20 % 20);
  });
}

TEST_CASE("server: a body of known length leaves the connection open, and is never longer") {
  Loop loop;
  const auto asked = std::make_shared<int>(0);
  const auto server = start(loop, {}, streaming(20, 150 * 1024, false, asked));
  beside(loop, [&] {
    RawSocket socket(server->port());
    socket.send_all("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    std::string got;
    while (got.find("\r\n\r\n") == std::string::npos || body_size(got) < 150 * 1024)
      got += socket.read_until("", 200);
    CHECK(got.find("content-length: 153600") != std::string::npos);
    CHECK(body_size(got) == 150 * 1024);
    CHECK_FALSE(socket.closed());
    CHECK(*asked == 2);
  });
}

TEST_CASE("server: a body that breaks off ends the connection, which is how it is noticed") {
  Loop loop;
  const auto asked = std::make_shared<int>(0);
  const auto server = start(loop, {}, streaming(3, 100 * 100 * 1024, true, asked));
  beside(loop, [&] { CHECK(body_size(ask(server->port())) == 3 * 100 * 1024); });
}

TEST_CASE("server: nothing is made for who asks for the head alone") {
  Loop loop;
  const auto asked = std::make_shared<int>(0);
  const auto server = start(loop, {}, streaming(3, 300 * 1024, false, asked));
  beside(loop, [&] {
    RawSocket socket(server->port());
    socket.send_all("HEAD / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    CHECK(body_size(socket.read_all()) == 0);
  });
  CHECK(*asked == 0);
}

TEST_CASE("server: who does not read is not written for") {
  Loop loop;
  Server::Options options;
  options.limits.request_ms = 200;
  const auto asked = std::make_shared<int>(0);
  const auto server = start(loop, std::move(options), streaming(1'000'000, -1, false, asked));
  beside(loop, [&] {
    RawSocket socket(server->port());
    socket.send_all("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    const auto open = [&] {
      std::atomic<std::size_t> count = 0;
      std::atomic<bool> told = false;
      loop.post([&] {
        count = server->counts().open;
        told = true;
      });
      while (!told) std::this_thread::yield();
      return count.load();
    };
    while (open() == 0) std::this_thread::yield();
    while (open() != 0) std::this_thread::yield();
  });
  CHECK(*asked < 1'000'000);
}

TEST_CASE("child: is read to its end, with what it was given") {
  Loop loop;
  const auto child = Child::start(loop, shell("cat; echo complaint >&2"), as_bytes("hello"));
  REQUIRE(child.has_value());
  std::string got;
  while (true) {
    const auto part = run(loop, (*child)->read(3, 30'000));
    REQUIRE(part.has_value());
    if (part->empty()) break;
    CHECK(part->size() <= 3);
    got += as_text(*part);
  }
  CHECK(got == "hello");
  CHECK((*child)->complaint(100) == "complaint\n");
}

TEST_CASE("child: one that is silent is waited for so long, one that is killed is not") {
  Loop loop;
  const auto child = Child::start(loop, shell("echo $$; exec sleep 1000"), {});
  REQUIRE(child.has_value());
  const auto first = run(loop, (*child)->read(100, 30'000));
  REQUIRE(first.has_value());
  const pid_t pid = std::stoi(std::string(as_text(*first)));
  CHECK(::kill(pid, 0) == 0);
  const auto silent = run(loop, (*child)->read(100, 30));
  REQUIRE_FALSE(silent.has_value());
  CHECK(silent.error().code == Code::timeout);
  loop.after(20, [&] { (*child)->kill(); });
  const auto killed = run(loop, (*child)->read(100, 30'000));
  REQUIRE_FALSE(killed.has_value());
  CHECK(killed.error().code == Code::interrupted);
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("child: complaints that nobody reads never hold it up") {
  Loop loop;
  const auto child = Child::start(loop,
                                  shell("i=0; while [ $i -lt 20000 ]; do echo 0123456789 >&2; "
                                        "i=$((i+1)); done; echo done"),
                                  {});
  REQUIRE(child.has_value());
  const auto told = run(loop, (*child)->read(100, 60'000));
  REQUIRE(told.has_value());
  CHECK(as_text(*told) == "done\n");
}

TEST_CASE("child: a program that is not there") {
  Loop loop;
  const auto child = Child::start(loop, {"no-such-program"}, {});
  REQUIRE_FALSE(child.has_value());
  CHECK(child.error().code == Code::not_found);
}

}  // namespace hearth::net
