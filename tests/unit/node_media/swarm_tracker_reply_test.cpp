#include <doctest/doctest.h>

#include "node/swarm/tracker_reply.h"

namespace hearth::node {

TEST_CASE("a tracker's reply gives its interval and the peers of both families") {
  std::string text = "d8:intervali30e5:peers12:";
  text += std::string("\x7f\x00\x00\x01\x1a\xe1\x0a\x00\x00\x02\x00\x50", 12);
  text += "6:peers618:" + std::string(15, '\0') + "\x01" + std::string("\x1a\xe2", 2) + "e";
  auto reply = read_tracker_reply(as_bytes(text));
  REQUIRE(reply);
  CHECK(reply->interval_s == 30);
  REQUIRE(reply->peers.size() == 3);
  CHECK(reply->peers[0].address == "127.0.0.1");
  CHECK(reply->peers[0].port == 6881);
  CHECK(reply->peers[1].address == "10.0.0.2");
  CHECK(reply->peers[1].port == 80);
  CHECK(reply->peers[2].address == "::1");
  CHECK(reply->peers[2].port == 6882);
}

TEST_CASE("a tracker's reply is bounded") {
  struct Row {
    const char* what;
    std::string text;
    Code code;
  };
  const Row rows[] = {
      {"nothing", "", Code::bad_answer},
      {"a list", "le", Code::bad_answer},
      {"cut off", "d8:intervali3", Code::bad_answer},
      {"a failure", "d14:failure reason11:not one of e", Code::unknown_torrent},
      {"too many bytes", std::string(100'000, 'd'), Code::bad_answer},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    auto reply = read_tracker_reply(as_bytes(row.text));
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == row.code);
  }
  auto hasty = read_tracker_reply(as_bytes("d8:intervali0e5:peers7:1234567e"));
  REQUIRE(hasty);
  CHECK(hasty->interval_s == 5);
  CHECK(hasty->peers.size() == 1);
  auto crowd = read_tracker_reply(as_bytes("d5:peers6000:" + std::string(6000, 'x') + "e"));
  REQUIRE(crowd);
  CHECK(crowd->peers.size() == 200);
}

}  // namespace hearth::node
