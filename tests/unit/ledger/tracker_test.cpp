// docs/protocol.md §10: the tracker's core and its wire forms.
#include <set>

#include <doctest/doctest.h>

#include "common/net/http.h"
#include "ledger/tracker/wire.h"

using namespace hearth;
using namespace hearth::ledger;

namespace {

wire::InfoHash hash_of(std::uint8_t fill) {
  wire::InfoHash out{};
  out.fill(fill);
  return out;
}

wire::TitleId title_of(std::uint8_t fill) {
  wire::TitleId out{};
  out.fill(fill);
  return out;
}

PeerAddress peer(std::uint32_t number) {
  return *peer_address(
      "10.0." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 1), 6881);
}

Announce announce_of(const wire::InfoHash& swarm, const PeerAddress& who, std::uint64_t left) {
  Announce out;
  out.swarm = swarm;
  out.peer = who;
  out.left = left;
  return out;
}

/// A generator with a fixed seed: the same picks in each run.
Tracker::Random picks() {
  return [state = std::uint64_t{88172645463325252}](std::uint64_t below) mutable {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
  };
}

}  // namespace

TEST_CASE("peers come, finish, leave and are forgotten") {
  Tracker tracker(picks());
  const auto one = hash_of(1), truncated = hash_of(2);
  tracker.add_torrent(one, title_of(2));
  tracker.add_torrent(one, title_of(2));
  const auto counts = [&](UtcMs now) {
    const auto c = *tracker.scrape(one, now);
    return std::array<std::uint64_t, 3>{c.complete, c.incomplete, c.downloaded};
  };
  using Counts = std::array<std::uint64_t, 3>;

  CHECK(tracker.announce(announce_of(one, peer(1), 100), 0)->peers.empty());
  CHECK(counts(0) == Counts{0, 1, 0});
  SUBCASE("the truncated v2 info-hash names the same swarm") {
    const auto answer = tracker.announce(announce_of(truncated, peer(2), 0), 0);
    CHECK(answer->peers == std::vector{peer(1)});
    CHECK(counts(0) == Counts{1, 1, 0});
    CHECK(tracker.complete_sources(truncated, 0) == 1);
  }
  SUBCASE("completed is counted, and the peer is a source") {
    auto done = announce_of(one, peer(1), 0);
    done.completed = true;
    CHECK(tracker.announce(done, 10));
    CHECK(counts(10) == Counts{1, 0, 1});
  }
  SUBCASE("stopped removes at once, and twice does no harm") {
    auto stop = announce_of(one, peer(1), 0);
    stop.stopped = true;
    CHECK(tracker.announce(stop, 10)->peers.empty());
    CHECK(tracker.announce(stop, 10));
    CHECK(counts(10) == Counts{0, 0, 0});
    CHECK(tracker.peer_count() == 0);
  }
  SUBCASE("75 seconds of silence are borne, not more") {
    CHECK(counts(75'000) == Counts{0, 1, 0});
    CHECK(counts(75'001) == Counts{0, 0, 0});
  }
  SUBCASE("each announce begins a new 75 seconds") {
    CHECK(tracker.announce(announce_of(one, peer(2), 0), 10'000));
    CHECK(tracker.announce(announce_of(one, peer(1), 50), 70'000));
    CHECK(counts(100'000) == Counts{0, 1, 0});
    tracker.expire(150'000);
    CHECK(tracker.peer_count() == 0);
  }
  SUBCASE("unknown torrents") {
    CHECK(tracker.announce(announce_of(hash_of(9), peer(1), 0), 0).error().code ==
          Code::unknown_torrent);
    CHECK(tracker.scrape(hash_of(9), 0).error().code == Code::unknown_torrent);
    CHECK(tracker.sources(hash_of(9), 5, 0).error().code == Code::unknown_torrent);
    CHECK(tracker.complete_sources(hash_of(9), 0) == 0);
  }
}

TEST_CASE("answers are random, bounded, and never name the asker") {
  Tracker tracker(picks(), 1'000);
  const auto swarm = hash_of(1);
  tracker.add_torrent(swarm, title_of(2));
  for (std::uint32_t i = 0; i < 300; ++i) {
    REQUIRE(tracker.announce(announce_of(swarm, peer(i), i % 3), 0));
  }
  std::set<PeerAddress> seen;
  for (int round = 0; round < 40; ++round) {
    const auto answer = tracker.announce(announce_of(swarm, peer(0), 0), 0);
    CHECK(answer->peers.size() == 50);
    const std::set<PeerAddress> unique(answer->peers.begin(), answer->peers.end());
    CHECK(unique.size() == 50);
    CHECK_FALSE(unique.contains(peer(0)));
    seen.insert(unique.begin(), unique.end());
  }
  CHECK(seen.size() > 290);
  auto greedy = announce_of(swarm, peer(0), 0);
  greedy.want = 100'000;
  CHECK(tracker.announce(greedy, 0)->peers.size() == 200);
  greedy.want = 0;
  CHECK(tracker.announce(greedy, 0)->peers.empty());

  const auto sources = tracker.sources(swarm, 120, 0);
  REQUIRE(sources->peers.size() == 120);
  CHECK(sources->counts.complete == 100);
  std::set<PeerAddress> complete;
  for (std::uint32_t i = 0; i < 300; i += 3) complete.insert(peer(i));
  for (std::size_t i = 0; i < 100; ++i) CHECK(complete.contains(sources->peers[i]));
  for (std::size_t i = 100; i < 120; ++i) CHECK_FALSE(complete.contains(sources->peers[i]));
}

TEST_CASE("one address and all addresses together are bounded") {
  Tracker tracker(picks(), 100);
  const auto swarm = hash_of(1);
  tracker.add_torrent(swarm, title_of(2));
  for (std::uint16_t port = 1; port <= 64; ++port) {
    CHECK(tracker.announce(announce_of(swarm, *peer_address("10.0.0.1", port), 0), 0));
  }
  const auto refused = tracker.announce(announce_of(swarm, *peer_address("10.0.0.1", 65), 0), 0);
  CHECK(refused.error().code == Code::busy);
  CHECK(tracker.announce(announce_of(swarm, *peer_address("10.0.0.1", 64), 0), 0));
  for (std::uint32_t i = 1; i <= 36; ++i) {
    CHECK(tracker.announce(announce_of(swarm, peer(1000 + i), 0), 0));
  }
  CHECK(tracker.announce(announce_of(swarm, peer(5000), 0), 0).error().code == Code::busy);
  CHECK(tracker.announce(announce_of(swarm, peer(5000), 0), 80'000));
}

TEST_CASE("announce queries, most of them hostile") {
  const std::string hash = "info_hash=%01%01%01%01%01%01%01%01%01%01%01%01%01%01%01%01%01%01%01%01";
  const std::string id = "&peer_id=-qB4500-abcdefghijkl";
  struct Row {
    std::string query;
    bool good;
  };
  const std::vector<Row> rows{
      {hash + id + "&port=6881&left=0", true},
      {hash + id + "&port=6881&uploaded=0&downloaded=0&left=16384&compact=1&event=started", true},
      {hash + id + "&port=6881&left=18446744073709551615", true},
      {hash + id + "&port=6881&left=0&ip=8.8.8.8&ipv6=%3A%3A1", true},
      {hash + id + "&port=6881&left=0&event=nonsense&numwant=-1", true},
      {"", false},
      {id + "&port=6881&left=0", false},
      {hash + "&port=6881&left=0", false},
      {hash + id + "&left=0", false},
      {hash + id + "&port=6881", false},
      {hash + id + "&port=0&left=0", true},
      {hash + id + "&port=65536&left=0", false},
      {hash + id + "&port=-1&left=0", false},
      {hash + id + "&port=6881x&left=0", false},
      {hash + id + "&port=6881&left=-1", false},
      {hash + id + "&port=6881&left=18446744073709551616", false},
      {hash + id + "&port=6881&left=", false},
      {hash + id + "&port=6881&port=6882&left=0", false},
      {hash + "&" + hash + id + "&port=6881&left=0", false},
      {"info_hash=%01%01" + id + "&port=6881&left=0", false},
      {hash + "%01" + id + "&port=6881&left=0", false},
      {hash + "&peer_id=short&port=6881&left=0", false},
      {"&&&===&%zz", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.query);
    const auto announce = read_announce(net::parse_query(row.query), "10.1.2.3");
    CHECK(announce.has_value() == row.good);
    if (announce) {
      // Port 0: a peer behind a proxy, which nobody can call.
      const bool is_callable = row.query.find("port=0&") == std::string::npos;
      CHECK(announce->peer.text() == (is_callable ? "10.1.2.3:6881" : "10.1.2.3:0"));
      CHECK(announce->want == 50);
    }
  }
  CHECK_FALSE(read_announce(net::parse_query(hash + id + "&port=1&left=0"), ""));
  const auto many =
      read_announce(net::parse_query(hash + id + "&port=1&left=0&numwant=999"), "::1");
  CHECK(many->want == 200);
  CHECK(many->peer.text() == "[::1]:1");
  const auto stop =
      read_announce(net::parse_query(hash + id + "&port=1&left=0&event=stopped"), "::ffff:1.2.3.4");
  CHECK(stop->stopped);
  CHECK(stop->peer.text() == "1.2.3.4:1");
}

TEST_CASE("scrape queries") {
  const std::string one = "info_hash=aaaaaaaaaaaaaaaaaaaa";
  CHECK(read_scrape(net::parse_query(one))->size() == 1);
  CHECK(read_scrape(net::parse_query(one + "&" + one))->size() == 2);
  CHECK_FALSE(read_scrape({}));
  CHECK_FALSE(read_scrape(net::parse_query("info_hash=short")));
  std::string many = one;
  for (int i = 1; i < 64; ++i) many += "&" + one;
  CHECK(read_scrape(net::parse_query(many))->size() == 64);
  CHECK_FALSE(read_scrape(net::parse_query(many + "&" + one)));
}

TEST_CASE("bencoded answers, byte for byte") {
  const SwarmAnswer answer{{3, 4, 5},
                           {*peer_address("1.2.3.4", 0x1a2b), *peer_address("2001:db8::1", 80)}};
  const std::string ipv6("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x00\x50", 18);
  CHECK(as_text(announce_answer(answer)) ==
        "d8:completei3e10:incompletei4e8:intervali30e5:peers6:\x01\x02\x03\x04\x1a\x2b"
        "6:peers618:" +
            ipv6 + "e");
  CHECK(as_text(scrape_answer({{hash_of('b'), {1, 2, 3}}, {hash_of('a'), {}}})) ==
        "d5:filesd20:" + std::string(20, 'a') +
            "d8:completei0e10:downloadedi0e10:incompletei0ee20:" + std::string(20, 'b') +
            "d8:completei1e10:downloadedi3e10:incompletei2eeee");
  CHECK(as_text(failure_answer({Code::unknown_torrent, "no"})) == "d14:failure reason2:noe");
}
