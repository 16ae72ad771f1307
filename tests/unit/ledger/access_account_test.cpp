// docs/protocol.md §6.7, §6.8: a voucher's money back, once; money between a home's own pockets.
#include <algorithm>
#include <future>

#include <doctest/doctest.h>

#include "api_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

namespace {

struct Market : OneSale {
  std::string wallet(const TestHome& home, const std::string& rest = "/EUR") const {
    return "wallet/" + home.address.text() + rest;
  }
  net::Response refund(const wire::Voucher& with, const std::string& account) {
    return ledger.post("/v1/refunds", wire::write_refund(with, account));
  }
  net::Response redeem(const wire::Voucher& with) {
    return OneSale::redeem(with, crypto::BoxKey::from_seed(test_seed(1)));
  }
  void set_state(const TestHome& home, AccountState state) {
    std::promise<bool> done;
    ledger.engine().submit_account_state(
        {AccountId::wallet(home.address, euros(0).currency), state, "a reason", "owner",
         ledger.clock},
        [&done](const auto& result) { done.set_value(result.has_value()); });
    REQUIRE(done.get_future().get());
  }

  wire::TransferRequest transfer(std::uint32_t from, std::uint32_t to, std::int64_t minor) {
    wire::TransferRequest out{.request_id = {},
                              .home = buyer.address,
                              .from_pocket = from,
                              .to_pocket = to,
                              .amount = euros(minor),
                              .issued_ms = ledger.clock};
    out.request_id[0] = ++transfers;
    return out;
  }
  net::Response send(const wire::TransferRequest& request) {
    return ledger.post("/v1/transfers", wire::write_transfer(request, buyer.key));
  }
  wire::Json statement(std::uint64_t after = 0, int limit = 200) {
    const wire::Json fields = wire::with_issued(
        {{"home", buyer.address.text()}, {"after", after}, {"limit", limit}}, ledger.clock);
    return json_of(
        ledger.post("/v1/statement", wire::sign_jws("hearth/statement/1", fields, buyer.key)));
  }
  std::uint8_t transfers = 0;
};

wire::Json money_of(std::int64_t minor) {
  return {{"minor", minor}, {"currency", "EUR"}};
}

net::Request post_of(const std::string& path, const std::string& jws) {
  net::Request request;
  request.method = "POST";
  request.path = path;
  request.body = to_bytes(as_bytes(jws));
  return request;
}

}  // namespace

TEST_CASE("a refund gives the whole price back, and the same bytes again") {
  Market m;
  CHECK(m.ledger.balance(m.buyer) == 650);
  const auto response = m.refund(m.voucher, m.wallet(m.buyer));
  REQUIRE(response.status == 200);
  const auto json = json_of(response);
  CHECK(json["refunded"] == money_of(350));
  CHECK(json["journal_index"].is_number_unsigned());
  CHECK_FALSE(json.contains("balance_after"));
  CHECK(m.ledger.balance(m.buyer) == 1000);
  CHECK(m.ledger.balance(m.seller) == 0);

  SUBCASE("again, a day later, after a restart") {
    m.ledger.clock += 86'400'000;
    m.ledger.restart();
    CHECK(m.refund(m.voucher, m.wallet(m.buyer)).body == response.body);
    CHECK(m.ledger.balance(m.buyer) == 1000);
  }
  SUBCASE("to another wallet: it is spent") {
    const auto refused = m.refund(m.voucher, m.wallet(m.seller));
    CHECK(problem_code(refused) == "voucher_spent");
    CHECK(m.ledger.balance(m.seller) == 0);
  }
  SUBCASE("a redemption of it: it is spent") {
    CHECK(problem_code(m.redeem(m.voucher)) == "voucher_spent");
    CHECK(m.ledger.balance(m.seller) == 0);
  }
}

TEST_CASE("a redeemed voucher is not given back") {
  Market m;
  REQUIRE(m.redeem(m.voucher).status == 200);
  CHECK(problem_code(m.refund(m.voucher, m.wallet(m.buyer))) == "voucher_spent");
  CHECK(m.ledger.balance(m.buyer) == 650);
}

