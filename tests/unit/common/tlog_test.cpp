// The public log as a verifier sees it: RFC 6962 proofs against the definition, tiles, and the
// text forms of C2SP against hostile input (docs/protocol.md §15).
#include <doctest/doctest.h>

#include "common/tlog/proof_file.h"
#include "common/tlog/tiles.h"
#include "tests/support/tree_by_definition.h"

using namespace hearth;
using namespace hearth::tlog;

namespace {

Digest leaf(std::uint64_t i) {
  return leaf_hash(as_bytes("leaf " + std::to_string(i)));
}

const test::TreeByDefinition& defined() {
  static const test::TreeByDefinition tree(leaf);
  return tree;
}
Digest defined_root(std::uint64_t from, std::uint64_t to) {
  return defined().root(from, to);
}

/// RFC 6962 §2.1.2 SUBPROOF(m, D[n], b).
Proof defined_subproof(std::uint64_t m, std::uint64_t from, std::uint64_t to, bool whole) {
  if (m == to) return whole ? Proof{} : Proof{defined_root(from, to)};
  std::uint64_t split = 1;
  while (split * 2 < to - from) split *= 2;
  const bool left = m <= from + split;
  Proof proof = left ? defined_subproof(m, from, from + split, whole)
                     : defined_subproof(m, from + split, to, false);
  proof.push_back(left ? defined_root(from + split, to) : defined_root(from, from + split));
  return proof;
}

/// Tiles straight from their definition in tlog-tiles.
class DefinedTiles : public HashReader {
 public:
  Result<std::vector<Digest>> read_tile(const TileId& tile) override {
    ++reads;
    std::uint64_t span = 1;
    for (unsigned i = 0; i < tile.level; ++i) span *= tile_width;
    std::vector<Digest> out;
    for (std::uint64_t i = 0; i < tile.width; ++i) {
      const std::uint64_t n = tile.index * tile_width + i;
      out.push_back(defined_root(n * span, (n + 1) * span));
    }
    return out;
  }
  int reads = 0;
};

crypto::SignKey signer(std::uint8_t which) {
  std::array<std::uint8_t, 32> seed;
  seed.fill(which);
  return crypto::SignKey::from_seed(crypto::Seed(seed));
}

}  // namespace

TEST_CASE("every inclusion proof in every tree of up to 300 leaves is the defined one and holds") {
  DefinedTiles tiles;
  for (std::uint64_t size = 1; size <= 300; ++size) {
    const Digest root = defined_root(0, size);
    REQUIRE(tree_root(size, tiles).value() == root);
    for (std::uint64_t index = 0; index < size; ++index) {
      const Proof proof = inclusion_proof(index, size, tiles).value();
      const bool is_defined = proof == defined().path(index, 0, size);
      const bool holds = verify_inclusion(leaf(index), index, size, proof, root);
      REQUIRE_MESSAGE(is_defined, "index ", index, " of ", size);
      REQUIRE_MESSAGE(holds, "index ", index, " of ", size);
    }
  }
  CHECK(tree_root(0, tiles).value() == empty_root());
}

TEST_CASE(
    "every consistency proof between trees of up to 300 leaves is the defined one and holds") {
  DefinedTiles tiles;
  for (std::uint64_t to = 0; to <= 300; ++to) {
    for (std::uint64_t from = 0; from <= to; ++from) {
      const Proof proof = consistency_proof(from, to, tiles).value();
      const bool is_defined = from == 0 || proof == defined_subproof(from, 0, to, true);
      const bool holds =
          verify_consistency(from, defined_root(0, from), to, defined_root(0, to), proof);
      REQUIRE_MESSAGE(is_defined, from, " to ", to);
      REQUIRE_MESSAGE(holds, from, " to ", to);
    }
  }
}

