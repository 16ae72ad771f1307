// What a buyer believes, and what not (docs/protocol.md §2, §6).
#include "node/wallet/purchase.h"

#include <doctest/doctest.h>

#include "node/wallet/derivations.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

namespace {

const identity::HomeKeys& home() {
  static const identity::HomeKeys keys(seed_of(1));
  return keys;
}

std::string request(const TestLedger& ledger, std::uint32_t count = 1, std::uint64_t n = 0) {
  auto jws =
      make_purchase(home(), n, offer_of("film", 350), ledger.keys().epochs.back(), count, 10'000);
  REQUIRE(jws);
  return *jws;
}

Result<std::vector<wire::Voucher>> finish(const TestLedger& ledger, const std::string& request_jws,
                                          const std::string& receipt_jws, std::uint64_t n = 0) {
  return finish_purchase(home(), n, request_jws, receipt_jws, ledger.key.public_key(),
                         ledger.keys());
}

}  // namespace

// Computed by another implementation of RFC 5869 (Python's hmac) from a seed of 32 bytes 0x01.
TEST_CASE("derivations are fixed: another implementation finds the same keys") {
  const crypto::Seed wallet = seed_of(1);
  const crypto::Seed purchase = purchase_seed(wallet, 3);
  CHECK(to_hex(purchase.view()) ==
        "2d9f2b6bde61216eca22a52a625a5b2422140478eaad587f94a080f691e393ad");
  CHECK(to_hex(request_id(purchase)) == "06b4820f650f8e4a3e34bea4fce7227f");
  CHECK(to_hex(one_time_seed(purchase, 2).view()) ==
        "a78f84b189ae1742ddf82be8255c5665cb7c9732503433bb44b6435aca1bf032");
  CHECK(to_hex(voucher_blind(purchase, 1).view()) ==
        "2d4bfa9699dfc077622f641d2c7a65593d260babef99097cae3c5afd26456e09");
  CHECK(to_hex(drop_token(wallet, 0)) ==
        "2702dbd668d268eb4832a778b72edc6e648ac8b5045882c1b4fda91ffdb718f4");
  CHECK(to_hex(device_id(wallet)) == "aee9c239943de5bd7e812766097bf6b7");
}

TEST_CASE("purchases and vouchers have nothing in common") {
  const crypto::Seed wallet = seed_of(1);
  CHECK(request_id(purchase_seed(wallet, 0)) != request_id(purchase_seed(wallet, 1)));
  const crypto::Seed p = purchase_seed(wallet, 0);
  CHECK_FALSE(crypto::equal(one_time_seed(p, 0).view(), one_time_seed(p, 1).view()));
  CHECK_FALSE(crypto::equal(voucher_blind(p, 0).view(), voucher_blind(p, 1).view()));
}

TEST_CASE("an honest receipt finishes vouchers that the ledger takes") {
  const TestLedger ledger;
  for (const std::uint32_t count : {1u, 2u, 16u}) {
    CAPTURE(count);
    const std::string asked = request(ledger, count);
    const auto vouchers = finish(ledger, asked, ledger.sign(ledger.receipt_for(asked)));
    REQUIRE(vouchers);
    REQUIRE(vouchers->size() == count);
    for (const auto& voucher : *vouchers) CHECK(ledger.takes(voucher));
  }
}

TEST_CASE("a lost answer can be finished later: same request, same vouchers") {
  const TestLedger ledger;
  const std::string asked = request(ledger);
  CHECK(asked == request(ledger));
  const auto first = finish(ledger, asked, ledger.sign(ledger.receipt_for(asked)));
  const auto again = finish(ledger, asked, ledger.sign(ledger.receipt_for(asked)));
  REQUIRE(first);
  REQUIRE(again);
  CHECK(first->at(0).token == again->at(0).token);
}

TEST_CASE("what a receipt must not say") {
  const TestLedger ledger, impostor(20);
  const std::string asked = request(ledger, 2), other = request(ledger, 2, 1);
  wire::Receipt receipt = ledger.receipt_for(asked);
  SUBCASE("another amount") {
    receipt.paid = eur(701);
  }
  SUBCASE("one price for two") {
    receipt.paid = eur(350);
  }
  SUBCASE("another offer") {
    receipt.offer[0] ^= 1;
  }
  SUBCASE("another epoch") {
    receipt.epoch = 2;
  }
  SUBCASE("another request's hash") {
    receipt.request_hash = crypto::sha256(as_bytes(other));
  }
  SUBCASE("another request's id") {
    receipt.request_id[0] ^= 1;
  }
  SUBCASE("fewer vouchers") {
    receipt.evaluated.pop_back();
  }
  SUBCASE("vouchers in another order") {
    std::swap(receipt.evaluated[0], receipt.evaluated[1]);
  }
  SUBCASE("a forged proof") {
    receipt.proof.s[0] ^= 1;
  }
  SUBCASE("a forged challenge") {
    receipt.proof.c[3] ^= 1;
  }
  SUBCASE("another receipt altogether") {
    receipt = ledger.receipt_for(other);
  }
  SUBCASE("evaluated with another key, proof and all") {
    const wire::Receipt marked = impostor.receipt_for(asked);
    receipt.evaluated = marked.evaluated;
    receipt.proof = marked.proof;
  }
  const auto vouchers = finish(ledger, asked, ledger.sign(receipt));
  REQUIRE_FALSE(vouchers);
  CHECK(vouchers.error().code == Code::proof_invalid);
}

TEST_CASE("a receipt is signed by the pinned ledger, over keys of the pinned list") {
  const TestLedger ledger, impostor(20);
  const std::string asked = request(ledger);
  const auto receipt = ledger.receipt_for(asked);
  CHECK(finish(ledger, asked, impostor.sign(receipt)).error().code == Code::proof_invalid);
  CHECK(finish(ledger, asked, "").error().code == Code::proof_invalid);
  wire::LedgerKeys later = ledger.keys();
  later.epochs[0].epoch = 2;
  const auto vouchers =
      finish_purchase(home(), 0, asked, ledger.sign(receipt), ledger.key.public_key(), later);
  CHECK(vouchers.error().code == Code::proof_invalid);
}

TEST_CASE("only an answer that decides ends a purchase") {
  for (const Code code :
       {Code::insufficient_funds, Code::unknown_offer, Code::offer_ended, Code::no_source,
        Code::price_differs, Code::stale_request, Code::account_frozen, Code::account_closed,
        Code::limit_exceeded, Code::unknown_account, Code::amount_invalid}) {
    CHECK(purchase_answer(code) == PurchaseAnswer::not_charged);
  }
  for (const Code code : {Code::unreachable, Code::timeout, Code::busy, Code::internal, Code::io,
                          Code::disk_full, Code::bad_answer, Code::wrong_pin, Code::unsettled,
                          Code::rate_limited, Code::interrupted, Code::corrupt}) {
    CHECK(purchase_answer(code) == PurchaseAnswer::ask_again);
  }
}
