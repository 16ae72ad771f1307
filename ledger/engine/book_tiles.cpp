#include "ledger/engine/book_tiles.h"

#include "common/base/codec.h"
#include "ledger/engine/books_keys.h"
#include "ledger/journal/stored.h"

namespace hearth::ledger {
namespace {

tl::unexpected<Error> lacking(const tlog::TileId& tile) {
  return fail(Code::corrupt, "The ledger's books are damaged: hashes of the journal's tree (tile " +
                                 tlog::tile_path(tile) +
                                 ") are missing. Nothing was changed; the operator must run "
                                 "`hearth-ledger audit`.");
}

}  // namespace

Bytes books::tile_key(unsigned level, std::uint64_t index) {
  Writer id;
  id.u8(static_cast<std::uint8_t>(level)).u64(index);
  return key(tiles, id.view());
}

Result<std::vector<tlog::Digest>> BookTiles::read_tile(const tlog::TileId& tile) {
  const auto value = view_.get(books::tile_key(tile.level, tile.index));
  if (!value) return pass_on(value.error());
  if (!*value && tile.level == 0) return leaves_of_journal(tile);
  auto hashes = *value ? decode_tile(**value) : std::nullopt;
  if (!hashes || hashes->size() < tile.width) return lacking(tile);
  hashes->resize(tile.width);
  return std::move(*hashes);
}

Result<std::vector<tlog::Digest>> BookTiles::leaves_of_journal(const tlog::TileId& tile) const {
  const std::uint64_t first = tile.index * tlog::tile_width;
  std::vector<tlog::Digest> leaves;
  auto scanned = view_.scan(books::journal_key(first), books::journal_key(first + tile.width),
                            [&leaves](ByteView, ByteView value) {
                              const auto stored = split_stored(value);
                              if (stored) leaves.push_back(tlog::leaf_hash(stored->commitment));
                              return stored.has_value();
                            });
  if (!scanned) return pass_on(scanned.error());
  if (leaves.size() != tile.width) return lacking(tile);
  return leaves;
}

}  // namespace hearth::ledger
