// Announces this node's torrents to the ledger's tracker over pinned TLS (docs/protocol.md §10)
// and feeds the answer's peers to the swarm. libtorrent's own tracker client cannot pin.
#pragma once

#include <memory>

#include "common/net/client.h"
#include "common/net/task.h"
#include "node/swarm/swarm.h"

namespace hearth::node {

class Announcer {
 public:
  static std::unique_ptr<Announcer> start(net::Loop& loop, Swarm& swarm, net::PinnedServer ledger);
  virtual ~Announcer() = default;
  /// From now on `id` is announced: at once, on completion, every interval, and more often while
  /// it is incomplete and has no peers.
  virtual void track(const wire::InfoHash& id) = 0;
  /// Sends `stopped` for this one.
  virtual void drop(const wire::InfoHash& id) = 0;
  /// True once the tracker has answered an announce of this torrent as complete.
  virtual bool announced_complete(const wire::InfoHash& id) const = 0;
  virtual net::Task<void> announce_now(wire::InfoHash id) = 0;
  /// `stopped` for all, at most 3 s.
  virtual net::Task<void> stop() = 0;
};

}  // namespace hearth::node
