// What the ledger accepts as a torrent (docs/protocol.md §3): a BitTorrent v1+v2 hybrid (BEP 3,
// BEP 52) of exactly one file, with the piece length that its size demands. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/wire/documents.h"

namespace hearth::ledger {

inline constexpr std::size_t max_torrent_file = 4 * 1024 * 1024;
inline constexpr std::uint64_t max_pieces = 16'384;
inline constexpr std::uint64_t least_piece_length = 256 * 1024;

struct TorrentFile {
  wire::InfoHash info_hash{};  ///< SHA-1 of the info dictionary's bytes
  wire::TitleId title{};       ///< SHA-256 of the same
  std::uint64_t size = 0;      ///< of the one file: ciphertext with its nonce
  std::uint32_t piece_length = 0;
  bool is_private = false;
};

/// 256 KiB, doubled until `size` fits in 16,384 pieces.
std::uint64_t piece_length_for(std::uint64_t size);

/// Code::bad_torrent with a sentence; Code::too_large above 4 MiB.
Result<TorrentFile> read_torrent_file(ByteView file);

}  // namespace hearth::ledger