TEST_CASE("whoever holds the voucher names any wallet, or a pocket that comes to be with it") {
  Market m;
  const TestHome friend_of_buyer(3);
  m.ledger.open_home(friend_of_buyer);
  SUBCASE("another home's") {
    CHECK(m.refund(m.voucher, m.wallet(friend_of_buyer)).status == 200);
    CHECK(m.ledger.balance(friend_of_buyer) == 350);
  }
  SUBCASE("a pocket") {
    CHECK(m.refund(m.voucher, m.wallet(m.buyer, "/EUR/7")).status == 200);
    CHECK(m.statement()["pockets"] ==
          wire::Json::array({{{"pocket", 7}, {"balance", money_of(350)}}}));
  }
}

TEST_CASE("refused refunds leave the voucher as good as before") {
  Market m;
  const TestHome stranger(9);
  struct Row {
    std::string code;
    std::function<void(wire::Voucher&)> change;
    std::string account;
  };
  const auto nothing = [](wire::Voucher&) {};
  const std::string own = m.wallet(m.buyer);
  const std::vector<Row> rows{
      {"unknown_offer", [](auto& v) { v.offer[0] ^= 1; }, own},
      {"unknown_epoch", [](auto& v) { v.epoch += 1; }, own},
      {"voucher_invalid", [&](auto& v) { v.offer = m.other.offer.id; }, own},
      {"voucher_invalid", [](auto& v) { v.token[0] ^= 1; }, own},
      {"voucher_invalid", [](auto& v) { v.one_time_seed = test_seed(77); }, own},
      {"unknown_account", nothing, m.wallet(m.buyer, "/USD")},
      {"unknown_account", nothing, m.wallet(m.buyer, "/EUR/100")},
      {"unknown_account", nothing, m.wallet(m.buyer, "")},
      {"unknown_account", nothing, "cash/EUR"},
      {"unknown_account", nothing, "fees/EUR"},
      {"unknown_account", nothing, "escrow/" + to_hex(m.film.offer.id) + "/1"},
      {"unknown_account", nothing, "x"},
      {"unknown_account", nothing, m.wallet(stranger)},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    CAPTURE(row.account);
    wire::Voucher changed = m.voucher;
    row.change(changed);
    CHECK(problem_code(m.refund(changed, row.account)) == row.code);
    CHECK(m.ledger.balance(m.buyer) == 650);
  }
  m.set_state(m.seller, AccountState::closed);
  CHECK(problem_code(m.refund(m.voucher, m.wallet(m.seller))) == "account_closed");
  m.set_state(m.buyer, AccountState::frozen);  // money may arrive
  CHECK(m.refund(m.voucher, own).status == 200);
  CHECK(m.ledger.balance(m.buyer) == 1000);
}

TEST_CASE("refunds and redemptions of one voucher at the same instant: one winner") {
  Market m;
  std::vector<net::Request> requests;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const auto recipient = crypto::BoxKey::from_seed(test_seed(100 + i));
    const std::string pocket = "/EUR/" + std::to_string(1 + i);
    requests.push_back(
        i % 2 == 0
            ? post_of("/v1/refunds", wire::write_refund(m.voucher, m.wallet(m.buyer, pocket)))
            : post_of("/v1/redemptions",
                      wire::write_redemption(m.voucher, recipient.public_key())));
  }
  const auto responses = m.ledger.at_once(requests);
  check_one_winner(responses);
}

