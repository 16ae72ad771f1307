#include "ledger/tracker/tracker.h"

#include <algorithm>
#include <cstring>
#include <set>

#include <arpa/inet.h>

namespace hearth::ledger {
namespace {

constexpr std::array<std::uint8_t, 12> v4_mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

tl::unexpected<Error> unknown_torrent() {
  return fail(Code::unknown_torrent,
              "The ledger's tracker has no such torrent. Register the torrent first.");
}

}  // namespace

bool PeerAddress::is_ipv4() const {
  return std::equal(v4_mapped.begin(), v4_mapped.end(), ip.begin());
}

std::string PeerAddress::text() const {
  char out[INET6_ADDRSTRLEN] = {};
  if (is_ipv4()) {
    inet_ntop(AF_INET, ip.data() + v4_mapped.size(), out, sizeof out);
    return std::string(out) + ":" + std::to_string(port);
  }
  inet_ntop(AF_INET6, ip.data(), out, sizeof out);
  return "[" + std::string(out) + "]:" + std::to_string(port);
}

Result<PeerAddress> peer_address(std::string_view ip, std::uint16_t port) {
  PeerAddress out;
  out.port = port;
  const std::string text(ip.substr(0, 64));
  if (inet_pton(AF_INET, text.c_str(), out.ip.data() + v4_mapped.size()) == 1) {
    std::copy(v4_mapped.begin(), v4_mapped.end(), out.ip.begin());
    return out;
  }
  if (inet_pton(AF_INET6, text.c_str(), out.ip.data()) == 1) return out;
  return fail(Code::usage, "The connection has no numeric address.");
}

std::size_t Tracker::HashBytes::operator()(const wire::InfoHash& hash) const {
  std::size_t out = 0;  // already uniform
  std::memcpy(&out, hash.data(), sizeof out);
  return out;
}

void Tracker::add_torrent(const wire::InfoHash& info_hash, const wire::TitleId& title) {
  if (names_.contains(info_hash)) return;
  wire::InfoHash truncated{};
  std::copy_n(title.begin(), truncated.size(), truncated.begin());
  names_.emplace(info_hash, swarms_.size());
  names_.emplace(truncated, swarms_.size());
  swarms_.emplace_back();
}

Tracker::Swarm* Tracker::find(const wire::InfoHash& swarm, UtcMs now) {
  const auto found = names_.find(swarm);
  if (found == names_.end()) return nullptr;
  Swarm& out = swarms_[found->second];
  forget_silent(out, now);
  return &out;
}

void Tracker::forget(Swarm& swarm, std::list<Peer>::iterator peer) {
  swarm.complete -= peer->complete ? 1 : 0;
  const auto last = swarm.slots.back();
  last->slot = peer->slot;
  swarm.slots[peer->slot] = last;
  swarm.slots.pop_back();
  swarm.by_address.erase(peer->address);
  swarm.by_age.erase(peer);
  --peer_count_;
}

void Tracker::forget_silent(Swarm& swarm, UtcMs now) {
  while (!swarm.by_age.empty() && now - swarm.by_age.front().seen_ms > forget_after_ms) {
    forget(swarm, swarm.by_age.begin());
  }
}

SwarmCounts Tracker::counts(const Swarm& swarm) const {
  return {swarm.complete, swarm.slots.size() - swarm.complete, swarm.downloaded};
}

std::vector<PeerAddress> Tracker::pick(const Swarm& swarm, std::size_t want,
                                       const PeerAddress& asker) {
  std::vector<PeerAddress> out;
  const std::size_t total = swarm.slots.size();
  // One more than wanted, as the asker itself may be among them (Floyd's sampling).
  const std::size_t take = std::min(std::min(want, max_want) + 1, total);
  std::set<std::size_t> chosen;
  for (std::size_t limit = total - take; limit < total; ++limit) {
    const auto slot = static_cast<std::size_t>(random_(limit + 1));
    chosen.insert(chosen.contains(slot) ? limit : slot);
  }
  for (const std::size_t slot : chosen) {
    if (swarm.slots[slot]->address != asker && out.size() < want) {
      out.push_back(swarm.slots[slot]->address);
    }
  }
  return out;
}

Result<void> Tracker::admit(const Swarm& swarm, const PeerAddress& peer) const {
  std::size_t same = 0;
  for (auto at = swarm.by_address.lower_bound({peer.ip, 0});
       at != swarm.by_address.end() && at->first.ip == peer.ip && same < max_per_address; ++at) {
    ++same;
  }
  if (same >= max_per_address || peer_count_ >= max_peers_) {
    return fail(Code::busy, "The tracker holds as many peers as it may. Try again later.");
  }
  return {};
}

Result<SwarmAnswer> Tracker::announce(const Announce& announce, UtcMs now) {
  Swarm* swarm = find(announce.swarm, now);
  if (swarm == nullptr) return unknown_torrent();
  if (announce.peer.port == 0) {
    const std::size_t want = announce.stopped ? 0 : std::min(announce.want, max_want);
    return SwarmAnswer{counts(*swarm), pick(*swarm, want, announce.peer)};
  }
  const auto known = swarm->by_address.find(announce.peer);
  if (announce.stopped) {
    if (known != swarm->by_address.end()) forget(*swarm, known->second);
    return SwarmAnswer{counts(*swarm), {}};
  }
  const bool complete = announce.left == 0;
  if (known != swarm->by_address.end()) {
    Peer& peer = *known->second;
    swarm->complete += complete ? 1 : 0;
    swarm->complete -= peer.complete ? 1 : 0;
    peer.complete = complete;
    peer.seen_ms = now;
    swarm->by_age.splice(swarm->by_age.end(), swarm->by_age, known->second);
  } else {
    if (auto room = admit(*swarm, announce.peer); !room) return pass_on(std::move(room.error()));
    swarm->by_age.push_back({announce.peer, now, complete, swarm->slots.size()});
    const auto peer = std::prev(swarm->by_age.end());
    swarm->slots.push_back(peer);
    swarm->by_address.emplace(announce.peer, peer);
    swarm->complete += complete ? 1 : 0;
    ++peer_count_;
  }
  swarm->downloaded += announce.completed ? 1 : 0;
  return SwarmAnswer{counts(*swarm),
                     pick(*swarm, std::min(announce.want, max_want), announce.peer)};
}

Result<SwarmCounts> Tracker::scrape(const wire::InfoHash& swarm, UtcMs now) {
  const Swarm* found = find(swarm, now);
  if (found == nullptr) return unknown_torrent();
  return counts(*found);
}

Result<SwarmAnswer> Tracker::sources(const wire::InfoHash& swarm, std::size_t limit, UtcMs now) {
  const Swarm* found = find(swarm, now);
  if (found == nullptr) return unknown_torrent();
  SwarmAnswer out{counts(*found), {}};
  const std::size_t total = found->slots.size();
  if (total == 0) return out;
  // Around the ring from a random place: first the complete ones, then the others.
  const auto start = static_cast<std::size_t>(random_(total));
  for (const bool complete : {true, false}) {
    for (std::size_t step = 0; step < total && out.peers.size() < limit; ++step) {
      const Peer& peer = *found->slots[(start + step) % total];
      if (peer.complete == complete) out.peers.push_back(peer.address);
    }
  }
  return out;
}

std::uint64_t Tracker::complete_sources(const wire::InfoHash& swarm, UtcMs now) {
  const Swarm* found = find(swarm, now);
  return found == nullptr ? 0 : found->complete;
}

void Tracker::expire(UtcMs now) {
  for (Swarm& swarm : swarms_) forget_silent(swarm, now);
}

}  // namespace hearth::ledger