TEST_CASE("in a large tree a proof takes a few tiles") {
  constexpr std::uint64_t size = 70'000;  // the example of tlog-tiles
  CHECK(width_in(size, 0, 272) == 256);
  CHECK(width_in(size, 0, 273) == 112);
  CHECK(width_in(size, 0, 274) == 0);
  CHECK(width_in(size, 1, 0) == 256);
  CHECK(width_in(size, 1, 1) == 17);
  CHECK(width_in(size, 2, 0) == 1);
  CHECK(width_in(size, 3, 0) == 0);
  CHECK(width_in(256, 0, 0) == 256);
  CHECK(width_in(256, 0, 1) == 0);
  CHECK(width_in(256, 1, 0) == 1);
  for (const std::uint64_t index : {0u, 255u, 256u, 65'535u, 65'536u, 69'888u, 69'999u}) {
    CAPTURE(index);
    DefinedTiles tiles;
    const Proof proof = inclusion_proof(index, size, tiles).value();
    CHECK(verify_inclusion(leaf(index), index, size, proof, defined_root(0, size)));
    CHECK(tiles.reads <= 6);
    DefinedTiles more;
    const Proof grown = consistency_proof(index + 1, size, more).value();
    CHECK(verify_consistency(index + 1, defined_root(0, index + 1), size, defined_root(0, size),
                             grown));
    CHECK(more.reads <= 6);
  }
}

TEST_CASE("a proof that was tampered with, or is about something else, is refused") {
  DefinedTiles tiles;
  for (const std::uint64_t size : {1u, 2u, 3u, 7u, 8u, 100u, 257u}) {
    const Digest root = defined_root(0, size);
    for (std::uint64_t index = 0; index < size; index += 1 + size / 7) {
      CAPTURE(index);
      CAPTURE(size);
      const Proof good = inclusion_proof(index, size, tiles).value();
      CHECK_FALSE(verify_inclusion(leaf(index + 1), index, size, good, root));
      CHECK_FALSE(verify_inclusion(leaf(index), index, size, good, leaf(7)));
      CHECK_FALSE(verify_inclusion(leaf(index), size, size, good, root));
      if (size > 1)
        CHECK_FALSE(verify_inclusion(leaf(index), (index + 1) % size, size, good, root));
      for (std::size_t i = 0; i < good.size(); ++i) {
        Proof bad = good;
        bad[i][5] ^= 1;
        CHECK_FALSE(verify_inclusion(leaf(index), index, size, bad, root));
        bad = good;
        bad.erase(bad.begin() + static_cast<long>(i));
        CHECK_FALSE(verify_inclusion(leaf(index), index, size, bad, root));
      }
      Proof longer = good;
      longer.push_back(leaf(1));
      CHECK_FALSE(verify_inclusion(leaf(index), index, size, longer, root));
      // The same leaves as another history of the same length.
      const Digest forked = node_hash(root, leaf(0));
      const Proof grown = consistency_proof(index, size, tiles).value();
      if (index > 0) CHECK_FALSE(verify_consistency(index, forked, size, root, grown));
      CHECK_FALSE(verify_consistency(size, root, size, forked, {}));
      CHECK_FALSE(verify_consistency(size + 1, root, size, root, grown));
      for (std::size_t i = 0; i < grown.size(); ++i) {
        Proof bad = grown;
        bad[i][31] ^= 0x80;
        CHECK_FALSE(verify_consistency(index, defined_root(0, index), size, root, bad));
      }
    }
  }
}

TEST_CASE("tiles have one path each") {
  const std::pair<TileId, const char*> rows[] = {
      {{0, 0, 256}, "0/000"},           {{0, 273, 112}, "0/273.p/112"},
      {{1, 1, 17}, "1/001.p/17"},       {{0, 1234067, 256}, "0/x001/x234/067"},
      {{2, 1000, 1}, "2/x001/000.p/1"}, {{7, 999'999'999, 256}, "7/x999/x999/999"},
  };
  for (const auto& [tile, path] : rows) {
    CAPTURE(path);
    CHECK(tile_path(tile) == path);
    CHECK(parse_tile_path(path) == tile);
  }
  for (const char* bad : {"",           "0",
                          "0/",         "/000",
                          "00/000",     "8/000",
                          "0/0",        "0/00",
                          "0/0000",     "0/x001",
                          "0/x001/",    "0/x000/001",
                          "0/000.p/0",  "0/000.p/256",
                          "0/000.p/01", "0/000.p/",
                          "0/000.p",    "0/000/",
                          "0/001/002",  "0/-01",
                          "0/000.p/1/", "0/x999/x999/x999/x999/x999/x999/x999/999",
                          "x/000",      " 0/000",
                          "0/000 "}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_tile_path(bad));
  }
}

