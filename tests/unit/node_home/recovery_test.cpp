// What comes back of a wallet from its seed and the ledger's stored answers.
#include <set>

#include <doctest/doctest.h>

#include "node/gifts/gift_cards.h"
#include "node/recovery/recovered.h"
#include "node/wallet/derivations.h"
#include "node/wallet/exchange.h"
#include "node/wallet/purchase.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

namespace {

struct World {
  identity::HomeKeys home{seed_of(1)};
  TestLedger ledger;
  wire::Offer offer = offer_of("film", 350);

  std::string request(std::uint64_t n, std::uint32_t count = 1) {
    return make_purchase(home, n, offer, ledger.keys().epochs.back(), count, 10'000).value();
  }
  wire::Receipt receipt(std::uint64_t n, std::uint32_t count = 1) {
    return ledger.receipt_for(request(n, count));
  }
  Result<RecoveredPurchase> recover(std::uint64_t n, const std::string& receipt_jws) {
    return recover_purchase(home.seed(), n, receipt_jws, ledger.key.public_key(), ledger.keys());
  }
  wire::Exchanged exchanged(std::uint64_t m) {
    const auto bought = recover(0, ledger.sign(receipt(0)));
    const auto jws =
        make_exchange(home.seed(), m, bought->vouchers[0], ledger.keys().epochs.back()).value();
    const auto read = wire::read_exchange(jws).value();
    const auto evaluated = crypto::poprf::blind_evaluate(
        ledger.poprf, {read.blinded}, wire::access_info(read.offer, read.fresh_epoch),
        crypto::poprf::random_scalar());
    return {read.request_id,
            crypto::sha256(as_bytes(jws)),
            read.offer,
            read.fresh_epoch,
            evaluated->elements[0],
            evaluated->proof,
            9};
  }
};

}  // namespace

TEST_CASE("numbers are asked for until twenty in a row are unknown") {
  const std::set<std::uint64_t> known = {0, 1, 4, 23, 44};
  GapScan scan(0);
  std::vector<std::uint64_t> found;
  while (scan.wants_more()) {
    const std::uint64_t n = scan.number();
    const bool is_known = known.contains(n);
    if (is_known) found.push_back(n);
    scan.note(is_known);
  }
  // 23 is the nineteenth after 4; 44 lies beyond twenty unknown ones after 23.
  CHECK(found == std::vector<std::uint64_t>{0, 1, 4, 23});
  CHECK(scan.after_last() == 24);
  CHECK(scan.number() == 44);

  GapScan of_nothing(7);
  while (of_nothing.wants_more()) of_nothing.note(false);
  CHECK(of_nothing.after_last() == 7);
  CHECK(of_nothing.number() == 27);
}

TEST_CASE("a stored receipt gives the same vouchers as the day it came, without the request") {
  World w;
  for (const std::uint32_t count : {1U, 3U}) {
    const std::string request = w.request(5, count);
    const std::string receipt = w.ledger.sign(w.ledger.receipt_for(request));
    const auto then =
        finish_purchase(w.home, 5, request, receipt, w.ledger.key.public_key(), w.ledger.keys());
    REQUIRE(then);
    const auto now = w.recover(5, receipt);
    REQUIRE(now);
    REQUIRE(now->vouchers.size() == count);
    for (std::uint32_t i = 0; i < count; ++i) {
      CHECK(voucher_id(now->vouchers[i]) == voucher_id((*then)[i]));
      CHECK(now->vouchers[i].token == (*then)[i].token);
      CHECK(w.ledger.takes(now->vouchers[i]));
    }
    CHECK(now->receipt.paid == eur(350 * static_cast<std::int64_t>(count)));
  }
}

TEST_CASE("a stored exchange gives its fresh voucher again") {
  World w;
  const auto answer = wire::write_exchanged(w.exchanged(3), w.ledger.key);
  const auto fresh =
      recover_exchange(w.home.seed(), 3, answer, w.ledger.key.public_key(), w.ledger.keys());
  REQUIRE(fresh);
  CHECK(w.ledger.takes(*fresh));
}

TEST_CASE("an answer that does not fit the seed is not believed") {
  World w;
  const TestLedger liar(50);
  auto of_other_epoch = w.receipt(5);
  of_other_epoch.epoch = 2;
  auto of_another_key = w.receipt(5);
  of_another_key.evaluated = liar.receipt_for(w.request(5)).evaluated;
  const std::pair<const char*, std::string> receipts[] = {
      {"no receipt", "x.y.z"},
      {"another ledger's signature", liar.sign(w.receipt(5))},
      {"of another purchase", w.ledger.sign(w.receipt(6))},
      {"of an epoch that is not listed", w.ledger.sign(of_other_epoch)},
      {"evaluated with another key", w.ledger.sign(of_another_key)}};
  for (const auto& [what, receipt] : receipts) {
    CAPTURE(what);
    const auto refused = w.recover(5, receipt);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::proof_invalid);
  }
  auto of_another = w.exchanged(4);
  const std::pair<const char*, std::string> answers[] = {
      {"of another exchange", wire::write_exchanged(of_another, w.ledger.key)},
      {"another ledger's signature", wire::write_exchanged(w.exchanged(3), liar.key)}};
  for (const auto& [what, answer] : answers) {
    CAPTURE(what);
    const auto refused =
        recover_exchange(w.home.seed(), 3, answer, w.ledger.key.public_key(), w.ledger.keys());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::proof_invalid);
  }
}

