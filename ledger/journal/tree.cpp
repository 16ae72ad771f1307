#include "ledger/journal/tree.h"

#include <bit>

#include "common/base/codec.h"
#include "ledger/journal/tiles.h"

namespace hearth::ledger {
namespace {
constexpr std::uint8_t format_version = 1;
}

void Tree::append(const Digest& leaf, Tiles* tiles) {
  Digest carried = leaf;
  if (tiles) tiles->add(0, carried);
  // As in binary addition: every trailing one of the size is a subtree that becomes complete.
  unsigned height = 0;
  for (std::uint64_t ones = size_; ones & 1; ones >>= 1) {
    carried = node_hash(edge_.back(), carried);
    edge_.pop_back();
    ++height;
    if (tiles && height % tlog::tile_height == 0) tiles->add(height / tlog::tile_height, carried);
  }
  edge_.push_back(carried);
  ++size_;
}

Digest Tree::root() const {
  if (edge_.empty()) return tlog::empty_root();
  Digest root = edge_.back();
  for (std::size_t i = edge_.size() - 1; i-- > 0;) root = node_hash(edge_[i], root);
  return root;
}

Bytes Tree::encode() const {
  Writer out;
  out.u8(format_version).u64(size_).raw(root());
  for (const Digest& digest : edge_) out.raw(digest);
  return out.take();
}

std::optional<Tree> Tree::decode(ByteView bytes) {
  Reader in(bytes);
  if (in.u8() != format_version) return std::nullopt;
  Tree tree;
  tree.size_ = in.u64();
  const auto root = in.fixed<32>();
  for (int i = 0; i < std::popcount(tree.size_); ++i) tree.edge_.push_back(in.fixed<32>());
  if (!in.done() || tree.root() != root) return std::nullopt;
  return tree;
}

}  // namespace hearth::ledger
