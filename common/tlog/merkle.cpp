#include "common/tlog/merkle.h"

#include <algorithm>
#include <array>
#include <bit>

namespace hearth::tlog {

Digest leaf_hash(ByteView data) {
  if (data.size() == sizeof(Digest)) {  // a commitment: no allocation
    std::array<std::uint8_t, 1 + sizeof(Digest)> bytes{0x00};
    std::copy(data.begin(), data.end(), bytes.begin() + 1);
    return crypto::sha256(bytes);
  }
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

Digest empty_root() {
  return crypto::sha256({});
}

bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      const Proof& proof, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t node = index, last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      hash = node_hash(sibling, hash);
      // Levels on which this node is the right edge and alone have no sibling.
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t from, const Digest& from_root, std::uint64_t to,
                        const Digest& to_root, const Proof& proof) {
  if (from > to) return false;
  if (from == to) return proof.empty() && from_root == to_root;
  if (from == 0) return proof.empty() && from_root == empty_root();
  // A complete first tree is itself the first node of the path.
  const bool complete = std::has_single_bit(from);
  if (!complete && proof.empty()) return false;
  std::uint64_t node = from - 1, last = to - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  Digest old_hash = complete ? from_root : proof.front();
  Digest new_hash = old_hash;
  for (std::size_t i = complete ? 0 : 1; i < proof.size(); ++i) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      old_hash = node_hash(proof[i], old_hash);
      new_hash = node_hash(proof[i], new_hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = node_hash(new_hash, proof[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == from_root && new_hash == to_root;
}

}  // namespace hearth::tlog
