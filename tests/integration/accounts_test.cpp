// A home's own accounts, from its command line to the books: unused vouchers given back, money
// moved between pockets, whatever dies on the way; and a voucher that is refunded and redeemed at
// the same instant is used once.
#include <future>

#include <doctest/doctest.h>

#include "tests/integration/market.h"
#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth;
using namespace hearth::test;

namespace {

using test::Home;

constexpr std::int64_t price = 350;

/// A seller with a film, a buyer with 20 EUR.
struct Shop {
  Town town;
  Home& seller = town.add_home("A");
  Home& buyer = town.add_home("B");
  std::string offer;

  Shop() {
    const fs::path film = town.make_file("film.bin", 300'000, 7);
    offer = town.publish(seller, film, "3.50 EUR").at("offer");
    town.deposit(buyer, "20.00 EUR", "cash 1");
    eventually("the film has a source", 60, [this] {
      const Json offers = rows(buyer.ok({"catalogue"}), "offers");
      return !offers.empty() && offers.at(0).at("complete_sources") >= 1;
    });
  }
  std::string keep_voucher() {
    return buyer.ok({"buy", offer, "--keep-voucher"}).at("voucher").get<std::string>();
  }
  std::string state(const std::string& voucher) const {
    for (const Json& one : rows(buyer.ok({"wallet", "vouchers"}), "vouchers"))
      if (one.at("voucher") == voucher) return one.at("state");
    return "";
  }
  std::int64_t pocket(int number) const {
    for (const Json& one : rows(buyer.ok({"wallet", "balance"}), "pockets"))
      if (one.at("pocket") == number) return one.at("balance").at("minor").get<std::int64_t>();
    return 0;
  }
};

/// Buys a voucher by the protocol alone and finishes it, as docs/protocol.md §6 writes.
wire::Voucher voucher_of(Line& line, const Household& buyer, const wire::Offer& offer) {
  const crypto::Seed own(crypto::random_array<32>());
  const auto one_time = crypto::SignKey::from_seed(own);
  const Bytes input = to_bytes(wire::voucher_input(one_time.public_key()));
  const identity::LedgerCard& ledger = line.card();
  const Bytes info = wire::access_info(offer.id, ledger.epoch);
  const auto blinded =
      crypto::poprf::blind(input, info, ledger.poprf_key, crypto::poprf::random_scalar());
  REQUIRE(blinded.has_value());
  wire::PurchaseRequest request{.home = buyer.address, .price = offer.price, .terms = offer.terms};
  request.request_id = crypto::random_array<16>();
  request.offer = offer.id;
  request.epoch = ledger.epoch;
  request.billing_account = "wallet/" + buyer.address.text() + "/EUR";
  request.blinded.push_back(blinded->blinded_element);
  request.issued_ms = now_ms();
  const auto answer = line.post("/v1/purchases", wire::write_purchase(request, buyer.key));
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().sentence));
  REQUIRE_MESSAGE(answer->status == 200, as_text(answer->body));
  const auto receipt = wire::read_receipt(as_text(answer->body), ledger.key);
  REQUIRE(receipt.has_value());
  const auto tokens = crypto::poprf::finalize({input}, {*blinded}, receipt->evaluated,
                                              receipt->proof, info, ledger.poprf_key);
  REQUIRE(tokens.has_value());
  return {offer.id, ledger.epoch, own, tokens->front()};
}

std::string outcome_of(const Result<net::Response>& response) {
  REQUIRE_MESSAGE(response.has_value(), (response ? "" : response.error().sentence));
  if (response->status == 200) return "done";
  return wire::read_problem(response->body, response->status).code == Code::voucher_spent
             ? "voucher_spent"
             : std::string(as_text(response->body));
}

}  // namespace

