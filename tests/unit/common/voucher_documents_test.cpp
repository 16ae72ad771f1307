// What vouchers, terms and purchases may carry beyond the plainest case.
#include <doctest/doctest.h>

#include "common/wire/documents.h"
#include "tests/support/documents.h"

namespace hearth::wire {
namespace {

using test::code_of;
using test::specimens;

constexpr UtcMs day = 24 * 60 * 60 * 1000LL;

TEST_CASE("exchanges and their answers come back, signed by whose they are") {
  const auto& all = specimens();
  const Voucher voucher = all.voucher();
  const std::string jws = write_exchange(voucher, {4, 5}, 3, all.element(30));
  const auto request = read_exchange(jws);
  REQUIRE(request);
  CHECK(request->request_id == RequestId{4, 5});
  CHECK(request->offer == voucher.offer);
  CHECK(request->epoch == voucher.epoch);
  CHECK(request->fresh_epoch == 3);
  CHECK(request->token == voucher.token);
  CHECK(request->blinded == all.element(30));
  CHECK(request->one_time_key == crypto::SignKey::from_seed(voucher.one_time_seed).public_key());
  CHECK(jws == write_exchange(voucher, {4, 5}, 3, all.element(30)));

  Exchanged before;
  before.request_id = {4, 5};
  before.request_hash = crypto::sha256(as_bytes(jws));
  before.offer = voucher.offer;
  before.epoch = 3;
  before.evaluated = all.element(31);
  before.proof.c.fill(1);
  before.proof.s.fill(2);
  before.journal_index = 77;
  const std::string answer = write_exchanged(before, all.ledger);
  const auto after = read_exchanged(answer, all.ledger.public_key());
  REQUIRE(after);
  CHECK(after->request_hash == before.request_hash);
  CHECK(after->evaluated == before.evaluated);
  CHECK(after->proof.s == before.proof.s);
  CHECK(after->journal_index == 77);
  CHECK(code_of(read_exchanged(answer, all.buyer.identity().public_key())) == "wrong_signer");
  CHECK(code_of(read_exchange(answer)) == "usage");
}

TEST_CASE("terms that nobody uses leave an offer's bytes as they were") {
  const auto& all = specimens();
  const auto write = [&](const Terms& terms) {
    return write_offer(all.manifest_jws(), all.price, terms, all.now, all.seller.identity());
  };
  CHECK(write({.min_age = 12}).value().jws == all.offer().jws);
  const Terms full{.giftable = false,
                   .min_age = 16,
                   .sold_until_ms = all.now,
                   .not_before_ms = all.now + day,
                   .redeem_until_ms = all.now + 2 * day,
                   .refund_until_ms = all.now + 3 * day,
                   .homes = 4};
  CHECK(write(full).value().terms == full);
  CHECK(code_of(write({.homes = 0})) == "usage");
  CHECK(code_of(write({.homes = 17})) == "usage");
}

TEST_CASE("a voucher can be refunded in time, and always when it can no longer be redeemed") {
  struct Row {
    const char* what;
    Terms terms;
    UtcMs now;
    bool refundable;
  };
  const Row rows[] = {
      {"no end", {}, 100, true},
      {"the last moment", {.refund_until_ms = 100}, 100, true},
      {"too late", {.refund_until_ms = 100}, 101, false},
      {"too late, redeemable for a while",
       {.redeem_until_ms = 200, .refund_until_ms = 100},
       200,
       false},
      {"too late for both", {.redeem_until_ms = 200, .refund_until_ms = 100}, 201, true},
      {"redeemable no longer, no end of refunds", {.redeem_until_ms = 50}, 100, true}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(refundable(row.terms, row.now) == row.refundable);
  }
}

TEST_CASE("a purchase says what is to be delivered, and how") {
  const auto& all = specimens();
  PurchaseRequest before = all.purchase();
  const std::string plain = write_purchase(before, all.buyer.identity());
  before.encryption = crypto::BoxKey::from_seed(test::seed(9)).public_key();
  before.services = {DeviceKind::tv, all.now + day, 720};
  before.restrictions = {Push::accept, 12, all.now};
  const auto after = read_purchase(write_purchase(before, all.buyer.identity()));
  REQUIRE(after);
  CHECK(after->encryption == before.encryption);
  CHECK(after->services == before.services);
  CHECK(after->restrictions == before.restrictions);
  const auto old = read_purchase(plain);
  REQUIRE(old);
  CHECK_FALSE(old->encryption);
  CHECK(old->services == Services{});
  CHECK(old->restrictions == Restrictions{});
  before.encryption = crypto::BoxPublicKey{};  // of small order
  CHECK(code_of(read_purchase(write_purchase(before, all.buyer.identity()))) == "usage");
}

TEST_CASE("which device shows which kind") {
  for (const Kind kind : {Kind::video, Kind::audio, Kind::image, Kind::data}) {
    CHECK(can_show(DeviceKind::any, kind));
    CHECK(can_show(DeviceKind::tv, kind));
    CHECK(can_show(DeviceKind::audio, kind) == (kind == Kind::audio));
    CHECK(can_show(DeviceKind::frame, kind) == (kind == Kind::image));
  }
  for (const char* name : {"any", "tv", "phone", "computer", "audio", "frame"}) {
    REQUIRE(device_kind_from_name(name));
    CHECK(device_kind_name(*device_kind_from_name(name)) == name);
  }
  CHECK_FALSE(device_kind_from_name("toaster"));
}

}  // namespace
}  // namespace hearth::wire
