// Tiles (C2SP tlog-tiles): the tree cut into blocks of up to 256 hashes. Tile `index` of level l
// holds the roots of the complete subtrees of 256^l leaves, from subtree 256 × index on; level 0
// holds leaf hashes. Any proof and any root of an earlier tree is computed from a few of them.
//
// HashReader is the seam between these computations and whoever has tiles: the ledger's store, a
// server over HTTP, a test. Pure.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/tlog/merkle.h"

namespace hearth::tlog {

inline constexpr unsigned tile_height = 8;
inline constexpr unsigned tile_width = 256;
inline constexpr unsigned max_tile_level = 7;  ///< 256^8 leaves are more than a u64 counts

struct TileId {
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = tile_width;  ///< hashes in it, 1..256
  auto operator<=>(const TileId&) const = default;
};

/// "0/x001/x234/067" or "0/x001/x234/067.p/5": what stands after ".../tile/" in a URL.
std::string tile_path(const TileId& tile);
/// Strict: one text per tile. nullopt otherwise.
std::optional<TileId> parse_tile_path(std::string_view path);
/// How many hashes the tile has in a tree of `size` leaves; 0: none.
unsigned width_in(std::uint64_t size, unsigned level, std::uint64_t index);

class HashReader {
 public:
  virtual ~HashReader() = default;
  /// Exactly tile.width hashes; any error is the reader's own.
  virtual Result<std::vector<Digest>> read_tile(const TileId& tile) = 0;
};

/// Each reads at most a few tiles per level. `size` and indices must lie within the tree that the
/// reader has; asking for more is the reader's error. Tiles are believed: a verifier checks what
/// comes out against a signed root.
Result<Digest> tree_root(std::uint64_t size, HashReader& tiles);
/// `index` < `size`.
Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, HashReader& tiles);
/// `from` <= `to`.
Result<Proof> consistency_proof(std::uint64_t from, std::uint64_t to, HashReader& tiles);

}  // namespace hearth::tlog
