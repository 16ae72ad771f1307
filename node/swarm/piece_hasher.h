// The hashes of a hybrid torrent's one file, computed in one pass over its bytes: SHA-1 of each
// piece (BEP 3), and for BEP 52 the merkle root of each piece's 16 KiB blocks. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "common/crypto/hash.h"

namespace hearth::node {

inline constexpr std::uint32_t smallest_piece = 256 * 1024;
inline constexpr std::uint32_t most_pieces = 16'384;

/// docs/protocol.md §3: 256 KiB up to 4 GiB, then doubled until there are few enough pieces.
std::uint32_t piece_length_for(std::uint64_t size);

struct PieceHashes {
  std::uint64_t size = 0;
  std::uint32_t piece_length = 0;
  std::vector<crypto::Sha1Digest> v1;
  /// Piece layer; for a file of one piece this is the root over as many leaves as it needs.
  std::vector<crypto::Sha256Digest> v2;
};

class PieceHasher {
 public:
  explicit PieceHasher(std::uint32_t piece_length);
  void update(ByteView bytes);
  PieceHashes finish();

 private:
  void end_block();
  void end_piece(bool last);
  crypto::Hasher sha1_;
  crypto::Hasher sha256_;
  std::vector<crypto::Sha256Digest> leaves_;  ///< of the piece under way
  std::uint32_t in_block_ = 0, in_piece_ = 0;
  PieceHashes out_;
};

}  // namespace hearth::node
