// The tracker's core (docs/protocol.md §10): which peers of which swarm were heard of lately.
// Pure: time and randomness are passed in; nothing here is kept on disk, as every peer announces
// again within 30 seconds. A torrent's v1 info-hash and its truncated v2 info-hash name one swarm.
//
// Bounds: one peer per address and port; 64 ports of one address in a swarm; 1,000,000 peers in
// all; at most 200 in one answer, 50 when the asker names no number.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/wire/documents.h"

namespace hearth::ledger {

/// IPv4 as ::ffff:a.b.c.d.
struct PeerAddress {
  std::array<std::uint8_t, 16> ip{};
  std::uint16_t port = 0;
  bool is_ipv4() const;
  std::string text() const;  ///< "10.0.0.1:6881", "[2001:db8::1]:6881"
  auto operator<=>(const PeerAddress&) const = default;
};
/// Code::usage when `ip` is no numeric address.
Result<PeerAddress> peer_address(std::string_view ip, std::uint16_t port);

struct Announce {
  wire::InfoHash swarm{};
  PeerAddress peer;  ///< port 0: it cannot be called, so it is answered and named to nobody
  std::uint64_t left = 0;
  bool stopped = false;
  bool completed = false;
  std::size_t want = 50;
};

struct SwarmCounts {
  std::uint64_t complete = 0;
  std::uint64_t incomplete = 0;
  std::uint64_t downloaded = 0;  ///< "completed" events since the start
};
struct SwarmAnswer {
  SwarmCounts counts;
  std::vector<PeerAddress> peers;
};

class Tracker {
 public:
  static constexpr std::int64_t interval_s = 30;
  static constexpr UtcMs forget_after_ms = 75'000;
  static constexpr std::size_t default_want = 50;
  static constexpr std::size_t max_want = 200;
  static constexpr std::size_t max_per_address = 64;

  /// `random(n)`: uniform in [0, n).
  using Random = std::function<std::uint64_t(std::uint64_t)>;
  explicit Tracker(Random random, std::size_t max_peers = 1'000'000)
      : random_(std::move(random)), max_peers_(max_peers) {}

  void add_torrent(const wire::InfoHash& info_hash, const wire::TitleId& title);
  /// Code::unknown_torrent; Code::busy when the tracker holds as many peers as it may.
  Result<SwarmAnswer> announce(const Announce& announce, UtcMs now);
  Result<SwarmCounts> scrape(const wire::InfoHash& swarm, UtcMs now);
  /// Complete ones first, each group in random order.
  Result<SwarmAnswer> sources(const wire::InfoHash& swarm, std::size_t limit, UtcMs now);
  /// 0 for unknown torrents.
  std::uint64_t complete_sources(const wire::InfoHash& swarm, UtcMs now);
  /// Forgets silent peers of all swarms.
  void expire(UtcMs now);
  std::size_t peer_count() const { return peer_count_; }

 private:
  struct HashBytes {
    std::size_t operator()(const wire::InfoHash& hash) const;
  };
  struct Peer {
    PeerAddress address;
    UtcMs seen_ms = 0;
    bool complete = false;
    std::size_t slot = 0;  ///< where `slots` points at it
  };
  struct Swarm {
    std::list<Peer> by_age;  ///< longest silent first
    std::map<PeerAddress, std::list<Peer>::iterator> by_address;
    std::vector<std::list<Peer>::iterator> slots;  ///< for picking at random
    std::uint64_t complete = 0;
    std::uint64_t downloaded = 0;
  };

  Swarm* find(const wire::InfoHash& swarm, UtcMs now);
  void forget(Swarm& swarm, std::list<Peer>::iterator peer);
  void forget_silent(Swarm& swarm, UtcMs now);
  Result<void> admit(const Swarm& swarm, const PeerAddress& peer) const;
  SwarmCounts counts(const Swarm& swarm) const;
  std::vector<PeerAddress> pick(const Swarm& swarm, std::size_t want, const PeerAddress& asker);

  Random random_;
  std::size_t max_peers_;
  std::size_t peer_count_ = 0;
  std::vector<Swarm> swarms_;
  std::unordered_map<wire::InfoHash, std::size_t, HashBytes> names_;
};

}  // namespace hearth::ledger