TEST_CASE("a voucher that is not needed comes back as money, once") {
  Shop shop;
  const std::string voucher = shop.keep_voucher();
  CHECK(balance(shop.buyer) == 2000 - price);
  const Json refunded = shop.buyer.ok({"wallet", "refund", voucher.substr(0, 8)});
  CHECK(refunded.at("refunded").at("minor") == price);
  CHECK(refunded.at("name") == "film.bin");
  CHECK(balance(shop.buyer) == 2000);
  CHECK(vouchers(shop.buyer, "refunded") == 1);
  CHECK(shop.buyer.ok({"wallet", "refund", voucher}) == refunded);
  CHECK(balance(shop.buyer) == 2000);
  shop.buyer.refused({"wallet", "refund", "ffffffffffff"}, "not_found");

  // Delivered here, it is used: no money back.
  shop.buyer.ok({"buy", shop.offer});
  eventually("the film is here", 120, [&] { return complete_with_key(shop.buyer, "film.bin"); });
  eventually("its voucher is redeemed", 60, [&] { return vouchers(shop.buyer, "redeemed") == 1; });
  for (const Json& one : rows(shop.buyer.ok({"wallet", "vouchers"}), "vouchers"))
    if (one.at("state") == "redeemed")
      shop.buyer.refused({"wallet", "refund", one.at("voucher")}, "gift_state");
  CHECK(balance(shop.buyer) == 2000 - price);
  shop.town.audit_clean();
}

TEST_CASE("pockets: money goes where it is sent, and pays for what names it") {
  Shop shop;
  const Json moved = shop.buyer.ok({"wallet", "transfer", "5.00 EUR", "--from", "0", "--to", "3"});
  CHECK(moved.at("balance").at("minor") == 1500);
  CHECK(balance(shop.buyer) == 1500);
  CHECK(shop.pocket(3) == 500);

  const Json bought = shop.buyer.ok({"buy", shop.offer, "--keep-voucher", "--pocket", "3"});
  CHECK(bought.at("balance").at("minor") == 500 - price);
  CHECK(balance(shop.buyer) == 1500);
  CHECK(shop.pocket(3) == 500 - price);
  const std::string why = shop.buyer.refused({"buy", shop.offer, "--keep-voucher", "--pocket", "3"},
                                             "insufficient_funds");
  CHECK(why.find("nothing was charged") != std::string::npos);
  CHECK(balance(shop.buyer) == 1500);
  shop.buyer.refused({"buy", shop.offer, "--keep-voucher", "--pocket", "4"}, "unknown_account");
  shop.buyer.refused({"wallet", "transfer", "9.99 EUR", "--from", "3"}, "insufficient_funds");
  shop.buyer.refused({"wallet", "transfer", "1.00 EUR", "--from", "3", "--to", "3"}, "usage");
  shop.buyer.refused({"wallet", "transfer", "0.00 EUR", "--to", "3"}, "amount_invalid");
  shop.buyer.refused({"wallet", "transfer", "1.00 EUR", "--to", "100"}, "usage");

  CHECK(shop.buyer.ok({"wallet", "verify", bought.at("request")}).at("ok") == true);

  const std::string voucher = bought.at("voucher");
  CHECK(shop.buyer.ok({"wallet", "refund", voucher, "--pocket", "3"}).at("pocket") == 3);
  CHECK(shop.pocket(3) == 500);
  shop.buyer.ok({"wallet", "transfer", "5.00 EUR", "--from", "3"});
  CHECK(balance(shop.buyer) == 2000);
  CHECK(shop.pocket(3) == 0);
  std::size_t transfers = 0;
  for (const Json& entry : rows(shop.buyer.ok({"wallet", "history"}), "entries"))
    transfers += entry.at("kind") == "transfer";
  CHECK(transfers == 4);  // two movements, seen from both pockets
  shop.town.audit_clean();
}

TEST_CASE("an account that is closed: the voucher is held as before") {
  Shop shop;
  const std::string voucher = shop.keep_voucher();
  const std::string home = shop.buyer.ok({"id"}).at("home");
  const std::string account = "wallet/" + home + "/EUR";
  shop.town.operate_ok({"withdraw", home, "16.50 EUR", "--reference", "out"});
  shop.town.operate_ok({"close", account, "--reason", "moved away"});
  shop.buyer.refused({"wallet", "refund", voucher}, "account_closed");
  CHECK(vouchers(shop.buyer, "held") == 1);
  shop.town.operate_ok({"unfreeze", account, "--reason", "came back"});
  shop.buyer.ok({"wallet", "refund", voucher});
  CHECK(balance(shop.buyer) == price);
}

