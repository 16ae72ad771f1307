// Tiles as they grow with the tree: what is stored is what tlog-tiles defines, at every size.
#include "ledger/journal/tiles.h"

#include <doctest/doctest.h>

#include "ledger/journal/tree.h"

using namespace hearth;
using namespace hearth::ledger;

namespace {

Digest leaf(std::uint64_t i) {
  return leaf_hash(as_bytes(std::to_string(i)));
}

/// Rows as the books keep them; the last leaves from the "journal".
class Rows : public tlog::HashReader {
 public:
  void keep(std::vector<TileRow> rows) {
    for (TileRow& row : rows) {
      const Bytes stored = encode_tile(row.hashes);
      if (row.level == 0) CHECK(row.hashes.size() == tlog::tile_width);
      rows_[{row.level, row.index}] = decode_tile(stored).value();
    }
  }
  Result<std::vector<Digest>> read_tile(const tlog::TileId& tile) override {
    const auto found = rows_.find({tile.level, tile.index});
    if (found == rows_.end() && tile.level == 0) {
      std::vector<Digest> out;
      for (unsigned i = 0; i < tile.width; ++i) out.push_back(leaf(tile.index * 256 + i));
      return out;
    }
    if (found == rows_.end() || found->second.size() < tile.width)
      return fail(Code::corrupt, "tile " + tlog::tile_path(tile) + " is missing");
    std::vector<Digest> out = found->second;
    out.resize(tile.width);
    return out;
  }
  std::size_t count() const { return rows_.size(); }

 private:
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Digest>> rows_;
};

}  // namespace

TEST_CASE("from the stored tiles comes the root of every size that the tree has had") {
  Tree tree;
  Tiles tiles;
  Rows rows;
  std::vector<std::pair<std::uint64_t, Digest>> roots;
  constexpr std::uint64_t size = 66'000;  // three levels
  for (std::uint64_t i = 0; i < size; ++i) {
    tree.append(leaf(i), &tiles);
    // Batches of different sizes, and a restart now and then.
    if (i % 97 == 0 || i + 1 == size) rows.keep(tiles.take_rows());
    if (i % 9'700 == 0) {
      CHECK(tiles.take_rows().empty());
      tiles = Tiles::load(tree.size(), rows).value();
      CHECK(tiles.take_rows().empty());
    }
    if (i % 211 == 0 || i % 256 == 255 || i + 1 == size) roots.emplace_back(i + 1, tree.root());
  }
  CHECK(rows.count() == 257 + 2 + 1);
  for (const auto& [at, root] : roots) {
    const auto computed = tlog::tree_root(at, rows);
    REQUIRE(computed);
    REQUIRE_MESSAGE(*computed == root, "size ", at);
  }
  for (const std::uint64_t index : {0u, 255u, 256u, 65'535u, 65'536u, 65'999u}) {
    CAPTURE(index);
    const auto proof = tlog::inclusion_proof(index, size, rows).value();
    CHECK(tlog::verify_inclusion(leaf(index), index, size, proof, tree.root()));
  }
}

TEST_CASE("a stored tile that is cut is not taken") {
  const Bytes good = encode_tile(std::vector<Digest>(3, leaf(1)));
  CHECK(decode_tile(good).value().size() == 3);
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(decode_tile(ByteView(good).first(size)).has_value() == (size > 0 && size % 32 == 0));
  CHECK_FALSE(decode_tile(Bytes(257 * 32)));
}
