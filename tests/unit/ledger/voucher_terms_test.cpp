// docs/protocol.md §5.2, §6.2, §6.5, §6.7: what a seller's terms and a buyer's wishes mean at the
// ledger: from when to when a voucher opens its title or is given back, for how many homes it is
// good, and which purchases are refused before anything is charged.
#include <algorithm>

#include <doctest/doctest.h>

#include "api_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

namespace {

constexpr UtcMs day = 86'400'000;

struct Shop {
  TestLedger ledger;
  TestHome seller{1};
  TestHome buyer{2};
  const UtcMs begin = ledger.clock;

  Shop() {
    ledger.open_home(buyer);
    ledger.deposit(buyer, 10'000);
  }
  wire::Voucher buy(const wire::Terms& terms, std::int64_t minor = 350) {
    const Published film = ledger.publish(seller, "A film", minor, terms);
    const auto purchase = ledger.prepare_purchase(buyer, film.offer);
    return ledger.finish_purchase(purchase, ledger.post("/v1/purchases", purchase.jws)).front();
  }
  net::Response redeem(const wire::Voucher& voucher, std::uint64_t recipient = 1) {
    const auto key = crypto::BoxKey::from_seed(test_seed(recipient));
    return ledger.post("/v1/redemptions", wire::write_redemption(voucher, key.public_key()));
  }
  net::Response refund(const wire::Voucher& voucher) {
    return ledger.post("/v1/refunds",
                       wire::write_refund(voucher, "wallet/" + buyer.address.text() + "/EUR"));
  }
  std::string state(const wire::Voucher& voucher) {
    const auto key = crypto::SignKey::from_seed(voucher.one_time_seed).public_key();
    return json_of(ledger.get("/v1/vouchers/" + to_hex(wire::voucher_input(key))))["state"];
  }
};

/// The code of a refusal, or "ok".
std::string outcome(const net::Response& response) {
  return response.status == 200 ? "ok" : problem_code(response);
}

wire::Terms terms_of(int not_before, int redeem_until, int refund_until, UtcMs begin) {
  const auto at = [begin](int days) { return days == 0 ? 0 : begin + days * day; };
  wire::Terms out;
  out.not_before_ms = at(not_before);
  out.redeem_until_ms = at(redeem_until);
  out.refund_until_ms = at(refund_until);
  return out;
}

}  // namespace

TEST_CASE("from when to when a voucher can be redeemed and refunded") {
  const struct {
    const char* what;
    int not_before, redeem_until, refund_until;  ///< days from the purchase; 0: not said
    int asked;                                   ///< day on which it is asked
    const char* redeemed;
    const char* refunded;
  } rows[] = {
      {"nothing said", 0, 0, 0, 900, "ok", "ok"},
      {"before the first day", 5, 0, 0, 4, "not_yet", "ok"},
      {"on the first day", 5, 0, 0, 5, "ok", "ok"},
      {"on the last day", 0, 7, 0, 7, "ok", "ok"},
      {"after the last day: its price comes back", 0, 7, 0, 8, "voucher_expired", "ok"},
      {"refunds on their last day", 0, 0, 3, 3, "ok", "ok"},
      {"refunds after it: it can still be redeemed", 0, 0, 3, 4, "ok", "refund_ended"},
      {"both over: value never dies", 0, 7, 3, 8, "voucher_expired", "ok"},
      {"before the first day, refunds over", 5, 7, 3, 4, "not_yet", "refund_ended"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Shop shop;
    const auto terms = terms_of(row.not_before, row.redeem_until, row.refund_until, shop.begin);
    const auto one = shop.buy(terms), other = shop.buy(terms);
    shop.ledger.clock = shop.begin + row.asked * day;
    CHECK(outcome(shop.redeem(one)) == row.redeemed);
    CHECK(outcome(shop.refund(other)) == row.refunded);
    CHECK(shop.state(one) == (row.redeemed == std::string("ok") ? "redeemed" : "unspent"));
    CHECK(shop.state(other) == (row.refunded == std::string("ok") ? "refunded" : "unspent"));
  }
}

TEST_CASE("what was answered in time is answered for ever") {
  Shop shop;
  const auto terms = terms_of(0, 7, 3, shop.begin);
  const auto one = shop.buy(terms), other = shop.buy(terms);
  const auto redeemed = shop.redeem(one), refunded = shop.refund(other);
  REQUIRE(redeemed.status == 200);
  REQUIRE(refunded.status == 200);
  shop.ledger.clock += 5 * day;
  shop.ledger.restart();
  CHECK(shop.refund(other).body == refunded.body);
  shop.ledger.clock += 100 * day;
  CHECK(shop.redeem(one).body == redeemed.body);
}

TEST_CASE("one voucher for several homes: so many open it, the money moves once") {
  Shop shop;
  wire::Terms terms;
  terms.homes = 3;
  const auto voucher = shop.buy(terms);
  std::vector<Bytes> answers;
  for (std::uint64_t home = 1; home <= 3; ++home) {
    const auto answer = shop.redeem(voucher, home);
    REQUIRE(answer.status == 200);
    answers.push_back(answer.body);
    CHECK(shop.ledger.balance(shop.seller) == 333);
  }
  CHECK(outcome(shop.redeem(voucher, 4)) == "voucher_spent");
  CHECK(outcome(shop.refund(voucher)) == "voucher_spent");
  shop.ledger.restart();
  for (std::uint64_t home = 1; home <= 3; ++home)
    CHECK(shop.redeem(voucher, home).body == answers[home - 1]);
  CHECK(outcome(shop.redeem(voucher, 4)) == "voucher_spent");
}

TEST_CASE("a voucher for several homes is refunded only when none has redeemed it") {
  Shop shop;
  wire::Terms terms;
  terms.homes = 16;
  const auto voucher = shop.buy(terms);
  REQUIRE(shop.refund(voucher).status == 200);
  CHECK(outcome(shop.redeem(voucher, 1)) == "voucher_spent");
}

TEST_CASE("60 homes at the same instant redeem one voucher that is good for five") {
  Shop shop;
  wire::Terms terms;
  terms.homes = 5;
  const auto voucher = shop.buy(terms);
  std::vector<net::Request> requests;
  for (std::uint64_t home = 0; home < 60; ++home) {
    const auto key = crypto::BoxKey::from_seed(test_seed(100 + home / 2));  // each asks twice
    net::Request request;
    request.method = "POST";
    request.path = "/v1/redemptions";
    request.body = to_bytes(as_bytes(wire::write_redemption(voucher, key.public_key())));
    requests.push_back(std::move(request));
  }
  const auto responses = shop.ledger.at_once(requests);
  std::size_t winners = 0;
  for (std::size_t home = 0; home < 60; home += 2) {
    const auto first = outcome(responses[home]), second = outcome(responses[home + 1]);
    if (first == "ok") ++winners;
    if (first == "ok" && second == "ok") CHECK(responses[home].body == responses[home + 1].body);
    CHECK(first == second);
  }
  CHECK(winners == 5);
  CHECK(shop.ledger.balance(shop.seller) == 333);
}

TEST_CASE("what a purchase asks for beside the title: refused before anything is charged") {
  Shop shop;
  wire::Terms strict;
  strict.min_age = 16;
  strict.not_before_ms = shop.begin + day;
  wire::Terms own_only;
  own_only.giftable = false;
  const Published film = shop.ledger.publish(shop.seller, "A film", 350);
  const Published adult = shop.ledger.publish(shop.seller, "A film for adults", 350, strict);
  const Published mine = shop.ledger.publish(shop.seller, "A film to keep", 350, own_only);
  using Request = wire::PurchaseRequest;
  const struct {
    const char* what;
    const Published& title;
    std::function<void(Request&)> ask;
    const char* code;
  } rows[] = {
      {"nothing", film, [](Request&) {}, "ok"},
      {"for a TV", film, [](Request& r) { r.services.device_kind = wire::DeviceKind::tv; }, "ok"},
      {"a film for a picture frame", film,
       [](Request& r) { r.services.device_kind = wire::DeviceKind::frame; }, "service_refused"},
      {"a film for a radio", film,
       [](Request& r) { r.services.device_kind = wire::DeviceKind::audio; }, "service_refused"},
      {"in time", film, [&](Request& r) { r.services.by_ms = shop.begin + 1; }, "ok"},
      {"too late", film, [&](Request& r) { r.services.by_ms = shop.begin; }, "service_refused"},
      {"higher than it is", film, [](Request& r) { r.services.min_height = 1081; },
       "service_refused"},
      {"an age below the seller's", adult,
       [&](Request& r) {
         r.restrictions = {wire::Push::ask, 12, strict.not_before_ms};
       },
       "service_refused"},
      {"a day before the seller's", adult,
       [&](Request& r) {
         r.restrictions = {wire::Push::ask, 16, strict.not_before_ms - 1};
       },
       "service_refused"},
      {"both as the seller wants", adult,
       [&](Request& r) {
         r.restrictions = {wire::Push::accept, 18, strict.not_before_ms};
       },
       "ok"},
      {"for others, of a title that is not to be given", mine,
       [](Request& r) { r.restrictions.push = wire::Push::ask; }, "not_giftable"},
      {"for oneself, of such a title", mine, [](Request& r) { r.restrictions.min_age = 3; }, "ok"},
      // Precedence
      {"an unknown price before the services", film,
       [](Request& r) { r.price.minor = 1, r.services.min_height = 9999; }, "price_differs"},
      {"the services before the epoch", film,
       [](Request& r) { r.services.min_height = 9999, r.epoch += 1; }, "service_refused"},
      {"the services before the restrictions", mine,
       [&](Request& r) { r.services.by_ms = shop.begin, r.restrictions.push = wire::Push::ask; },
       "service_refused"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const std::int64_t before = shop.ledger.balance(shop.buyer);
    auto purchase = shop.ledger.prepare_purchase(shop.buyer, row.title.offer);
    row.ask(purchase.request);
    const auto response =
        shop.ledger.post("/v1/purchases", wire::write_purchase(purchase.request, shop.buyer.key));
    CHECK(outcome(response) == row.code);
    CHECK(shop.ledger.balance(shop.buyer) == before - (row.code == std::string("ok") ? 350 : 0));
  }
}

namespace {

wire::Json devices(std::initializer_list<char> first_digits) {
  wire::Json out = wire::Json::array();
  for (const char digit : first_digits) out.push_back(std::string(32, digit));
  return out;
}

net::Response say_devices(Shop& shop, wire::Json list, UtcMs issued_ms) {
  const wire::Json fields = wire::with_issued(
      {{"home", shop.buyer.address.text()}, {"name", "A home"}, {"devices", std::move(list)}},
      issued_ms);
  return shop.ledger.post("/v1/homes", wire::sign_jws("hearth/home/1", fields, shop.buyer.key));
}

std::string buys_with(Shop& shop, const Published& film, std::uint8_t byte) {
  auto purchase = shop.ledger.prepare_purchase(shop.buyer, film.offer);
  purchase.request.device.fill(byte);
  return outcome(
      shop.ledger.post("/v1/purchases", wire::write_purchase(purchase.request, shop.buyer.key)));
}

}  // namespace

TEST_CASE("devices: those of the newest list may buy; without a list all may") {
  Shop shop;
  const Published film = shop.ledger.publish(shop.seller, "A free film", 0);
  CHECK(buys_with(shop, film, 0x77) == "ok");
  const UtcMs now = shop.ledger.clock;
  REQUIRE(say_devices(shop, devices({'1', '2'}), now).status == 200);
  CHECK(buys_with(shop, film, 0x11) == "ok");
  CHECK(buys_with(shop, film, 0x22) == "ok");
  CHECK(buys_with(shop, film, 0x77) == "unknown_device");

  REQUIRE(say_devices(shop, devices({'2', '3'}), now + 1).status == 200);
  CHECK(buys_with(shop, film, 0x11) == "unknown_device");
  CHECK(outcome(say_devices(shop, devices({'1'}), now)) == "stale_request");
  CHECK(buys_with(shop, film, 0x11) == "unknown_device");
  shop.ledger.open_home(shop.buyer);  // names none: the list stays
  shop.ledger.restart();
  shop.ledger.announce(film.torrent, 7001, 0);
  CHECK(buys_with(shop, film, 0x33) == "ok");
  CHECK(buys_with(shop, film, 0x77) == "unknown_device");

  REQUIRE(say_devices(shop, devices({}), now + 2).status == 200);
  CHECK(buys_with(shop, film, 0x33) == "unknown_device");
  CHECK(outcome(say_devices(shop, wire::Json::array({"11"}), now + 3)) == "usage");
  wire::Json many = wire::Json::array();
  for (int i = 0; i < 33; ++i) many.push_back(std::string(32, 'a'));
  CHECK(say_devices(shop, many, now + 3).status == 400);
}

TEST_CASE("a purchase that names a key: what is asked for by its id comes sealed to it") {
  Shop shop;
  const Published film = shop.ledger.publish(shop.seller);
  const auto key = crypto::BoxKey::from_seed(test_seed(5));
  auto purchase = shop.ledger.prepare_purchase(shop.buyer, film.offer);
  purchase.request.encryption = key.public_key();
  purchase.jws = wire::write_purchase(purchase.request, shop.buyer.key);
  const auto receipt = shop.ledger.post("/v1/purchases", purchase.jws);
  shop.ledger.finish_purchase(purchase, receipt);
  CHECK(shop.ledger.post("/v1/purchases", purchase.jws).body == receipt.body);

  const std::string path = "/v1/purchases/" + to_hex(purchase.request.request_id);
  for (const bool restarted : {false, true}) {
    if (restarted) shop.ledger.restart();
    const auto sealed = shop.ledger.get(path);
    REQUIRE(sealed.status == 200);
    CHECK(sealed.headers.at("content-type") == "application/octet-stream");
    const auto opened = crypto::age::open_file(sealed.body, key);
    REQUIRE(opened);
    CHECK(*opened == receipt.body);
    CHECK_FALSE(crypto::age::open_file(sealed.body, crypto::BoxKey::from_seed(test_seed(6))));
  }
  const auto proof = crypto::age::open_file(shop.ledger.get(path + "/proof").body, key);
  REQUIRE(proof);
  CHECK(as_text(*proof).starts_with("c2sp.org/tlog-proof@v1"));

  auto weak = shop.ledger.prepare_purchase(shop.buyer, film.offer);
  weak.request.encryption = crypto::BoxPublicKey{};
  const auto refused =
      shop.ledger.post("/v1/purchases", wire::write_purchase(weak.request, shop.buyer.key));
  CHECK(refused.status == 400);
}
