// docs/protocol.md §3: which torrent files the ledger accepts.
#include <doctest/doctest.h>

#include "api_fixture.h"
#include "ledger/catalogue/bencode.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

TEST_CASE("bencode: one form for each value, bounded") {
  struct Row {
    std::string text;
    bool good;
  };
  const std::vector<Row> rows{
      {"i0e", true},
      {"i-7e", true},
      {"i9223372036854775807e", true},
      {"0:", true},
      {"3:abc", true},
      {"le", true},
      {"d1:ai1e1:bi2ee", true},
      {"", false},
      {"i", false},
      {"ie", false},
      {"i-e", false},
      {"i-0e", false},
      {"i01e", false},
      {"i+1e", false},
      {"i 1e", false},
      {"i9223372036854775808e", false},
      {"i1e ", false},
      {"4:abc", false},
      {"03:abc", false},
      {"-1:a", false},
      {"18446744073709551615:a", false},
      {"9223372036854775807:a", false},
      {"l", false},
      {"li1e", false},
      {"d", false},
      {"d1:ae", false},
      {"di1ei1ee", false},
      {"d1:bi1e1:ai2ee", false},
      {"d1:ai1e1:ai2ee", false},
      {std::string(16, 'l') + std::string(16, 'e'), true},
      {std::string(18, 'l') + std::string(18, 'e'), false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 40));
    const auto value = bencode::read(as_bytes(row.text));
    CHECK(value.has_value() == row.good);
    if (!value) CHECK(value.error().code == Code::bad_torrent);
  }
  std::string many = "l";
  for (int i = 0; i < 9'999; ++i) many += "0:";
  CHECK(bencode::read(as_bytes(many + "e")));
  CHECK_FALSE(bencode::read(as_bytes(many + "0:e")));
}

TEST_CASE("piece lengths follow the size") {
  constexpr std::uint64_t gib = std::uint64_t{1} << 30;
  CHECK(piece_length_for(32) == 256 * 1024);
  CHECK(piece_length_for(4 * gib) == 256 * 1024);
  CHECK(piece_length_for(4 * gib + 1) == 512 * 1024);
  CHECK(piece_length_for(64 * gib) == 4 * 1024 * 1024);
}

TEST_CASE("a hybrid torrent of one file is read") {
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{300'000}, std::uint64_t{5} << 30}) {
    CAPTURE(size);
    const TestTorrent torrent = make_torrent(size, 1);
    const auto read = read_torrent_file(torrent.file);
    if (!read) FAIL(read.error().sentence);
    CHECK(read->info_hash == torrent.info_hash);
    CHECK(read->title == torrent.title);
    CHECK(read->size == crypto::age::payload_size(size));
    CHECK(read->piece_length == torrent.piece_length);
    CHECK_FALSE(read->is_private);
  }
}

TEST_CASE("other torrents are refused") {
  const TestTorrent good = make_torrent(300'000, 1);
  const std::string text(as_text(good.file));
  const auto changed = [&text](std::string_view from, std::string_view to) {
    std::string out = text;
    const std::size_t at = out.find(from);
    REQUIRE(at != std::string::npos);
    return out.replace(at, from.size(), to);
  };
  const std::vector<std::pair<const char*, std::string>> rows{
      {"no info", "de"},
      {"not a dictionary", "le"},
      {"version 1 only", changed("12:meta versioni2e", "")},
      {"another version", changed("12:meta versioni2e", "12:meta versioni3e")},
      {"no version 1 part", changed("6:pieces40:" + std::string(40, 'h'), "")},
      {"a hash too few",
       changed("6:pieces40:" + std::string(40, 'h'), "6:pieces20:" + std::string(20, 'h'))},
      {"another piece length", changed("12:piece lengthi262144e", "12:piece lengthi524288e")},
      {"a telling name", changed("4:name23:hearth-", "4:name23:family-")},
      {"sizes that differ", changed("6:lengthi300096e", "6:lengthi300095e")},
      {"a list of files", changed("6:lengthi300096e12:meta", "5:filesle12:meta")},
      {"no piece layers", text.substr(0, text.find("12:piece layers")) + "e"},
      {"bytes after it", text + "e"},
      {"cut off", text.substr(0, text.size() - 1)},
  };
  for (const auto& [what, file] : rows) {
    CAPTURE(what);
    const auto read = read_torrent_file(as_bytes(file));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::bad_torrent);
  }
  const auto large = read_torrent_file(Bytes(max_torrent_file + 1, 'x'));
  REQUIRE_FALSE(large);
  CHECK(large.error().code == Code::too_large);
}
