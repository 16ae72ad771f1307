// The journal's tree as tiles (common/tlog/tiles.h), grown with it: Tree::append() hands over the
// hashes that belong into tiles, and rows() are what the books store in the same batch as the
// records. Level 0 is stored when a tile is full, 256 hashes; what is in the last one the journal's
// rows tell. Above it the last tile is stored as it grows, a row for every 256 records, so that no
// tile ever has to be computed from the ones below. Pure; at most 64 KiB.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "common/tlog/tiles.h"

namespace hearth::ledger {

/// As stored: level u8, index u64; hashes one after another.
struct TileRow {
  unsigned level = 0;
  std::uint64_t index = 0;
  std::vector<tlog::Digest> hashes;  ///< 1..256, level 0 always 256
};

Bytes encode_tile(const std::vector<tlog::Digest>& hashes);
/// nullopt: not 1..256 hashes.
std::optional<std::vector<tlog::Digest>> decode_tile(ByteView value);

class Tiles {
 public:
  /// The next hash of a level; called by Tree::append().
  void add(unsigned level, const tlog::Digest& hash);
  /// The rows that have changed since they were taken last.
  std::vector<TileRow> take_rows();

  /// The tiles of a tree of `size` leaves, not full, as they were left: `read` gives the hashes of
  /// one (see tlog::HashReader).
  static Result<Tiles> load(std::uint64_t size, tlog::HashReader& reader);

 private:
  struct Level {
    std::uint64_t index = 0;           ///< of the tile that grows
    std::vector<tlog::Digest> hashes;  ///< fewer than 256
    bool changed = false;
  };
  std::vector<Level> levels_;
  std::vector<TileRow> full_;  ///< since they were taken last
};

}  // namespace hearth::ledger
