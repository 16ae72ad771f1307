// RFC 6962 §2.1 word for word, over leaves that the test defines: what proofs are compared with.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "common/tlog/tiles.h"

namespace hearth::test {

class TreeByDefinition {
 public:
  explicit TreeByDefinition(std::function<tlog::Digest(std::uint64_t)> leaf)
      : leaf_(std::move(leaf)) {}

  /// MTH(D[from:to])
  tlog::Digest root(std::uint64_t from, std::uint64_t to) const {
    if (from == to) return crypto::sha256({});
    if (to - from == 1) return leaf_(from);
    if (const auto found = known_.find({from, to}); found != known_.end()) return found->second;
    const std::uint64_t middle = from + split(to - from);
    return known_[{from, to}] = tlog::node_hash(root(from, middle), root(middle, to));
  }
  /// PATH(m, D[from:to]), §2.1.1; m counts from 0.
  tlog::Proof path(std::uint64_t m, std::uint64_t from, std::uint64_t to) const {
    if (to - from == 1) return {};
    const std::uint64_t middle = from + split(to - from);
    const bool left = m < middle;
    tlog::Proof out = left ? path(m, from, middle) : path(m, middle, to);
    out.push_back(left ? root(middle, to) : root(from, middle));
    return out;
  }

 private:
  /// The largest power of two below n.
  static std::uint64_t split(std::uint64_t n) {
    std::uint64_t half = 1;
    while (half * 2 < n) half *= 2;
    return half;
  }

  std::function<tlog::Digest(std::uint64_t)> leaf_;
  mutable std::map<std::pair<std::uint64_t, std::uint64_t>, tlog::Digest> known_;
};

}  // namespace hearth::test
