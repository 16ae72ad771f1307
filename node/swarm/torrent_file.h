// Torrent files (BEP 3 and 52, hybrid), written for what a home publishes. Reading them is
// read_torrent() in swarm.h. docs/protocol.md §3. Pure.
#pragma once

#include <string>

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "node/swarm/piece_hasher.h"

namespace hearth::node {

inline constexpr std::size_t max_torrent = 4 * 1024 * 1024;

/// `name_digits`: the 16 hex digits after "hearth-". `announce` may be empty.
/// Code::internal when libtorrent refuses to write it.
Result<Bytes> make_torrent(const PieceHashes& hashes, const std::string& name_digits,
                           const std::string& announce, bool is_private);

}  // namespace hearth::node
