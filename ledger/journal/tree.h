// The Merkle tree of RFC 6962 §2.1 over the journal's commitments, as it grows: only the roots of
// the complete subtrees on its right edge are kept (one per set bit of the size), which is all
// that appending and the root need. Pure, at most 64 hashes in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/bytes.h"
#include "common/tlog/merkle.h"

namespace hearth::ledger {

using tlog::Digest;
using tlog::leaf_hash;
using tlog::node_hash;
class Tiles;

class Tree {
 public:
  /// `leaf` is a leaf_hash(). The hashes that belong into tiles go to `tiles` on the way.
  void append(const Digest& leaf, Tiles* tiles = nullptr);
  std::uint64_t size() const { return size_; }
  /// SHA-256 of nothing when the tree is empty.
  Digest root() const;

  /// Size, root and edge, as stored with each batch.
  Bytes encode() const;
  /// nullopt when damaged: wrong number of hashes, or not the root of its edge.
  static std::optional<Tree> decode(ByteView bytes);
  bool operator==(const Tree&) const = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> edge_;  ///< largest subtree first
};

}  // namespace hearth::ledger
