// docs/protocol.md §6.4, §6.5: a voucher buys one access key, once.
#include <algorithm>

#include <doctest/doctest.h>

#include "api_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

namespace {

struct Bought : OneSale {
  /// The seller's share of one sale at 5 %: 350 - 17.
  static constexpr std::int64_t share = 333;
};

}  // namespace

TEST_CASE("a redemption opens the title for its recipient and pays the seller") {
  Bought b;
  const auto recipient = crypto::BoxKey::from_seed(test_seed(1));
  const auto response = b.redeem(b.voucher, recipient);
  REQUIRE(response.status == 200);
  const auto json = json_of(response);
  CHECK(json["journal_index"].is_number_unsigned());
  const auto header = from_base64url(json["access_key"].get<std::string>());
  REQUIRE(header);
  const auto opened = crypto::age::open_header(*header, recipient);
  REQUIRE(opened);
  CHECK(crypto::equal(opened->key.view(), b.film.file_key.view()));
  CHECK(b.ledger.balance(b.seller) == Bought::share);
  CHECK(b.ledger.balance(b.buyer) == 1000 - 350);

  SUBCASE("the same redemption: the same bytes, also after a restart, and paid once") {
    CHECK(b.redeem(b.voucher, recipient).body == response.body);
    b.ledger.restart();
    CHECK(b.redeem(b.voucher, recipient).body == response.body);
    CHECK(b.ledger.balance(b.seller) == Bought::share);
  }
  SUBCASE("another recipient") {
    const auto refused = b.redeem(b.voucher, crypto::BoxKey::from_seed(test_seed(2)));
    CHECK(problem_code(refused) == "voucher_spent");
    CHECK(refused.status == 409);
    CHECK(b.ledger.balance(b.seller) == Bought::share);
  }
}

TEST_CASE("50 redemptions of one voucher at the same instant: one winner") {
  Bought b;
  std::vector<net::Request> requests;
  for (std::uint64_t i = 0; i < 50; ++i) {
    const auto recipient = crypto::BoxKey::from_seed(test_seed(100 + i));
    net::Request request;
    request.method = "POST";
    request.path = "/v1/redemptions";
    request.body = to_bytes(as_bytes(wire::write_redemption(b.voucher, recipient.public_key())));
    requests.push_back(std::move(request));
  }
  const auto responses = b.ledger.at_once(requests);
  const auto won = std::count_if(responses.begin(), responses.end(),
                                 [](const auto& r) { return r.status == 200; });
  const auto spent = std::count_if(responses.begin(), responses.end(), [](const auto& r) {
    return problem_code(r) == "voucher_spent";
  });
  CHECK(won == 1);
  CHECK(spent == 49);
  CHECK(b.ledger.balance(b.seller) == Bought::share);
}

TEST_CASE("refused redemptions leave the voucher unspent") {
  Bought b;
  struct Row {
    std::string code;
    std::function<void(wire::Voucher&)> change;
  };
  const std::vector<Row> rows{
      {"unknown_offer", [](auto& v) { v.offer[0] ^= 1; }},
      {"unknown_offer", [](auto& v) { v.offer[0] ^= 1, v.epoch += 1; }},
      {"unknown_epoch", [](auto& v) { v.epoch += 1; }},
      {"voucher_invalid", [&](auto& v) { v.offer = b.other.offer.id; }},
      {"voucher_invalid", [](auto& v) { v.token[0] ^= 1; }},
      {"voucher_invalid", [](auto& v) { v.token[63] ^= 1; }},
      {"voucher_invalid", [](auto& v) { v.one_time_seed = test_seed(77); }},
  };
  const auto recipient = crypto::BoxKey::from_seed(test_seed(1));
  for (const Row& row : rows) {
    CAPTURE(row.code);
    wire::Voucher changed = b.voucher;
    row.change(changed);
    CHECK(problem_code(b.redeem(changed, recipient)) == row.code);
    CHECK(b.ledger.balance(b.seller) == 0);
  }
  CHECK(b.redeem(b.voucher, recipient).status == 200);
  CHECK(b.ledger.balance(b.seller) == Bought::share);
}
