// docs/protocol.md §6.2, §6.3: what a purchase comes to, and that a refusal costs nobody anything.
#include <doctest/doctest.h>

#include "api_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

TEST_CASE("a purchase: money to escrow, a receipt whose proof holds, the same bytes again") {
  TestLedger ledger;
  const TestHome seller(1), buyer(2);
  const Published film = ledger.publish(seller);
  ledger.open_home(buyer);
  ledger.deposit(buyer, 2000);

  const TestPurchase purchase = ledger.prepare_purchase(buyer, film.offer, 3);
  const auto response = ledger.post("/v1/purchases", purchase.jws);
  const auto vouchers = ledger.finish_purchase(purchase, response);
  CHECK(vouchers.size() == 3);
  const auto receipt = wire::read_receipt(as_text(response.body), ledger.keys.signing.public_key());
  CHECK(receipt->paid == euros(3 * 350));
  CHECK(receipt->balance_after == euros(2000 - 3 * 350));
  CHECK(ledger.balance(buyer) == 2000 - 3 * 350);
  CHECK(ledger.balance(seller) == 0);

  SUBCASE("the same request again") {
    CHECK(ledger.post("/v1/purchases", purchase.jws).body == response.body);
    CHECK(ledger.balance(buyer) == 2000 - 3 * 350);
  }
  SUBCASE("the same request at once, when no source is online any more") {
    ledger.announce(film.torrent, 7001, 5);
    CHECK(ledger.post("/v1/purchases", purchase.jws).body == response.body);
    CHECK(ledger.balance(buyer) == 2000 - 3 * 350);
  }
  SUBCASE("the same request an hour later, with no source online, after a restart") {
    ledger.clock += 3'600'000;
    ledger.restart();
    CHECK(ledger.post("/v1/purchases", purchase.jws).body == response.body);
    CHECK(ledger.balance(buyer) == 2000 - 3 * 350);
  }
  SUBCASE("the same request id with another body") {
    TestPurchase other = ledger.prepare_purchase(buyer, film.offer);
    other.request.request_id = purchase.request.request_id;
    const auto refused =
        ledger.post("/v1/purchases", wire::write_purchase(other.request, buyer.key));
    CHECK(problem_code(refused) == "idempotency_mismatch");
    CHECK(refused.status == 422);
    CHECK(ledger.balance(buyer) == 2000 - 3 * 350);
  }
}

