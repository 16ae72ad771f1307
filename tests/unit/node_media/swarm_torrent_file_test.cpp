#include <random>

#include <doctest/doctest.h>

#include "common/crypto/age/age.h"
#include "node/swarm/swarm.h"
#include "node/swarm/torrent_file.h"

namespace hearth::node {
namespace {

PieceHashes hashes_of(std::size_t size, std::size_t step) {
  std::mt19937 random(7);
  Bytes content(size);
  for (auto& byte : content) byte = static_cast<std::uint8_t>(random());
  PieceHasher hasher(piece_length_for(size));
  for (std::size_t at = 0; at < size; at += step) {
    hasher.update(ByteView(content).subspan(at, std::min(step, size - at)));
  }
  return hasher.finish();
}

const std::string digits = "0123456789abcdef";

}  // namespace

TEST_CASE("a piece is 256 KiB, doubled until there are at most 16,384") {
  constexpr std::uint64_t gib = 1ull << 30;
  CHECK(piece_length_for(1) == 256 * 1024);
  CHECK(piece_length_for(4 * gib) == 256 * 1024);
  CHECK(piece_length_for(4 * gib + 1) == 512 * 1024);
  CHECK(piece_length_for(8 * gib) == 512 * 1024);
  CHECK(piece_length_for(4096 * gib) == 256u * 1024 * 1024);
}

TEST_CASE("torrents of every shape of file are valid hybrids with exactly that file") {
  constexpr std::size_t piece = 256 * 1024;
  const std::size_t sizes[] = {1,
                               32,
                               16384,
                               16385,
                               3 * 16384 + 1,
                               piece - 1,
                               piece,
                               piece + 1,
                               2 * piece,
                               3 * piece + 16384,
                               5 * piece + 17};
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    const PieceHashes hashes = hashes_of(size, 100'003);
    CHECK(hashes.size == size);
    auto torrent = make_torrent(hashes, digits, "", false);
    REQUIRE(torrent);
    auto info = read_torrent(*torrent);
    REQUIRE_MESSAGE(info, (info ? "" : info.error().sentence));
    CHECK(info->size == size);
    CHECK(info->piece_length == piece);
    CHECK(info->pieces == (size + piece - 1) / piece);
    CHECK_FALSE(info->is_private);
    CHECK(info->title != wire::TitleId{});
    CHECK(info->info_hash != wire::InfoHash{});
  }
}

TEST_CASE("hashes do not depend on how the bytes come") {
  const std::size_t size = 3 * 256 * 1024 + 5;
  const PieceHashes at_once = hashes_of(size, size);
  const PieceHashes in_drops = hashes_of(size, 7777);
  CHECK(at_once.v1 == in_drops.v1);
  CHECK(at_once.v2 == in_drops.v2);
}

TEST_CASE("a torrent says nothing of its origin") {
  auto torrent =
      make_torrent(hashes_of(1000, 1000), digits, "http://ledger.example/announce", true);
  REQUIRE(torrent);
  const std::string text(as_text(*torrent));
  CHECK(text.find("creat") == std::string::npos);
  CHECK(text.find("http://ledger.example/announce") != std::string::npos);
  auto info = read_torrent(*torrent);
  REQUIRE(info);
  CHECK(info->is_private);
}

TEST_CASE("what is no torrent of Hearth is refused as bad_torrent") {
  auto good = make_torrent(hashes_of(600'000, 600'000), digits, "", false);
  REQUIRE(good);
  const std::string text(as_text(*good));
  const auto with = [&text](const std::string& from, const std::string& to) {
    std::string out = text;
    const auto at = out.find(from);
    REQUIRE(at != std::string::npos);
    return to_bytes(as_bytes(out.replace(at, from.size(), to)));
  };
  struct Row {
    const char* what;
    Bytes torrent;
  };
  const Row rows[] = {
      {"nothing", {}},
      {"not bencoded", to_bytes(as_bytes("hello"))},
      {"cut off", to_bytes(as_bytes(text.substr(0, text.size() / 2)))},
      {"another name", with("hearth-0123456789abcdef", "herd-s-0123456789abcdef")},
      {"a path in its name", with("hearth-0123456789abcdef", "hearth-../../../../etc/p")},
      {"another piece length", with("piece lengthi262144e", "piece lengthi131072e")},
      {"no v2 part", with("12:meta versioni2e", "12:meta versioni1e")},
      {"too many bytes", Bytes(max_torrent + 1, 'd')},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    auto info = read_torrent(row.torrent);
    REQUIRE_FALSE(info);
    CHECK(info.error().code == Code::bad_torrent);
  }
}

TEST_CASE("random changes to a torrent never do worse than being refused") {
  auto good = make_torrent(hashes_of(600'000, 600'000), digits, "", false);
  REQUIRE(good);
  for (std::uint32_t seed = 1; seed <= 500; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    Bytes changed = *good;
    for (int i = 0; i < 3; ++i)
      changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
    auto info = read_torrent(changed);
    if (info) CHECK(info->size > 0);
    if (!info) CHECK(info.error().code == Code::bad_torrent);
  }
}

}  // namespace hearth::node
