#include "ledger/journal/tiles.h"

#include <algorithm>

namespace hearth::ledger {

using tlog::Digest;
using tlog::tile_width;

Bytes encode_tile(const std::vector<Digest>& hashes) {
  Bytes out;
  out.reserve(hashes.size() * sizeof(Digest));
  for (const Digest& hash : hashes) append(out, hash);
  return out;
}

std::optional<std::vector<Digest>> decode_tile(ByteView value) {
  constexpr std::size_t size = std::tuple_size_v<Digest>;
  if (value.empty() || value.size() % size != 0 || value.size() > tile_width * size)
    return std::nullopt;
  std::vector<Digest> out(value.size() / size);
  for (std::size_t i = 0; i < out.size(); ++i)
    std::copy_n(value.begin() + static_cast<std::ptrdiff_t>(i * size), size, out[i].begin());
  return out;
}

void Tiles::add(unsigned level, const Digest& hash) {
  if (level >= levels_.size()) levels_.resize(level + 1);
  Level& grown = levels_[level];
  grown.hashes.push_back(hash);
  grown.changed = true;
  if (grown.hashes.size() < tile_width) return;
  full_.push_back({level, grown.index, std::move(grown.hashes)});
  grown = {grown.index + 1, {}, false};
}

std::vector<TileRow> Tiles::take_rows() {
  std::vector<TileRow> rows = std::move(full_);
  full_.clear();
  for (unsigned level = 1; level < levels_.size(); ++level) {
    Level& grown = levels_[level];
    if (grown.changed) rows.push_back({level, grown.index, grown.hashes});
    grown.changed = false;
  }
  return rows;
}

Result<Tiles> Tiles::load(std::uint64_t size, tlog::HashReader& reader) {
  Tiles out;
  for (unsigned level = 0; level <= tlog::max_tile_level; ++level) {
    const std::uint64_t hashes = size >> (level * tlog::tile_height);
    if (hashes == 0) break;
    const std::uint64_t index = hashes / tile_width;
    Level grown{index, {}, false};
    if (const unsigned width = tlog::width_in(size, level, index); width > 0) {
      auto read = reader.read_tile({level, index, width});
      if (!read) return pass_on(read.error());
      grown.hashes = std::move(*read);
    }
    out.levels_.push_back(std::move(grown));
  }
  return out;
}

}  // namespace hearth::ledger