TEST_CASE("each machine of a home has a device id of its own") {
  const crypto::Seed seed = seed_of(1);
  CHECK(device_id(seed) == device_id(seed, 0));
  CHECK(device_id(seed, 1) != device_id(seed, 0));
  World w;
  Wanted wanted;
  wanted.machine = 77;
  const auto request =
      make_purchase(w.home, 0, w.offer, w.ledger.keys().epochs.back(), 1, 10'000, wanted);
  REQUIRE(request);
  CHECK(wire::read_purchase(*request)->device == device_id(w.home.seed(), 77));
}

TEST_CASE("a gift card takes a held voucher, once, and can be printed again") {
  const auto disk = store::open_memory();
  Records records(*disk, *disk->claim());
  World w;
  Wallet wallet(records, w.home);
  GiftCards cards(records, wallet, w.ledger.key.public_key());
  const auto bought = w.recover(0, w.ledger.sign(w.receipt(0)));
  REQUIRE(bought);
  const VoucherRecord voucher{
      voucher_id(bought->vouchers[0]), bought->vouchers[0], VoucherState::held, {}, false, 1};
  store::Batch batch;
  wallet.put_voucher(batch, voucher);
  wallet.remember_offer(batch, w.offer.jws);
  REQUIRE(records.commit(batch));

  const auto made = cards.make(voucher, "For you", 2'000);
  REQUIRE(made);
  CHECK(made->title_name == "film");
  CHECK(wallet.voucher(voucher.id)->state == VoucherState::given);
  const auto again = cards.make(*wallet.voucher(voucher.id), "", 3'000);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::gift_state);

  const auto found = cards.find(voucher.id.substr(0, 8));
  REQUIRE(found);
  const auto printed = cards.card(*found);
  REQUIRE(printed);
  CHECK(printed->voucher.token == voucher.voucher.token);
  CHECK(wire::check_ledger(*printed, w.ledger.key.public_key()));
  CHECK(cards.find("0000").error().code == Code::unknown_gift);
  CHECK(cards.find("ab").error().code == Code::unknown_gift);

  REQUIRE(cards.close(*found, CardRecord::State::voided, 4'000));
  const auto all = cards.list();
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  CHECK(all->front().state == CardRecord::State::voided);
  CHECK(all->front().note == "For you");
}

TEST_CASE("a title that may not be given away makes no card") {
  const auto disk = store::open_memory();
  Records records(*disk, *disk->claim());
  World w;
  w.offer = offer_of("film", 350, 5, {.giftable = false});
  Wallet wallet(records, w.home);
  GiftCards cards(records, wallet, w.ledger.key.public_key());
  const auto bought = w.recover(0, w.ledger.sign(w.receipt(0)));
  REQUIRE(bought);
  const VoucherRecord voucher{
      voucher_id(bought->vouchers[0]), bought->vouchers[0], VoucherState::held, {}, false, 1};
  store::Batch batch;
  wallet.put_voucher(batch, voucher);
  wallet.remember_offer(batch, w.offer.jws);
  REQUIRE(records.commit(batch));
  const auto refused = cards.make(voucher, "", 2'000);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::not_giftable);
  CHECK(wallet.voucher(voucher.id)->state == VoucherState::held);
}
