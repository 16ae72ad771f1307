#include <doctest/doctest.h>

#include "ledger/journal/stored.h"
#include "ledger/journal/tree.h"
#include "tests/unit/ledger/books_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::testing;

namespace {

/// RFC 6962 §2.1 as it is written: split at the largest power of two below n.
Digest naive_root(const std::vector<Bytes>& leaves, std::size_t from, std::size_t to) {
  if (from == to) return crypto::sha256({});
  if (to - from == 1) return leaf_hash(leaves[from]);
  std::size_t split = 1;
  while (split * 2 < to - from) split *= 2;
  return node_hash(naive_root(leaves, from, from + split), naive_root(leaves, from + split, to));
}

std::vector<Record> one_of_each() {
  const auto wallet_id = AccountId::wallet(home("a"), currency(), 3);
  Postings two;
  two.add(AccountId::cash(currency()), -5);
  two.add(wallet_id, 5);
  return {
      {0, 1, {}, CurrenciesKept{{currency("BHD"), currency("EUR")}}},
      {1, 2, {}, HomeOpened{home("a"), "Ärger & Söhne", {currency()}}},
      {2, 3, {}, OfferRegistered{OfferTerms{digest("o"), home("a"), amount(350), 17}}},
      {3, -4, two, Deposited{wallet_id, 5, "cash 1", "owner"}},
      {4, 5, two, Purchased{request_id("r"), digest("h"), home("a"), digest("o"), 7, 16, 99}},
      {UINT64_MAX, 6, two, Redeemed{digest("v"), digest("h"), digest("o"), 0xffffffff}},
      {7, 7, two, Withdrawn{wallet_id, 5, "", "teller of the \xc3\xa4rea"}},
      {8, 8, two, Refunded{digest("v"), digest("h"), digest("o"), 1, wallet_id}},
      {9, 9, two, Exchanged{digest("v"), digest("h"), digest("o"), 1, 2}},
      {10, 10, two, Adjusted{request_id("i"), wallet_id, INT64_MIN, "why", "owner"}},
      {11, 11, two, Transferred{request_id("r"), digest("h"), home("a"), 0, 99, amount(5, "JPY")}},
      {12, 12, {}, AccountStateSet{wallet_id, AccountState::closed, "why", "owner"}},
      {13, 13, {}, LimitsSet{home("a"), currency(), {1, 2, INT64_MAX}, "owner"}},
      {14, 14, {}, FeesSet{currency("BHD"), {10'000, 3}, "owner"}},
      {15, 15, {}, EpochBegun{7, digest("key"), 1'000}},
      {16, 16, {}, Shared{digest("voucher"), digest("request"), digest("offer"), 1, 2}},
  };
}

}  // namespace

TEST_CASE("roots of the Certificate Transparency test tree") {
  const char* leaves[] = {"",
                          "00",
                          "10",
                          "2021",
                          "3031",
                          "40414243",
                          "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  };
  Tree tree;
  CHECK(to_hex(tree.root()) == roots[0]);
  for (std::size_t i = 0; i < 8; ++i) {
    tree.append(leaf_hash(from_hex(leaves[i]).value()));
    CAPTURE(i);
    CHECK(tree.size() == i + 1);
    CHECK(to_hex(tree.root()) == roots[i + 1]);
  }
}

TEST_CASE("the compact tree has the root that RFC 6962 defines, and survives storage") {
  std::vector<Bytes> leaves;
  Tree tree;
  for (std::size_t n = 0; n <= 300; ++n) {
    CAPTURE(n);
    REQUIRE(tree.root() == naive_root(leaves, 0, leaves.size()));
    const auto decoded = Tree::decode(tree.encode());
    REQUIRE(decoded.has_value());
    REQUIRE(*decoded == tree);
    tree = *decoded;
    leaves.push_back(to_bytes(digest(std::to_string(n))));
    tree.append(leaf_hash(leaves.back()));
  }
}

TEST_CASE("a damaged tree is not taken") {
  Tree tree;
  for (int i = 0; i < 11; ++i) tree.append(digest(std::to_string(i)));
  const Bytes good = tree.encode();
  for (std::size_t i = 0; i < good.size(); ++i) {
    CAPTURE(i);
    Bytes bad = good;
    bad[i] ^= 1;
    // One leaf more or less with the same number of subtrees passes the form, not the root...
    const auto decoded = Tree::decode(bad);
    // ...except that the size alone does not enter the root: then it is another size.
    if (decoded) CHECK(decoded->size() != tree.size());
    CHECK_FALSE(Tree::decode(ByteView(good).first(i)));
  }
}

TEST_CASE("records encode and decode to the same") {
  for (const Record& record : one_of_each()) {
    CAPTURE(kind_name(record.what));
    const Bytes bytes = encode_record(record);
    const auto decoded = decode_record(bytes);
    REQUIRE(decoded.has_value());
    CHECK(decoded->index == record.index);
    CHECK(decoded->at_ms == record.at_ms);
    CHECK(decoded->postings == record.postings);
    CHECK(decoded->what == record.what);
    CHECK(encode_record(*decoded) == bytes);
  }
}

TEST_CASE("an offer's record names the homes of a voucher only when they are several") {
  Record record{3, 3, {}, OfferRegistered{OfferTerms{digest("o"), home("a"), amount(350), 17}}};
  const Bytes one = encode_record(record);
  std::get<OfferRegistered>(record.what).terms.homes = 5;
  const Bytes five = encode_record(record);
  REQUIRE(five.size() == one.size() + 1);
  CHECK(std::equal(one.begin(), one.end(), five.begin()));
  CHECK(decode_record(five)->what == record.what);
  for (const std::uint8_t homes : {0, 1, 17, 255}) {
    Bytes other = five;
    other.back() = homes;
    CHECK_FALSE(decode_record(other));
  }
}

TEST_CASE("records that are cut, longer, or changed are refused or different, never misread") {
  for (const Record& record : one_of_each()) {
    CAPTURE(kind_name(record.what));
    const Bytes good = encode_record(record);
    for (std::size_t size = 0; size < good.size(); ++size)
      CHECK_FALSE(decode_record(ByteView(good).first(size)));
    Bytes longer = good;
    longer.push_back(0);
    CHECK_FALSE(decode_record(longer));
    for (std::size_t i = 0; i < good.size(); ++i) {
      Bytes changed = good;
      changed[i] ^= 0x20;
      if (const auto decoded = decode_record(changed)) CHECK(encode_record(*decoded) == changed);
    }
  }
}

TEST_CASE("a record's first bytes are the documented ones") {
  const Record record = one_of_each()[3];
  const std::string hex = to_hex(encode_record(record));
  CHECK(hex.substr(0, 2) == "01");                  // format version
  CHECK(hex.substr(2, 16) == "0000000000000003");   // index
  CHECK(hex.substr(18, 16) == "fffffffffffffffc");  // time
  CHECK(hex.substr(34, 4) == "0402");               // kind deposit, two postings
  CHECK(hex.substr(38, 80) == to_hex(record.postings[0].account.raw()));
  CHECK(hex.substr(118, 16) == "fffffffffffffffb");  // -5
}

TEST_CASE("the commitment is salted SHA-256, and stands with the record") {
  const Bytes record = encode_record(one_of_each()[0]);
  const Salt salt = crypto::random_array<16>();
  Bytes salted(salt.begin(), salt.end());
  append(salted, record);
  CHECK(commitment_of(salt, record) == crypto::sha256(salted));
  crypto::Sha256Digest commitment;
  const Bytes stored = encode_stored(one_of_each()[0], salt, {}, {}, commitment);
  CHECK(commitment == commitment_of(salt, record));
  const auto split = split_stored(stored);
  REQUIRE(split.has_value());
  CHECK(split->salt == salt);
  CHECK(split->commitment == commitment);
  CHECK(to_bytes(split->record) == record);
  for (std::size_t size = 0; size < stored.size() - 4; ++size)
    CHECK_FALSE(split_stored(ByteView(stored).first(size)));
}

TEST_CASE("what stands beside a record comes back, and is not under the commitment") {
  const Record record = one_of_each()[3];  // two postings
  const Salt salt{7};
  const Standings standings{{{-5, 0}, {INT64_MAX, 12}, {}}};
  const Bytes evaluation{1, 2, 3};
  crypto::Sha256Digest with, without;
  const Bytes row = encode_stored(record, salt, standings, evaluation, with);
  (void)encode_stored(record, salt, {}, {}, without);
  CHECK(with == without);
  const auto kept = decode_kept(row);
  REQUIRE(kept.has_value());
  CHECK(kept->record.what == record.what);
  CHECK(kept->beside.standings == standings);
  CHECK(kept->beside.evaluation == evaluation);
  for (std::size_t size = 0; size < row.size(); ++size)
    CHECK_FALSE(decode_kept(ByteView(row).first(size)));
  Bytes changed = row;
  changed.push_back(0);
  CHECK_FALSE(decode_kept(changed));
  changed = row;
  changed[0] = 1;  // rows without this were version 1
  CHECK_FALSE(decode_kept(changed));
}
