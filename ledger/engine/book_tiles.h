// The tree's tiles as the books keep them (docs/accounting.md §6, "b/m"), for every proof over the
// journal. The last tile of level 0 is not stored before it is full: its leaves come from the
// journal's rows. Shares one consistent view; not thread-safe.
#pragma once

#include "common/store/store.h"
#include "ledger/journal/tiles.h"

namespace hearth::ledger {

namespace books {
inline constexpr std::string_view tiles = "b/m";  ///< level u8, index u64 → hashes
Bytes tile_key(unsigned level, std::uint64_t index);
}  // namespace books

class BookTiles : public tlog::HashReader {
 public:
  /// `view` outlives it.
  explicit BookTiles(const store::View& view) : view_(view) {}
  /// Code::corrupt when the books do not have so many hashes, or the store's own errors.
  Result<std::vector<tlog::Digest>> read_tile(const tlog::TileId& tile) override;

 private:
  Result<std::vector<tlog::Digest>> leaves_of_journal(const tlog::TileId& tile) const;
  const store::View& view_;
};

}  // namespace hearth::ledger
