// The Merkle tree of RFC 6962 §2.1 as a verifier sees it: hashes of leaves and nodes, and whether
// a proof holds. A proof is a list of hashes, from the leaf's side up; at most 64 for any tree
// that can exist, about twice that for consistency. Pure; nothing here fails, it says no.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/bytes.h"
#include "common/crypto/hash.h"

namespace hearth::tlog {

using Digest = crypto::Sha256Digest;
using Proof = std::vector<Digest>;

/// SHA-256(0x00 || data) and SHA-256(0x01 || left || right).
Digest leaf_hash(ByteView data);
Digest node_hash(const Digest& left, const Digest& right);
/// The root of the tree without leaves: SHA-256 of nothing.
Digest empty_root();

inline constexpr std::size_t max_proof_hashes = 128;

/// RFC 9162 §2.1.3.2: the leaf with this hash is leaf `index` of the tree of `size` with `root`.
bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      const Proof& proof, const Digest& root);
/// RFC 9162 §2.1.4.2: the tree of `to` leaves begins with the tree of `from` leaves. Every tree
/// begins with the empty one, which takes no hashes; so does a tree with itself.
bool verify_consistency(std::uint64_t from, const Digest& from_root, std::uint64_t to,
                        const Digest& to_root, const Proof& proof);

}  // namespace hearth::tlog
