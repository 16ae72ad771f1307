#include "ledger/journal/tree.h"

#include <algorithm>
#include <array>
#include <bit>

#include "common/base/codec.h"

namespace hearth::ledger {
namespace {
constexpr std::uint8_t format_version = 1;
}

Digest leaf_hash(ByteView data) {
  Bytes prefixed;
  prefixed.reserve(1 + data.size());
  prefixed.push_back(0x00);
  append(prefixed, data);
  return crypto::sha256(prefixed);
}

Digest node_hash(const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 65> bytes;
  bytes[0] = 0x01;
  std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), bytes.begin() + 33);
  return crypto::sha256(bytes);
}

void Tree::append(const Digest& leaf) {
  Digest carried = leaf;
  // As in binary addition: every trailing one of the size is a subtree that becomes complete.
  for (std::uint64_t ones = size_; ones & 1; ones >>= 1) {
    carried = node_hash(edge_.back(), carried);
    edge_.pop_back();
  }
  edge_.push_back(carried);
  ++size_;
}

Digest Tree::root() const {
  if (edge_.empty()) return crypto::sha256({});
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