TEST_CASE("the example note of the signed-note specification") {
  const std::string note =
      "This is an example message.\n\n\xe2\x80\x94 example.com/foo "
      "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72Iney"
      "aQM=\n";
  const auto typed = from_base64("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").value();
  crypto::SignPublicKey key;
  std::copy(typed.begin() + 1, typed.end(), key.begin());
  CHECK(verifier_key("example.com/foo", key) ==
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  const auto parsed = parse_note(note);
  REQUIRE(parsed);
  CHECK(parsed->text == "This is an example message.\n");
  CHECK(verify_note(*parsed, "example.com/foo", key));
  CHECK(verify_note(*parsed, "example.com/bar", key).error().code == Code::bad_signature);
  auto changed = *parsed;
  changed.text[0] = 'X';
  CHECK(verify_note(changed, "example.com/foo", key).error().code == Code::bad_signature);
}

TEST_CASE("notes: signatures of strangers are ignored, a bad one of our own is not") {
  const auto mine = signer(1), stranger = signer(2);
  const std::string text = "line\n\nanother\n";
  const std::string name = "ours";
  std::string note = sign_note(text, name, mine);
  const std::string line = sign_note(text, "theirs", stranger).substr(text.size() + 1);
  const auto both = parse_note(note + line);
  REQUIRE(both);
  CHECK(both->text == text);
  CHECK(both->signatures.size() == 2);
  CHECK(verify_note(*both, name, mine.public_key()));
  CHECK(verify_note(*both, "theirs", stranger.public_key()));
  CHECK_FALSE(verify_note(*both, name, stranger.public_key()));
  auto spoiled = *both;
  spoiled.signatures.push_back(spoiled.signatures[0]);
  spoiled.signatures.back().signature[3] ^= 1;
  CHECK_FALSE(verify_note(spoiled, name, mine.public_key()));
  std::string many = note;
  for (std::size_t i = 1; i < max_note_signatures; ++i) many += line;
  CHECK(parse_note(many));
  CHECK_FALSE(parse_note(many + line));
}

TEST_CASE("what is no note") {
  const std::string good = sign_note("text\n", "name", signer(1));
  REQUIRE(parse_note(good));
  const std::string dash = "\xe2\x80\x94 ";
  for (const std::string& bad :
       {std::string(), std::string("text\n"), std::string("text\n\n"),
        good.substr(0, good.size() - 1), good + "x", good + "x\n", "a\rb\n" + good,
        std::string("\xff\n") + good, std::string("\xc0\x80\n") + good,
        std::string("a\0b\n", 4) + good, "t\n\n" + dash + "name \n", "t\n\n" + dash + "name AAAA\n",
        "t\n\n" + dash + " AAAAAAAA\n", "t\n\n" + dash + "a+b AAAAAAAA\n",
        "t\n\n" + dash +
            "a\xc2\xa0"
            "b AAAAAAAA\n",
        std::string("t\n\n- name AAAAAAAA\n"), "t\n\n" + dash + "name AAAAAAAA=\n",
        std::string(max_note_bytes, 'a') + good}) {
    CAPTURE(bad.substr(0, 60));
    CHECK_FALSE(parse_note(bad));
  }
}

TEST_CASE("checkpoints: written, read, and refused") {
  const auto ledger = signer(3), other = signer(4);
  const Checkpoint checkpoint{20'852'163, leaf(1)};
  const std::string note = sign_checkpoint(checkpoint, ledger);
  CHECK(note.starts_with(log_origin(ledger.public_key()) + "\n20852163\n" + to_base64(leaf(1)) +
                         "\n\n\xe2\x80\x94 " + log_origin(ledger.public_key()) + " "));
  CHECK(log_origin(ledger.public_key()).size() == std::string("hearth-ledger/").size() + 32);
  CHECK(read_checkpoint(note, ledger.public_key()).value() == checkpoint);
  CHECK(read_checkpoint(note, other.public_key()).error().code == Code::bad_signature);
  std::string changed = note;
  changed[changed.find("20852163")] = '3';
  CHECK(read_checkpoint(changed, ledger.public_key()).error().code == Code::bad_signature);

  const std::string origin = log_origin(ledger.public_key());
  const std::string root = to_base64(leaf(1));
  const auto read = [&](const std::string& text) {
    return read_checkpoint(sign_note(text, origin, ledger), ledger.public_key()).has_value();
  };
  CHECK(read(origin + "\n0\n" + root + "\n"));
  CHECK(read(origin + "\n1\n" + root + "\nan extension\n"));
  for (const std::string& text :
       {origin + "\n01\n" + root + "\n", origin + "\n-1\n" + root + "\n",
        origin + "\n9223372036854775808\n" + root + "\n", origin + "\n\n" + root + "\n",
        origin + "\n1\n" + root.substr(4) + "\n", origin + "\n1\n", origin + "\n",
        "hearth-ledger/x\n1\n" + root + "\n", origin + "\n1\n" + root + "\n\nafter a gap\n"}) {
    CAPTURE(text);
    CHECK_FALSE(read(text));
  }
}

TEST_CASE("a proof file holds, and any change to it does not") {
  const auto ledger = signer(3);
  DefinedTiles tiles;
  constexpr std::uint64_t size = 300, index = 77;
  const Bytes extra = to_bytes(as_bytes("sixteen of salt!the record"));
  // A tree whose leaf 77 is the opened record.
  const Digest opened = leaf_hash(commitment_of_opened(extra));
  std::vector<Digest> row;
  for (std::uint64_t i = 0; i < 256; ++i) row.push_back(i == index ? opened : leaf(i));
  class OneChanged : public DefinedTiles {
   public:
    explicit OneChanged(std::vector<Digest> first) : first_(std::move(first)) {}
    Result<std::vector<Digest>> read_tile(const TileId& tile) override {
      if (tile.level == 0 && tile.index == 0) return first_;
      if (tile.level == 0) return DefinedTiles::read_tile(tile);
      std::vector<Digest> up = first_;
      for (; up.size() > 1; up.resize(up.size() / 2))
        for (std::size_t i = 0; i < up.size() / 2; ++i) up[i] = node_hash(up[2 * i], up[2 * i + 1]);
      return up;
    }
    std::vector<Digest> first_;
  } changed(row);
  const Checkpoint checkpoint{size, tree_root(size, changed).value()};
  const ProofFile proof{extra, index, inclusion_proof(index, size, changed).value(),
                        sign_checkpoint(checkpoint, ledger)};
  const std::string text = write_proof(proof);
  CHECK(text.starts_with("c2sp.org/tlog-proof@v1\nextra "));
  const auto parsed = parse_proof(text);
  REQUIRE(parsed);
  CHECK(write_proof(*parsed) == text);
  CHECK(verify_proof(*parsed, ledger.public_key()).value() == checkpoint);
  CHECK(verify_proof(*parsed, signer(4).public_key()).error().code == Code::bad_signature);

  int refused = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string bad = text;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    const auto again = parse_proof(bad);
    const bool holds = again && verify_proof(*again, ledger.public_key());
    CHECK_FALSE_MESSAGE(holds, "byte ", i, " changed");
    refused += !holds;
  }
  CHECK(refused == static_cast<int>(text.size()));
  for (std::size_t length = 0; length < text.size(); ++length)
    CHECK_FALSE(parse_proof(text.substr(0, length)));
  ProofFile closed = proof;
  closed.extra.clear();
  CHECK(verify_proof(closed, ledger.public_key()).error().code == Code::proof_invalid);
}
