#include "common/tlog/tiles.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <map>

#include "common/base/assert.h"

namespace hearth::tlog {
namespace {

/// Decimal, without leading zeroes; nullopt otherwise.
std::optional<std::uint64_t> plain_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::to_string(value) == text ? std::optional(value) : std::nullopt;
}

std::string three_digits(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  return std::string(3 - digits.size(), '0') + digits;
}

bool are_three_digits(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "x001/x234/067"
std::optional<std::uint64_t> parse_index(std::string_view text) {
  std::uint64_t value = 0;
  for (bool first = true;; first = false) {
    const bool more = text.starts_with('x');
    const std::string_view digits = text.substr(more ? 1 : 0, 3);
    // A leading x000 would be a second text of the same index.
    if (!are_three_digits(digits) || (first && more && digits == "000")) return std::nullopt;
    if (value > UINT64_MAX / 1000 - 1) return std::nullopt;
    for (const char digit : digits) value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    text.remove_prefix(digits.size() + (more ? 1 : 0));
    if (!more) return text.empty() ? std::optional(value) : std::nullopt;
    if (!text.starts_with('/')) return std::nullopt;
    text.remove_prefix(1);
  }
}

/// Subtrees and ranges of one tree, each tile read once.
class TreeOfTiles {
 public:
  TreeOfTiles(std::uint64_t size, HashReader& reader) : size_(size), reader_(reader) {}

  /// Root over leaves [from, to): `from` is a multiple of the largest power of two below the
  /// range's size, as the ranges of RFC 6962 are.
  Result<Digest> range(std::uint64_t from, std::uint64_t to) {
    if (from == to) return empty_root();
    const std::uint64_t count = to - from;
    if (std::has_single_bit(count))
      return subtree(static_cast<unsigned>(std::countr_zero(count)), from);
    const std::uint64_t left = std::bit_floor(count);
    const auto left_root = range(from, from + left);
    if (!left_root) return left_root;
    const auto right_root = range(from + left, to);
    if (!right_root) return right_root;
    return node_hash(*left_root, *right_root);
  }

 private:
  /// Root of the complete subtree of 2^height leaves that begins at leaf `from`.
  Result<Digest> subtree(unsigned height, std::uint64_t from) {
    const unsigned level = std::min(height / tile_height, max_tile_level);
    const std::uint64_t first = from >> (level * tile_height);
    auto hashes = tile(level, first / tile_width);
    if (!hashes) return pass_on(hashes.error());
    const std::size_t offset = first % tile_width;
    const std::size_t count = std::size_t{1} << (height - level * tile_height);
    HEARTH_ASSERT(offset + count <= (*hashes)->size());
    std::vector<Digest> row((*hashes)->begin() + static_cast<std::ptrdiff_t>(offset),
                            (*hashes)->begin() + static_cast<std::ptrdiff_t>(offset + count));
    for (; row.size() > 1; row.resize(row.size() / 2))
      for (std::size_t i = 0; i < row.size() / 2; ++i)
        row[i] = node_hash(row[2 * i], row[2 * i + 1]);
    return row[0];
  }

  Result<const std::vector<Digest>*> tile(unsigned level, std::uint64_t index) {
    const TileId id{level, index, width_in(size_, level, index)};
    if (const auto known = tiles_.find(id); known != tiles_.end()) return &known->second;
    auto hashes = reader_.read_tile(id);
    if (!hashes) return pass_on(hashes.error());
    HEARTH_ASSERT(hashes->size() == id.width);
    return &tiles_.emplace(id, std::move(*hashes)).first->second;
  }

  const std::uint64_t size_;
  HashReader& reader_;
  std::map<TileId, std::vector<Digest>> tiles_;
};

}  // namespace

std::string tile_path(const TileId& tile) {
  std::string index = three_digits(tile.index % 1000);
  for (std::uint64_t rest = tile.index / 1000; rest > 0; rest /= 1000)
    index = "x" + three_digits(rest % 1000) + "/" + index;
  std::string path = std::to_string(tile.level) + "/" + index;
  if (tile.width != tile_width) path += ".p/" + std::to_string(tile.width);
  return path;
}

std::optional<TileId> parse_tile_path(std::string_view path) {
  TileId tile;
  const auto slash = path.find('/');
  if (path.size() > 64 || slash == std::string_view::npos) return std::nullopt;
  const auto level = plain_number(path.substr(0, slash));
  if (!level || *level > max_tile_level) return std::nullopt;
  tile.level = static_cast<unsigned>(*level);
  std::string_view index = path.substr(slash + 1);
  if (const auto partial = index.find(".p/"); partial != std::string_view::npos) {
    const auto width = plain_number(index.substr(partial + 3));
    if (!width || *width < 1 || *width >= tile_width) return std::nullopt;
    tile.width = static_cast<unsigned>(*width);
    index = index.substr(0, partial);
  }
  const auto number = parse_index(index);
  if (!number) return std::nullopt;
  tile.index = *number;
  return tile;
}

unsigned width_in(std::uint64_t size, unsigned level, std::uint64_t index) {
  const std::uint64_t hashes = level > max_tile_level ? 0 : size >> (level * tile_height);
  if (index > hashes / tile_width) return 0;
  return static_cast<unsigned>(std::min<std::uint64_t>(hashes - index * tile_width, tile_width));
}

Result<Digest> tree_root(std::uint64_t size, HashReader& tiles) {
  return TreeOfTiles(size, tiles).range(0, size);
}

Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, HashReader& tiles) {
  HEARTH_ASSERT(index < size);
  TreeOfTiles tree(size, tiles);
  Proof proof;
  std::uint64_t from = 0, to = size;
  while (to - from > 1) {  // RFC 6962 §2.1.1 PATH, from the root down
    const std::uint64_t split = from + std::bit_ceil(to - from) / 2;
    const bool is_left = index < split;
    const auto sibling = is_left ? tree.range(split, to) : tree.range(from, split);
    if (!sibling) return pass_on(sibling.error());
    proof.push_back(*sibling);
    (is_left ? to : from) = split;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

Result<Proof> consistency_proof(std::uint64_t from, std::uint64_t to, HashReader& tiles) {
  HEARTH_ASSERT(from <= to);
  Proof proof;
  if (from == 0 || from == to) return proof;
  TreeOfTiles tree(to, tiles);
  std::uint64_t begin = 0, end = to;
  while (from != end) {  // RFC 6962 §2.1.2 SUBPROOF, from the root down
    const std::uint64_t split = begin + std::bit_ceil(end - begin) / 2;
    const bool is_left = from <= split;
    const auto sibling = is_left ? tree.range(split, end) : tree.range(begin, split);
    if (!sibling) return pass_on(sibling.error());
    proof.push_back(*sibling);
    (is_left ? end : begin) = split;
  }
  // The old tree's last part, unless it is the whole old tree, which the verifier has.
  if (begin != 0) {
    const auto rest = tree.range(begin, end);
    if (!rest) return pass_on(rest.error());
    proof.push_back(*rest);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

}  // namespace hearth::tlog
