// The work of a seed server (`hearthd --role seed`): listens to the ledger's mirror events,
// fetches each registered torrent's ciphertext within its space limit, and seeds it. It never
// sees a key, an account or a buyer. docs/protocol.md §8 (mirror events).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "common/net/client.h"
#include "common/store/store.h"
#include "node/swarm/announcer.h"
#include "node/swarm/swarm.h"

namespace hearth::node {

struct MirrorOptions {
  std::filesystem::path dir;      ///< DIR/titles
  std::uint64_t limit_bytes = 0;  ///< 0: what the disk has, less 1 GiB
};

struct MirrorStatus {
  wire::InfoHash info_hash{};
  std::uint64_t size = 0;
  SwarmStatus swarm;
};

class Mirror {
 public:
  static Result<std::unique_ptr<Mirror>> start(net::Loop& loop, net::Pool& pool,
                                               store::Store& store, std::uint64_t writer_epoch,
                                               Swarm& swarm, Announcer& announcer,
                                               net::PinnedServer ledger, MirrorOptions options);
  virtual ~Mirror() = default;
  virtual std::vector<MirrorStatus> status() const = 0;
};

}  // namespace hearth::node
