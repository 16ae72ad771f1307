#include "node/swarm/piece_hasher.h"

#include <algorithm>
#include <bit>

#include "common/base/assert.h"

namespace hearth::node {
namespace {

constexpr std::uint32_t block_size = 16 * 1024;

template <std::size_t N>
std::array<std::uint8_t, N> as_digest(const Bytes& bytes) {
  HEARTH_ASSERT(bytes.size() == N);
  std::array<std::uint8_t, N> out;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

// Missing leaves are 32 zero bytes (BEP 52), not hashes of zeros.
crypto::Sha256Digest merkle_root(std::vector<crypto::Sha256Digest> nodes, std::size_t leaves) {
  nodes.resize(leaves);
  while (nodes.size() > 1) {
    for (std::size_t i = 0; i + 1 < nodes.size(); i += 2) {
      std::array<std::uint8_t, 64> pair;
      std::copy(nodes[i].begin(), nodes[i].end(), pair.begin());
      std::copy(nodes[i + 1].begin(), nodes[i + 1].end(), pair.begin() + 32);
      nodes[i / 2] = crypto::sha256(pair);
    }
    nodes.resize(nodes.size() / 2);
  }
  return nodes[0];
}

}  // namespace

std::uint32_t piece_length_for(std::uint64_t size) {
  std::uint64_t length = smallest_piece;
  while ((size + length - 1) / length > most_pieces) length *= 2;
  return static_cast<std::uint32_t>(length);
}

PieceHasher::PieceHasher(std::uint32_t piece_length)
    : sha1_(crypto::Hasher::Kind::sha1), sha256_(crypto::Hasher::Kind::sha256) {
  HEARTH_ASSERT(std::has_single_bit(piece_length) && piece_length >= block_size);
  out_.piece_length = piece_length;
}

void PieceHasher::end_block() {
  leaves_.push_back(as_digest<32>(sha256_.finish()));
  in_block_ = 0;
}

void PieceHasher::end_piece(bool last) {
  if (in_block_ > 0) end_block();
  out_.v1.push_back(as_digest<20>(sha1_.finish()));
  const bool only_piece = last && out_.v2.empty();
  const std::size_t width =
      only_piece ? std::bit_ceil(leaves_.size()) : out_.piece_length / block_size;
  out_.v2.push_back(merkle_root(std::move(leaves_), width));
  leaves_.clear();
  in_piece_ = 0;
}

void PieceHasher::update(ByteView bytes) {
  while (!bytes.empty()) {
    // A full piece ends only when more follows, so that the only piece is known as such.
    if (in_piece_ == out_.piece_length) end_piece(false);
    const std::size_t part = std::min<std::size_t>(bytes.size(), block_size - in_block_);
    const ByteView block = bytes.first(part);
    sha1_.update(block);
    sha256_.update(block);
    in_block_ += static_cast<std::uint32_t>(part);
    in_piece_ += static_cast<std::uint32_t>(part);
    out_.size += part;
    if (in_block_ == block_size) end_block();
    bytes = bytes.subspan(part);
  }
}

PieceHashes PieceHasher::finish() {
  HEARTH_ASSERT(out_.size > 0);
  end_piece(true);
  return std::move(out_);
}

}  // namespace hearth::node