TEST_CASE("a transfer moves money between pockets, and the same bytes come again, however late") {
  Market m;
  const auto request = m.transfer(0, 3, 500);
  const auto response = m.send(request);
  REQUIRE(response.status == 200);
  CHECK(json_of(response)["balance_after"] == money_of(150));
  CHECK(m.ledger.balance(m.buyer) == 150);
  CHECK(m.statement()["balances"] == wire::Json::array({money_of(150)}));
  CHECK(m.statement()["pockets"] ==
        wire::Json::array({{{"pocket", 3}, {"balance", money_of(500)}}}));

  SUBCASE("a day later, after a restart") {
    m.ledger.clock += 86'400'000;
    m.ledger.restart();
    CHECK(m.send(request).body == response.body);
    CHECK(m.ledger.balance(m.buyer) == 150);
  }
  SUBCASE("the same id with another body, also late") {
    auto changed = request;
    changed.amount = euros(1);
    CHECK(problem_code(m.send(changed)) == "idempotency_mismatch");
    m.ledger.clock += 86'400'000;
    CHECK(problem_code(m.send(changed)) == "idempotency_mismatch");
    CHECK(m.ledger.balance(m.buyer) == 150);
  }
  SUBCASE("and back") {
    CHECK(json_of(m.send(m.transfer(3, 0, 500)))["balance_after"] == money_of(0));
    CHECK(m.ledger.balance(m.buyer) == 650);
  }
  SUBCASE("its two entries stand together in a statement, whatever the page") {
    const auto all = m.statement()["entries"];
    REQUIRE(all.size() == 4);  // deposit, purchase, and the transfer twice
    CHECK(all[2]["index"] == all[3]["index"]);
    CHECK(all[2]["amount"] == money_of(-500));
    CHECK_FALSE(all[2].contains("pocket"));
    CHECK(all[3]["amount"] == money_of(500));
    CHECK(all[3]["pocket"] == 3);
    CHECK(m.statement(0, 2)["entries"].size() == 2);
    CHECK(m.statement(0, 3)["entries"] == all);
    CHECK(m.statement(all[1]["index"].get<std::uint64_t>(), 1)["entries"].size() == 2);
  }
  SUBCASE("a pocket pays for what is bought, and nothing else does") {
    const auto buy_from = [&](const std::string& account) {
      auto purchase = m.ledger.prepare_purchase(m.buyer, m.film.offer);
      purchase.request.billing_account = account;
      return m.ledger.post("/v1/purchases", wire::write_purchase(purchase.request, m.buyer.key));
    };
    CHECK(buy_from(m.wallet(m.buyer, "/EUR/3")).status == 200);
    CHECK(m.ledger.balance(m.buyer) == 150);
    CHECK(m.statement()["pockets"][0]["balance"] == money_of(150));
    m.ledger.deposit(m.buyer, 10'000);
    CHECK(problem_code(buy_from(m.wallet(m.buyer, "/EUR/3"))) == "insufficient_funds");
    CHECK(problem_code(buy_from(m.wallet(m.buyer, "/EUR/4"))) == "unknown_account");
    CHECK(problem_code(buy_from(m.wallet(m.buyer, "/EUR/100"))) == "billing_refused");
    CHECK(problem_code(buy_from(m.wallet(m.seller, "/EUR/3"))) == "billing_refused");
    CHECK(m.ledger.balance(m.buyer) == 10'150);
  }
}

TEST_CASE("refused transfers move nothing") {
  Market m;
  REQUIRE(m.send(m.transfer(0, 1, 50)).status == 200);
  struct Row {
    std::string code;
    std::uint32_t from, to;
    std::int64_t minor;
    std::function<void(wire::TransferRequest&)> change;
  };
  const auto nothing = [](wire::TransferRequest&) {};
  const std::vector<Row> rows{
      {"stale_request", 0, 1, 10, [](auto& r) { r.issued_ms -= 300'001; }},
      {"stale_request", 0, 1, 10, [](auto& r) { r.issued_ms += 300'001; }},
      {"wrong_signer", 0, 1, 10, [&](auto& r) { r.home = m.seller.address; }},
      {"usage", 1, 1, 10, nothing},
      {"usage", 0, 100, 10, nothing},
      {"usage", 0, 1, 0, nothing},
      {"usage", 0, 1, -10, nothing},
      {"unknown_account", 5, 1, 10, nothing},
      {"unknown_account", 0, 1, 10,
       [](auto& r) { r.amount.currency = *money::Currency::from_code("USD"); }},
      {"insufficient_funds", 1, 0, 51, nothing},
      {"insufficient_funds", 0, 1, 601, nothing},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    auto request = m.transfer(row.from, row.to, row.minor);
    row.change(request);
    CHECK(problem_code(m.send(request)) == row.code);
    CHECK(m.ledger.balance(m.buyer) == 600);
  }
  m.set_state(m.buyer, AccountState::frozen);
  CHECK(problem_code(m.send(m.transfer(0, 1, 10))) == "account_frozen");
  CHECK(m.send(m.transfer(1, 0, 50)).status == 200);  // into the frozen one
}