TEST_CASE("refused purchases: each with its code, and nobody pays") {
  TestLedger ledger;
  const TestHome seller(1), buyer(2), stranger(3);
  wire::Terms limited;
  limited.sold_until_ms = ledger.clock + 60'000;
  const Published film = ledger.publish(seller);
  const Published ended = ledger.publish(seller, "An ended film", 350, limited);
  const Published dear = ledger.publish(seller, "A dear film", 2001);
  const Published silent = ledger.publish(seller, "A film without a source");
  ledger.open_home(buyer);
  ledger.deposit(buyer, 2000);
  ledger.clock += 61'000;
  for (const auto* title : {&film, &ended, &dear}) ledger.announce(title->torrent, 7001, 0);
  ledger.announce(silent.torrent, 7001, 5);  // it has the title no longer

  struct Row {
    std::string code;
    const wire::Offer& offer;
    std::function<void(wire::PurchaseRequest&)> change;
    const TestHome* signer = nullptr;  ///< the buyer
  };
  const auto nothing = [](wire::PurchaseRequest&) {};
  const std::vector<Row> rows{
      {"stale_request", film.offer, [](auto& r) { r.issued_ms -= 300'001; }},
      {"stale_request", film.offer, [](auto& r) { r.issued_ms += 300'001; }},
      {"wrong_signer", film.offer, nothing, &stranger},
      {"billing_refused", film.offer,
       [&](auto& r) { r.billing_account = "wallet/" + seller.address.text() + "/EUR"; }},
      {"billing_refused", film.offer, [](auto& r) { r.billing_account.back() = 'X'; }},
      {"unknown_offer", film.offer, [](auto& r) { r.offer[0] ^= 1; }},
      {"offer_ended", ended.offer, nothing},
      {"price_differs", film.offer, [](auto& r) { r.price.minor = 349; }},
      {"price_differs", film.offer, [](auto& r) { r.terms.min_age = 18; }},
      {"unknown_epoch", film.offer, [](auto& r) { r.epoch += 1; }},
      {"bad_element", film.offer, [](auto& r) { r.blinded[0].fill(0); }},
      {"bad_element", film.offer, [](auto& r) { r.blinded[0].fill(0xff); }},
      {"no_source", silent.offer, nothing},
      {"insufficient_funds", dear.offer, nothing},
      // Precedence: of several, the one that stands first in §6.2.
      {"stale_request", dear.offer,
       [](auto& r) { r.issued_ms -= 300'001, r.billing_account = "x"; }},
      {"billing_refused", dear.offer, [](auto& r) { r.billing_account = "x", r.offer[0] ^= 1; }},
      {"unknown_offer", ended.offer, [](auto& r) { r.offer[0] ^= 1, r.price.minor = 1; }},
      {"offer_ended", ended.offer, [](auto& r) { r.price.minor = 1, r.epoch += 1; }},
      {"price_differs", film.offer, [](auto& r) { r.price.minor = 1, r.epoch += 1; }},
      {"unknown_epoch", silent.offer, [](auto& r) { r.epoch += 1, r.blinded[0].fill(0); }},
      {"bad_element", silent.offer, [](auto& r) { r.blinded[0].fill(0); }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    TestPurchase purchase = ledger.prepare_purchase(buyer, row.offer);
    row.change(purchase.request);
    const auto refused =
        ledger.post("/v1/purchases",
                    wire::write_purchase(purchase.request, (row.signer ? *row.signer : buyer).key));
    CHECK(problem_code(refused) == row.code);
    CHECK(ledger.balance(buyer) == 2000);
    CHECK(ledger.balance(seller) == 0);
  }

  SUBCASE("a home without a wallet") {
    const auto purchase = ledger.prepare_purchase(stranger, film.offer);
    CHECK(problem_code(ledger.post("/v1/purchases", purchase.jws)) == "unknown_account");
  }
  SUBCASE("a changed signature") {
    auto purchase = ledger.prepare_purchase(buyer, film.offer);
    purchase.jws[purchase.jws.size() - 10] =
        purchase.jws[purchase.jws.size() - 10] == 'A' ? 'B' : 'A';
    CHECK(problem_code(ledger.post("/v1/purchases", purchase.jws)) == "bad_signature");
    CHECK(ledger.balance(buyer) == 2000);
  }
  SUBCASE("a refused request id can be used again") {
    auto purchase = ledger.prepare_purchase(buyer, silent.offer);
    CHECK(problem_code(ledger.post("/v1/purchases", purchase.jws)) == "no_source");
    ledger.announce(silent.torrent, 7001, 0);
    ledger.finish_purchase(purchase, ledger.post("/v1/purchases", purchase.jws));
    CHECK(ledger.balance(buyer) == 2000 - 350);
  }
}

TEST_CASE("the same purchase 20 times at once is charged once, with one receipt") {
  TestLedger ledger;
  const TestHome seller(1), buyer(2);
  const Published film = ledger.publish(seller);
  ledger.open_home(buyer);
  ledger.deposit(buyer, 2000);
  const TestPurchase purchase = ledger.prepare_purchase(buyer, film.offer);
  net::Request request;
  request.method = "POST";
  request.path = "/v1/purchases";
  request.body = to_bytes(as_bytes(purchase.jws));
  const auto responses = ledger.at_once(std::vector<net::Request>(20, request));
  for (const auto& response : responses) {
    CHECK(response.status == 200);
    CHECK(response.body == responses.front().body);
  }
  ledger.finish_purchase(purchase, responses.front());
  CHECK(ledger.balance(buyer) == 2000 - 350);
}
