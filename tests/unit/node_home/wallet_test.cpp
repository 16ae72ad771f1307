// The wallet on disk: what survives, what can happen to a voucher, what is kept as evidence.
#include "node/wallet/wallet.h"

#include <doctest/doctest.h>

#include "node/wallet/purchase.h"
#include "node/wallet/wallet_records.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

namespace {

struct World {
  std::unique_ptr<store::Store> disk = store::open_memory();
  Records records{*disk, *disk->claim()};
  identity::HomeKeys home{seed_of(1)};
  Wallet wallet{records, home};
  TestLedger ledger;
  wire::Offer offer = offer_of("film", 350);

  PurchaseRecord begin(Intent intent = {}) {
    auto record = wallet.begin(offer, ledger.keys().epochs.back(), intent, 10'000);
    REQUIRE(record);
    return *record;
  }
  Result<PurchaseRecord> finish(const PurchaseRecord& record) {
    return wallet.finish(record.n, ledger.sign(ledger.receipt_for(record.request_jws)),
                         ledger.key.public_key(), ledger.keys(), 11'000);
  }
};

}  // namespace

TEST_CASE("the life of a voucher") {
  using S = VoucherState;
  using E = VoucherEvent;
  struct Row {
    S from;
    E event;
    std::optional<S> to;
  };
  const Row rows[] = {
      {S::held, E::give, S::given},
      {S::held, E::take, S::redeeming},
      {S::held, E::put_back, std::nullopt},
      {S::held, E::bring_back, std::nullopt},
      {S::held, E::exchange, S::exchanged},  // this home's own gift card, claimed here
      {S::held, E::redeem, std::nullopt},
      {S::held, E::refuse, std::nullopt},
      {S::held, E::release, std::nullopt},
      {S::given, E::put_back, S::held},  // its parcel never left
      {S::given, E::bring_back, S::exchanging},
      {S::exchanging, E::exchange, S::exchanged},
      {S::exchanging, E::keep_away, S::given},  // the receiver was faster
      {S::exchanging, E::refuse, S::refused},
      {S::exchanging, E::give, std::nullopt},
      {S::exchanging, E::take, std::nullopt},
      {S::exchanging, E::give_back, std::nullopt},
      {S::exchanged, E::give, std::nullopt},
      {S::exchanged, E::take, std::nullopt},
      {S::given, E::give, std::nullopt},
      {S::given, E::take, std::nullopt},
      {S::given, E::redeem, std::nullopt},
      {S::redeeming, E::redeem, S::redeemed},
      {S::redeeming, E::release, S::held},
      {S::redeeming, E::refuse, S::refused},
      {S::redeeming, E::give, std::nullopt},
      {S::redeeming, E::take, std::nullopt},
      {S::redeemed, E::give, std::nullopt},
      {S::redeemed, E::take, std::nullopt},
      {S::redeemed, E::bring_back, std::nullopt},
      {S::refused, E::give, std::nullopt},
      {S::refused, E::release, std::nullopt},
      {S::held, E::give_back, S::refunding},
      {S::held, E::refund, std::nullopt},
      {S::refunding, E::refund, S::refunded},
      {S::refunding, E::release, S::held},
      {S::refunding, E::refuse, S::refused},
      {S::refunding, E::give, std::nullopt},
      {S::refunding, E::take, std::nullopt},
      {S::refunding, E::redeem, std::nullopt},
      {S::refunding, E::give_back, std::nullopt},
      {S::given, E::give_back, std::nullopt},
      {S::redeeming, E::give_back, std::nullopt},
      {S::redeeming, E::refund, std::nullopt},
      {S::redeemed, E::give_back, std::nullopt},
      {S::refused, E::give_back, std::nullopt},
      {S::refunded, E::give, std::nullopt},
      {S::refunded, E::take, std::nullopt},
      {S::refunded, E::release, std::nullopt},
      {S::refunded, E::give_back, std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(name_of(row.from));
    CAPTURE(static_cast<int>(row.event));
    CHECK(next_state(row.from, row.event) == row.to);
  }
}

TEST_CASE("a purchase is on the disk, numbered, before anything is sent") {
  World w;
  const auto first = w.begin();
  const auto second = w.begin({Intent::What::deliver, {}, {}, {}});
  CHECK(first.n == 0);
  CHECK(second.n == 1);
  CHECK(first.request_jws != second.request_jws);
  Wallet after_restart(w.records, w.home);
  const auto stored = after_restart.purchase(0);
  REQUIRE(stored);
  CHECK(stored->request_jws == first.request_jws);
  CHECK(stored->state == PurchaseState::pending);
  const auto offer = after_restart.offer(w.offer.id);
  REQUIRE(offer);
  CHECK(offer->jws == w.offer.jws);
}

TEST_CASE("the same aim continues an open purchase, another aim does not") {
  World w;
  identity::HomeAddress c{crypto::SignKey::from_seed(seed_of(3)).public_key()};
  identity::HomeAddress d{crypto::SignKey::from_seed(seed_of(4)).public_key()};
  const Intent gift_to_c{Intent::What::gift, c, "For you", std::string(32, 'a')};
  const auto begun = w.begin(gift_to_c);
  const auto open = [&](const Intent& intent) {
    auto found = w.wallet.open_purchase(w.offer.id, intent);
    REQUIRE(found);
    return found->has_value();
  };
  CHECK(open({Intent::What::gift, c, "again", std::string(32, 'b')}));
  CHECK_FALSE(open({Intent::What::gift, d, "For you", {}}));
  CHECK_FALSE(open({Intent::What::deliver, {}, {}, {}}));
  REQUIRE(w.finish(begun));
  CHECK_FALSE(open(gift_to_c));
  CHECK(w.wallet.purchase(begun.n)->intent.gift == std::string(32, 'a'));
}

TEST_CASE("finished: vouchers are there, and finishing again changes nothing") {
  World w;
  const auto begun = w.begin();
  REQUIRE(w.finish(begun));
  auto vouchers = w.wallet.vouchers();
  REQUIRE(vouchers);
  REQUIRE(vouchers->size() == 1);
  CHECK(vouchers->at(0).state == VoucherState::held);
  CHECK(w.ledger.takes(vouchers->at(0).voucher));
  CHECK(w.wallet.held_for(w.offer.id)->has_value());

  store::Batch batch;
  REQUIRE(w.wallet.move(batch, vouchers->at(0), VoucherEvent::give, "gift", 12'000));
  REQUIRE(w.records.commit(batch));
  REQUIRE(w.finish(begun));
  CHECK(w.wallet.vouchers()->at(0).state == VoucherState::given);
  CHECK_FALSE(w.wallet.held_for(w.offer.id)->has_value());
}

TEST_CASE("a receipt that is not believed is kept; a good one later still finishes") {
  World w;
  const auto begun = w.begin();
  wire::Receipt bad = w.ledger.receipt_for(begun.request_jws);
  bad.proof.c[0] ^= 1;
  const std::string bad_jws = w.ledger.sign(bad);
  const auto refused =
      w.wallet.finish(begun.n, bad_jws, w.ledger.key.public_key(), w.ledger.keys(), 11'000);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::proof_invalid);
  const auto stored = w.wallet.purchase(begun.n);
  REQUIRE(stored);
  CHECK(stored->state == PurchaseState::disputed);
  CHECK(stored->receipt_jws == bad_jws);
  CHECK(stored->open());
  CHECK(w.wallet.vouchers()->empty());
  REQUIRE(w.finish(begun));
  CHECK(w.wallet.vouchers()->size() == 1);
}

TEST_CASE("refused: nothing is open any more, and why is kept") {
  World w;
  const auto begun = w.begin();
  REQUIRE(w.wallet.refuse(begun.n, {Code::insufficient_funds, "Too little."}));
  const auto stored = w.wallet.purchase(begun.n);
  CHECK(stored->state == PurchaseState::refused);
  CHECK(stored->problem_code == "insufficient_funds");
  CHECK_FALSE(w.wallet.open_purchase(w.offer.id, {})->has_value());
  CHECK(w.begin().n == begun.n + 1);
}

TEST_CASE("damaged records are told, not guessed") {
  World w;
  const Bytes good = encode(w.begin());
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, good.size() / 2, good.size() - 1}) {
    CHECK(decode_purchase(ByteView(good).first(size)).error().code == Code::corrupt);
  }
  Bytes longer = good;
  longer.push_back(0);
  CHECK(decode_purchase(longer).error().code == Code::corrupt);
  CHECK(decode_purchase(good).has_value());
}