TEST_CASE("kill -9 while money comes back or moves: done once, after a restart") {
  Shop shop;
  for (const char* point : {"wallet.account.before_send", "wallet.account.after_answer"}) {
    CAPTURE(point);
    const std::string voucher = shop.keep_voucher();
    const std::int64_t before = balance(shop.buyer);
    const std::int64_t in_pocket = shop.pocket(1);
    shop.buyer.daemon().kill9();
    shop.buyer.start({std::string("HEARTH_CRASH_AT=") + point});
    CHECK(shop.buyer.hearth({"wallet", "refund", voucher}).exit_code == 1);
    eventually("it died there", 60, [&] { return shop.buyer.daemon().ended(); });
    shop.buyer.start();
    eventually("the voucher is refunded", 60, [&] { return shop.state(voucher) == "refunded"; });
    CHECK(balance(shop.buyer) == before + price);

    shop.buyer.daemon().kill9();
    shop.buyer.start({std::string("HEARTH_CRASH_AT=") + point});
    CHECK(shop.buyer.hearth({"wallet", "transfer", "1.00 EUR", "--to", "1"}).exit_code == 1);
    eventually("it died there", 60, [&] { return shop.buyer.daemon().ended(); });
    shop.buyer.start();
    eventually("nothing is under way", 60, [&] {
      return rows(shop.buyer.ok({"wallet", "history"}), "pending").empty();
    });
    CHECK(shop.pocket(1) == in_pocket + 100);
    CHECK(balance(shop.buyer) == before + price - 100);
  }
  shop.town.audit_clean();
}

TEST_CASE("kill -9 of the ledger while money comes back: given back once") {
  Shop shop;
  const char* points[] = {"ledger.commit.before", "ledger.commit.after"};
  const std::string held[] = {shop.keep_voucher(), shop.keep_voucher()};
  for (std::size_t i = 0; i < 2; ++i) {
    CAPTURE(points[i]);
    const std::int64_t before = balance(shop.buyer);
    shop.town.ledger().kill9();
    shop.town.start_ledger({std::string("HEARTH_CRASH_AT=") + points[i]});
    // The command waits while the ledger dies in some commit and comes back.
    auto asked = std::async(std::launch::async, [&] {
      return shop.buyer.hearth({"wallet", "refund", held[i]});
    });
    eventually("the ledger died", 60, [&] { return shop.town.ledger().ended(); });
    shop.town.start_ledger();
    asked.wait();
    eventually("the money is back", 120, [&] { return shop.state(held[i]) == "refunded"; });
    CHECK(balance(shop.buyer) == before + price);
    CHECK_FALSE(shop.town.ledger().ended());
  }
  shop.town.audit_clean();
}

TEST_CASE("refund and redemption of one voucher at the same instant: exactly one wins") {
  Town town({"--rate-per-connection", "0", "--rate-per-home", "0", "--rate-per-address", "0"});
  Line line(town.card());
  const Stall stall(line, price);
  const Household buyer(1);
  const auto fields =
      wire::with_issued({{"home", buyer.address.text()}, {"name", "A buyer"}}, now_ms());
  const auto opened = line.post("/v1/homes", wire::sign_jws("hearth/home/1", fields, buyer.key));
  REQUIRE(outcome_of(opened) == "done");
  town.operate_ok({"deposit", buyer.address.text(), "100.00 EUR", "--reference", "purse"});
  REQUIRE(stall.announce(line));
  const std::string account = "wallet/" + buyer.address.text() + "/EUR";
  std::size_t refunds = 0, redemptions = 0;
  for (int round = 0; round < 20; ++round) {
    CAPTURE(round);
    const wire::Voucher voucher = voucher_of(line, buyer, stall.offer());
    const auto recipient = crypto::BoxKey::from_seed(crypto::Seed(crypto::random_array<32>()));
    const std::string redemption = wire::write_redemption(voucher, recipient.public_key());
    const std::string refund = wire::write_refund(voucher, account);
    auto redeemed =
        std::async(std::launch::async, [&] { return line.post("/v1/redemptions", redemption); });
    auto refunded =
        std::async(std::launch::async, [&] { return line.post("/v1/refunds", refund); });
    const std::string a = outcome_of(redeemed.get()), b = outcome_of(refunded.get());
    CHECK_MESSAGE(((a == "done" && b == "voucher_spent") || (a == "voucher_spent" && b == "done")),
                  a, " and ", b);
    redemptions += a == "done";
    refunds += b == "done";
    // Asked again, each gets what it got.
    CHECK(outcome_of(line.post("/v1/redemptions", redemption)) == a);
    CHECK(outcome_of(line.post("/v1/refunds", refund)) == b);
  }
  CHECK(refunds + redemptions == 20);
  const Json status = town.operate_ok({"status"}).at("vouchers");
  CHECK(status.at("redeemed") == redemptions);
  CHECK(status.at("outstanding") == 0);
  town.audit_clean();
}
