// docs/protocol.md §6.9: a voucher given up for a fresh one; who gives it up first has it. Also at
// the engine, from many threads: of every way in which a voucher can end, one wins.
#include <algorithm>
#include <latch>
#include <thread>

#include <doctest/doctest.h>

#include "api_fixture.h"
#include "books_fixture.h"
#include "ledger/admin/audit.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

namespace {

/// One exchange on the side of the home that makes it.
struct TestExchange {
  wire::RequestId id{};
  crypto::Seed one_time_seed;
  crypto::poprf::Blinded blinded;
  std::uint32_t epoch = 0;
  std::string jws;
};

struct Market {
  TestLedger ledger;
  TestHome seller{1};
  TestHome buyer{2};
  Published film = ledger.publish(seller);
  Published other = ledger.publish(seller, "Another film");
  wire::Voucher voucher = buy();

  wire::Voucher buy() {
    ledger.open_home(buyer);
    ledger.deposit(buyer, 1000);
    const auto purchase = ledger.prepare_purchase(buyer, film.offer);
    return ledger.finish_purchase(purchase, ledger.post("/v1/purchases", purchase.jws)).front();
  }
  TestExchange prepare(const wire::Voucher& old, std::uint64_t number) const {
    const auto& epoch = ledger.keys.epochs.back();
    const auto seed = test_seed(5'000 + number);
    const auto key = crypto::SignKey::from_seed(seed);
    auto blinded = crypto::poprf::blind(wire::voucher_input(key.public_key()),
                                        wire::access_info(old.offer, epoch.epoch),
                                        epoch.pair.public_key, crypto::poprf::random_scalar());
    REQUIRE(blinded);
    TestExchange out{{}, seed, *blinded, epoch.epoch, {}};
    std::copy_n(seed.data(), out.id.size(), out.id.begin());
    out.jws = wire::write_exchange(old, out.id, epoch.epoch, blinded->blinded_element);
    return out;
  }
  /// As the home must check it; the fresh voucher.
  wire::Voucher finish(const TestExchange& exchange, ByteView answer) const {
    const auto read = wire::read_exchanged(as_text(answer), ledger.keys.signing.public_key());
    REQUIRE(read);
    CHECK(read->request_id == exchange.id);
    CHECK(read->request_hash == crypto::sha256(as_bytes(exchange.jws)));
    CHECK(read->offer == film.offer.id);
    CHECK(read->epoch == exchange.epoch);
    const auto key = crypto::SignKey::from_seed(exchange.one_time_seed);
    const auto tokens = crypto::poprf::finalize({to_bytes(wire::voucher_input(key.public_key()))},
                                                {exchange.blinded}, {read->evaluated}, read->proof,
                                                wire::access_info(read->offer, read->epoch),
                                                ledger.keys.epochs.back().pair.public_key);
    REQUIRE(tokens);
    return {read->offer, read->epoch, exchange.one_time_seed, tokens->front()};
  }
  net::Response exchange(const TestExchange& exchange) {
    return ledger.post("/v1/exchanges", exchange.jws);
  }
  net::Response redeem(const wire::Voucher& with, std::uint64_t recipient = 1) {
    const auto key = crypto::BoxKey::from_seed(test_seed(recipient));
    return ledger.post("/v1/redemptions", wire::write_redemption(with, key.public_key()));
  }
  net::Response refund(const wire::Voucher& with) {
    return ledger.post("/v1/refunds",
                       wire::write_refund(with, "wallet/" + buyer.address.text() + "/EUR"));
  }
  std::string state(const wire::Voucher& of) {
    const auto key = crypto::SignKey::from_seed(of.one_time_seed).public_key();
    return json_of(ledger.get("/v1/vouchers/" + to_hex(wire::voucher_input(key))))["state"];
  }
};

net::Request post_of(const std::string& path, const std::string& jws) {
  net::Request request;
  request.method = "POST";
  request.path = path;
  request.body = to_bytes(as_bytes(jws));
  return request;
}

}  // namespace

TEST_CASE("an exchange: the old voucher is worth nothing, the fresh one is worth the same") {
  Market m;
  CHECK(m.state(m.voucher) == "unspent");
  const auto exchange = m.prepare(m.voucher, 1);
  const auto answer = m.exchange(exchange);
  REQUIRE(answer.status == 200);
  CHECK(answer.headers.at("content-type") == "application/jose");
  const auto fresh = m.finish(exchange, answer.body);
  CHECK(m.state(m.voucher) == "exchanged");
  CHECK(m.state(fresh) == "unspent");
  CHECK(m.ledger.balance(m.buyer) == 650);
  CHECK(m.ledger.balance(m.seller) == 0);
  CHECK(problem_code(m.redeem(m.voucher)) == "voucher_spent");
  CHECK(problem_code(m.refund(m.voucher)) == "voucher_spent");
  CHECK(problem_code(m.exchange(m.prepare(m.voucher, 2))) == "voucher_spent");

  SUBCASE("the fresh one is redeemed") {
    CHECK(m.redeem(fresh).status == 200);
    CHECK(m.ledger.balance(m.seller) == 333);
    CHECK(m.state(fresh) == "redeemed");
  }
  SUBCASE("the fresh one is refunded") {
    CHECK(m.refund(fresh).status == 200);
    CHECK(m.ledger.balance(m.buyer) == 1000);
    CHECK(m.state(fresh) == "refunded");
  }
  SUBCASE("the fresh one is exchanged again") {
    const auto again = m.prepare(fresh, 3);
    CHECK(m.redeem(m.finish(again, m.exchange(again).body)).status == 200);
  }
  SUBCASE("the same exchange: the same bytes, by its id too, also after a restart") {
    for (const bool restarted : {false, true}) {
      if (restarted) m.ledger.restart();
      CHECK(m.exchange(exchange).body == answer.body);
      CHECK(m.ledger.get("/v1/exchanges/" + to_hex(exchange.id)).body == answer.body);
    }
    CHECK(problem_code(m.ledger.get("/v1/exchanges/" + std::string(32, 'a'))) == "not_found");
    CHECK(problem_code(m.ledger.get("/v1/exchanges/x")) == "not_found");
  }
  SUBCASE("another voucher under the same request id") {
    const auto other = m.buy();
    auto taken = m.prepare(other, 1);
    CHECK(problem_code(m.exchange(taken)) == "idempotency_mismatch");
    CHECK(m.state(other) == "unspent");
    CHECK(m.redeem(other).status == 200);
  }
}

TEST_CASE("refused exchanges leave the voucher as good as before") {
  Market m;
  struct Row {
    std::string code;
    std::function<void(wire::Voucher&, std::uint32_t&, crypto::poprf::Element&)> change;
  };
  const std::vector<Row> rows{
      {"unknown_epoch", [](auto&, auto& fresh, auto&) { fresh += 1; }},
      {"unknown_epoch", [](auto& v, auto& fresh, auto&) { fresh += 1, v.offer[0] ^= 1; }},
      {"unknown_offer", [](auto& v, auto&, auto&) { v.offer[0] ^= 1; }},
      {"unknown_epoch", [](auto& v, auto&, auto&) { v.epoch += 1; }},
      {"voucher_invalid", [&](auto& v, auto&, auto&) { v.offer = m.other.offer.id; }},
      {"voucher_invalid", [](auto& v, auto&, auto& e) { v.token[0] ^= 1, e.fill(0); }},
      {"voucher_invalid", [](auto& v, auto&, auto&) { v.one_time_seed = test_seed(77); }},
      {"bad_element", [](auto&, auto&, auto& e) { e.fill(0); }},
      {"bad_element", [](auto&, auto&, auto& e) { e.fill(0xff); }},
  };
  const auto good = m.prepare(m.voucher, 1);
  for (const Row& row : rows) {
    CAPTURE(row.code);
    wire::Voucher changed = m.voucher;
    std::uint32_t epoch = good.epoch;
    crypto::poprf::Element element = good.blinded.blinded_element;
    row.change(changed, epoch, element);
    const std::string jws = wire::write_exchange(changed, good.id, epoch, element);
    CHECK(problem_code(m.ledger.post("/v1/exchanges", jws)) == row.code);
    CHECK(m.state(m.voucher) == "unspent");
  }
  CHECK(m.redeem(m.voucher).status == 200);
}

TEST_CASE("redemptions, refunds and exchanges of one voucher at the same instant: one winner") {
  Market m;
  std::vector<net::Request> requests;
  for (std::uint64_t i = 0; i < 45; ++i) {
    const auto key = crypto::BoxKey::from_seed(test_seed(100 + i));
    const std::string pocket = "wallet/" + m.buyer.address.text() + "/EUR/" + std::to_string(1 + i);
    const auto exchange = m.prepare(m.voucher, 100 + i);
    requests.push_back(i % 3 == 0   ? post_of("/v1/refunds", wire::write_refund(m.voucher, pocket))
                       : i % 3 == 1 ? post_of("/v1/exchanges", exchange.jws)
                                    : post_of("/v1/redemptions",
                                              wire::write_redemption(m.voucher, key.public_key())));
  }
  const auto responses = m.ledger.at_once(requests);
  check_one_winner(responses);
}

TEST_CASE("40 vouchers under one request id at the same instant: one is exchanged") {
  Market m;
  m.ledger.deposit(m.buyer, 100'000);
  std::vector<net::Request> requests;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const auto purchase = m.ledger.prepare_purchase(m.buyer, m.film.offer);
    const auto voucher =
        m.ledger.finish_purchase(purchase, m.ledger.post("/v1/purchases", purchase.jws)).front();
    auto exchange = m.prepare(voucher, 100 + i);
    exchange.jws = wire::write_exchange(voucher, wire::RequestId{7}, exchange.epoch,
                                        exchange.blinded.blinded_element);
    requests.push_back(post_of("/v1/exchanges", exchange.jws));
  }
  const auto responses = m.ledger.at_once(requests);
  const auto won = std::count_if(responses.begin(), responses.end(),
                                 [](const auto& r) { return r.status == 200; });
  const auto mismatched = std::count_if(responses.begin(), responses.end(), [](const auto& r) {
    return problem_code(r) == "idempotency_mismatch";
  });
  CHECK(won == 1);
  CHECK(mismatched == 39);
}

TEST_CASE("engine: 48 threads end one voucher in every way there is; one wins, the audit agrees") {
  using namespace hearth::ledger::testing;
  constexpr int threads = 48;
  for (int round = 0; round < 5; ++round) {
    auto store = store::open_memory();
    auto engine = Engine::start(*store, {}).value();
    open_shop(*engine);
    REQUIRE(ledger::testing::purchase(*engine, purchase_of("film", "buyer", "p", 5)).has_value());
    std::latch together(threads);
    std::vector<Result<VoucherFacts>> results(threads, fail(Code::internal, "not answered"));
    std::vector<std::thread> crowd;
    for (int i = 0; i < threads; ++i) {
      crowd.emplace_back([&, i] {
        auto redeeming = redeem_of("film", "v");
        auto refunding = refund_of("film", "v", wallet("buyer"));
        auto exchanging = exchange_of("film", "v");
        const auto other = digest("request " + std::to_string(i / 2));  // each comes twice
        redeeming.request_hash = refunding.request_hash = exchanging.request_hash = other;
        together.arrive_and_wait();
        results[static_cast<std::size_t>(i)] = i / 2 % 3 == 0   ? redeem(*engine, redeeming)
                                               : i / 2 % 3 == 1 ? refund(*engine, refunding)
                                                                : exchange(*engine, exchanging);
      });
    }
    for (auto& thread : crowd) thread.join();
    std::vector<int> winners;
    for (int i = 0; i < threads; ++i) {
      const auto& result = results[static_cast<std::size_t>(i)];
      if (result)
        winners.push_back(i);
      else
        CHECK(result.error().code == Code::voucher_spent);
    }
    REQUIRE(winners.size() == 2);
    CHECK(winners[0] / 2 == winners[1] / 2);
    const auto& first = results[static_cast<std::size_t>(winners[0])].value();
    const auto& second = results[static_cast<std::size_t>(winners[1])].value();
    CHECK(told(first) == told(second));
    CHECK(first.repeated != second.repeated);
    engine.reset();
    CHECK_FALSE(audit(*store->snapshot(), {}).value().difference.has_value());
  }
}

TEST_CASE("engine: a voucher for four homes, of one offer only") {
  using namespace hearth::ledger::testing;
  auto store = store::open_memory();
  auto engine = Engine::start(*store, {}).value();
  open_shop(*engine);
  auto family = offer_of("family", "seller", 2'00), pair = offer_of("pair", "seller", 1'00);
  family.homes = 4, pair.homes = 2;
  REQUIRE(offer(*engine, family).has_value());
  REQUIRE(offer(*engine, pair).has_value());
  REQUIRE(ledger::testing::purchase(*engine, purchase_of("family", "buyer", "p")).has_value());
  REQUIRE(ledger::testing::purchase(*engine, purchase_of("pair", "buyer", "q")).has_value());
  const auto by = [&](const char* of, int home) {
    auto command = redeem_of(of, "v");
    command.request_hash = digest("home " + std::to_string(home));
    return redeem(*engine, command);
  };
  const auto first = by("family", 1);
  REQUIRE(first.has_value());
  CHECK(balance(*engine, "seller") == 1'90);
  // The same one-time key stands behind a voucher of the other offer: that one is spent with it.
  CHECK(by("pair", 9).error().code == Code::voucher_spent);
  for (int home = 2; home <= 4; ++home) CHECK(by("family", home).has_value());
  CHECK(by("family", 5).error().code == Code::voucher_spent);
  for (int home = 1; home <= 4; ++home) {
    const auto again = by("family", home);
    REQUIRE(again.has_value());
    CHECK(again->repeated);
  }
  CHECK(balance(*engine, "seller") == 1'90);
  CHECK(told(*by("family", 1)) == told(*first));
  engine.reset();
  CHECK_FALSE(audit(*store->snapshot(), {}).value().difference.has_value());
}
