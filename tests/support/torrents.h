// Torrents as a publishing node makes them, of content that nobody has: no swarm ever sees them.
// Written by docs/protocol.md §3 alone, so that neither node nor ledger is needed.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"
#include "common/wire/documents.h"

namespace hearth::test {

/// A valid hybrid torrent of one file.
struct TestTorrent {
  Bytes file;
  wire::InfoHash info_hash{};
  wire::TitleId title{};
  std::uint64_t plain_size = 0;
  std::uint32_t piece_length = 0;
};

inline std::string bencode_text(std::string_view text) {
  return std::to_string(text.size()) + ":" + std::string(text);
}
inline std::string bencode_number(std::int64_t number) {
  return "i" + std::to_string(number) + "e";
}

inline std::uint64_t piece_length_of(std::uint64_t size) {
  constexpr std::uint64_t least = 256 * 1024, most_pieces = 16'384;
  std::uint64_t length = least;
  while (size > most_pieces * length) length *= 2;
  return length;
}

/// `root`: 32 bytes that tell it from others, the v2 root of its one file.
inline TestTorrent make_torrent(std::uint64_t plain_size, ByteView root) {
  TestTorrent out;
  out.plain_size = plain_size;
  const std::uint64_t size = crypto::age::payload_size(plain_size);
  const std::uint64_t piece = piece_length_of(size);
  const std::uint64_t pieces = (size + piece - 1) / piece;
  out.piece_length = static_cast<std::uint32_t>(piece);
  const std::string name = "hearth-" + to_hex(root).substr(0, 16);
  const std::string leaf = "d" + bencode_text("length") +
                           bencode_number(static_cast<std::int64_t>(size)) +
                           bencode_text("pieces root") + bencode_text(as_text(root)) + "e";
  const std::string info =
      "d" + bencode_text("file tree") + "d" + bencode_text(name) + "d0:" + leaf + "ee" +
      bencode_text("length") + bencode_number(static_cast<std::int64_t>(size)) +
      bencode_text("meta version") + bencode_number(2) + bencode_text("name") + bencode_text(name) +
      bencode_text("piece length") + bencode_number(static_cast<std::int64_t>(piece)) +
      bencode_text("pieces") + bencode_text(std::string(pieces * 20, 'h')) + "e";
  std::string file = "d" + bencode_text("info") + info;
  if (pieces > 1) {
    file += bencode_text("piece layers") + "d" + bencode_text(as_text(root)) +
            bencode_text(std::string(pieces * 32, 'l')) + "e";
  }
  file += "e";
  out.file = to_bytes(as_bytes(file));
  const Bytes sha1 = crypto::Hasher(crypto::Hasher::Kind::sha1).update(as_bytes(info)).finish();
  std::copy_n(sha1.begin(), out.info_hash.size(), out.info_hash.begin());
  out.title = crypto::sha256(as_bytes(info));
  return out;
}

}  // namespace hearth::test
