// Nobody pays for nothing: whatever fails on the way, the money, the voucher and the title end
// where docs/protocol.md §13 says. Crashes, rotten copies and full disks are in crash_test.cpp and
// mishaps_test.cpp; here it is the swarm, the receiver's own changes of mind, and lost answers.
#include <doctest/doctest.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"
#include "tests/support/relay.h"

using namespace hearth::test;

namespace {

constexpr std::int64_t price = 350;

std::string only_voucher(const Home& home) {
  const Json all = rows(home.ok({"wallet", "vouchers"}), "vouchers");
  REQUIRE(all.size() == 1);
  return all.at(0).at("voucher");
}

std::uint64_t bytes_here(const Home& home, const std::string& name) {
  const Json one = transfer(home, name);
  return one.is_null() ? 0 : one.at("done_bytes").get<std::uint64_t>();
}

/// A ledger with a relay before it; B and C come through the relay, A does not.
struct Market {
  Town town;
  Relay relay{town.ledger_dir(), town.port()};
  Place through;
  Home* a = nullptr;
  Home* b = nullptr;
  std::string offer;

  explicit Market(std::uint64_t size = 300'000, const std::vector<std::string>& b_flags = {}) {
    through.card = town.card_with_url("https://127.0.0.1:" + std::to_string(relay.port()));
    a = &town.add_home("A");
    offer = town.publish(*a, town.make_file("film.bin", size, 41), "3.50 EUR").at("offer");
    b = &town.add_home("B", b_flags, through);
    town.deposit(*b, "20.00 EUR", "x1");
  }
  /// Loses the answers to the next `count` requests that begin so, and says how many were.
  void lose(const std::string& request, int count = 2) { relay.lose_answers(request, count); }
  void lost(int count) {
    eventually("the answers were lost", 60, [this, count] { return relay.lost() == count; });
  }
  std::size_t answered(const std::string& request) const {
    std::size_t count = 0;
    for (const auto& talk : relay.talks())
      count += talk.asked.starts_with(request) && !talk.answered.empty();
    return count;
  }
};

}  // namespace

TEST_CASE("the swarm gives nothing: the voucher is not spent, and comes back as money") {
  Market market;
  Home &a = *market.a, &b = *market.b;
  a.daemon().kill9();  // the tracker still believes in it
  b.ok({"buy", market.offer});
  CHECK(balance(b) == 2000 - price);
  eventually("B wants the film", 30, [&] {
    const Json one = transfer(b, "film.bin");
    return !one.is_null() && one.at("state") == "fetching";
  });
  CHECK(bytes_here(b, "film.bin") == 0);
  CHECK(vouchers(b, "redeeming") == 1);

  const Json back = b.ok({"wallet", "refund", only_voucher(b)});
  CHECK(back.at("refunded").at("minor") == price);
  CHECK(balance(b) == 2000);
  CHECK(vouchers(b, "refunded") == 1);
  CHECK(transfer(b, "film.bin").at("state") == "failed");

  // The seller comes back: what was called off stays so, and can be bought again.
  a.start();
  eventually("the film has a source again", 60, [&] {
    b.hearth({"buy", market.offer});
    return complete_with_key(b, "film.bin");
  });
  CHECK(balance(b) == 2000 - price);
  CHECK(sold(a, price, 1));
  market.town.audit_clean();
}

TEST_CASE("the source dies after the first piece: paid once, and whole when it is back") {
  Market market(8'000'000, {"--download-limit", "200000"});
  Home &a = *market.a, &b = *market.b;
  b.ok({"buy", market.offer});
  eventually("a little of it is here, and its key", 60, [&] {
    const Json one = transfer(b, "film.bin");
    return !one.is_null() && one.at("has_key") == true && one.at("done_bytes") > 0;
  });
  a.daemon().kill9();
  CHECK_FALSE(complete_with_key(b, "film.bin"));
  CHECK(balance(b) == 2000 - price);
  const std::string said = b.refused({"wallet", "refund", only_voucher(b)}, "gift_state");
  CHECK_MESSAGE(said.find("redeemed") != std::string::npos, said);
  CHECK(b.daemon().stop() == 0);
  b.start();
  a.start();
  eventually("B has all of it", 180, [&] { return complete_with_key(b, "film.bin"); });
  CHECK(balance(b) == 2000 - price);
  CHECK(sold(a, price, 1));
  market.town.audit_clean();
}

TEST_CASE("deleted at home, fetched again without paying") {
  Market market;
  Home &a = *market.a, &b = *market.b;
  b.ok({"buy", market.offer});
  eventually("B has it", 60, [&] { return complete_with_key(b, "film.bin"); });
  const Json removed = b.ok({"library", "remove", "film.bin"});
  CHECK(removed.at("complete") == false);
  CHECK(removed.at("has_key") == true);
  const fs::path data = b.dir() / "titles" / removed.at("title").get<std::string>();
  CHECK_FALSE(fs::exists(data));

  // It stays deleted, over a restart too, and the same command again is no error.
  CHECK(b.daemon().stop() == 0);
  b.start();
  CHECK_FALSE(fs::exists(data));
  b.ok({"library", "remove", "film.bin"});

  b.ok({"library", "fetch", "film.bin"});
  eventually("B has it again", 60, [&] { return complete_with_key(b, "film.bin"); });
  CHECK(fs::exists(data));
  CHECK(b.ok({"library", "fetch", "film.bin"}).at("complete") == true);

  // So does who buys it, being told that it is on its way.
  b.ok({"library", "remove", "film.bin"});
  CHECK(b.ok({"buy", market.offer}).at("paid").at("minor") == 0);
  eventually("B has it once more", 60, [&] { return complete_with_key(b, "film.bin"); });
  CHECK(balance(b) == 2000 - price);
  CHECK(sold(a, price, 1));

  a.refused({"library", "remove", "film.bin"}, "usage");
  b.refused({"library", "remove", "no such film"}, "not_found");
  b.refused({"library", "fetch", "no such film"}, "not_found");
  market.town.audit_clean();
}

TEST_CASE("a title that opens later is fetched, and its voucher can be had back until then") {
  Market market;
  Home &a = *market.a, &b = *market.b;
  const Json later = market.town.publish(a, market.town.make_file("later.bin", 200'000, 5),
                                         "2.00 EUR", {"--not-before", "2099-12-24"});
  const std::string voucher = b.ok({"buy", later.at("offer")}).at("voucher");
  eventually("it is here, and closed", 60, [&] {
    const Json one = transfer(b, "later.bin");
    return !one.is_null() && one.at("complete") == true && one.contains("problem") &&
           one.at("problem").at("code") == "not_yet";
  });
  CHECK(transfer(b, "later.bin").at("has_key") == false);
  CHECK(b.ok({"wallet", "refund", voucher}).at("refunded").at("minor") == 200);
  CHECK(balance(b) == 2000);
  CHECK(sold(a, price, 0));
  market.town.audit_clean();
}

TEST_CASE("answers that are lost: each request is known again, and nothing happens twice") {
  Market market;
  Town& town = market.town;
  Home &a = *market.a, &b = *market.b;
  SUBCASE("a purchase") {
    market.lose("POST /v1/purchases");
    b.ok({"buy", market.offer});
    market.lost(2);
    eventually("B has the film", 60, [&] { return complete_with_key(b, "film.bin"); });
    CHECK(sold(a, price, 1));
    CHECK(balance(b) == 2000 - price);
  }
  SUBCASE("a redemption") {
    market.lose("POST /v1/redemptions");
    b.ok({"buy", market.offer});
    market.lost(2);
    eventually("B has the film", 60, [&] { return complete_with_key(b, "film.bin"); });
    CHECK(vouchers(b, "redeemed") == 1);
    CHECK(sold(a, price, 1));
  }
  SUBCASE("a torrent") {
    market.lose("GET /v1/torrents/");
    b.ok({"buy", market.offer});
    market.lost(2);
    eventually("B has the film", 60, [&] { return complete_with_key(b, "film.bin"); });
    CHECK(balance(b) == 2000 - price);
  }
  SUBCASE("a refund") {
    b.ok({"buy", market.offer, "--keep-voucher"});
    market.lose("POST /v1/refunds");
    CHECK(b.ok({"wallet", "refund", only_voucher(b)}).at("refunded").at("minor") == price);
    market.lost(2);
    CHECK(balance(b) == 2000);
    CHECK(vouchers(b, "refunded") == 1);
  }
  SUBCASE("a transfer between pockets") {
    market.lose("POST /v1/transfers");
    b.ok({"wallet", "transfer", "1.00 EUR", "--to", "7"});
    market.lost(2);
    CHECK(balance(b) == 1900);
  }
  SUBCASE("a gift's drop, and its answer's") {
    Home& c = town.add_home("C", {}, market.through);
    town.befriend(b, c);
    market.lose("POST /v1/mailboxes/", 2);
    b.ok({"gift", "send", market.offer, "--to", "C"});
    market.lost(2);
    eventually("it waits at C", 60, [&] { return !gift(c, "received", "film.bin").is_null(); });
    market.lose("POST /v1/mailboxes/", 1);
    c.ok({"gift", "accept", gift(c, "received", "film.bin").at("gift")});
    eventually("C has it", 60, [&] { return complete_with_key(c, "film.bin"); });
    eventually("B hears of it", 60,
               [&] { return gift(b, "sent", "film.bin").at("state") == "fetched"; });
    market.lost(3);
    CHECK(rows(c.ok({"gift", "list"}), "gifts").size() == 1);
    CHECK(balance(b) == 2000 - price);
    CHECK(sold(a, price, 1));
  }
  SUBCASE("an exchange on receipt") {
    Home& c = town.add_home("C", {}, market.through);
    town.befriend(b, c);
    b.ok({"gift", "send", market.offer, "--to", "C"});
    eventually("it waits at C", 60, [&] { return !gift(c, "received", "film.bin").is_null(); });
    market.lose("POST /v1/exchanges");
    c.ok({"gift", "accept", gift(c, "received", "film.bin").at("gift")});
    market.lost(2);
    eventually("C has it", 60, [&] { return complete_with_key(c, "film.bin"); });
    CHECK(vouchers(c, "redeemed") == 1);
    CHECK(vouchers(c, "held") == 0);
    CHECK(balance(b) == 2000 - price);
    CHECK(sold(a, price, 1));
  }
  SUBCASE("a home's registration") {
    // Of init and of the first start; the one that is lost is the second start's.
    eventually("B is registered", 60, [&] { return market.answered("POST /v1/homes") == 2; });
    market.lose("POST /v1/homes", 1);
    b.daemon().stop();
    b.start();
    market.lost(1);
    b.ok({"buy", market.offer});
    eventually("B has the film", 60, [&] { return complete_with_key(b, "film.bin"); });
    CHECK(balance(b) == 2000 - price);
  }
  SUBCASE("a torrent and an offer of one's own") {
    const fs::path song = town.make_file("song.bin", 200'000, 42);
    market.lose("POST /v1/torrents", 1);
    market.lose("POST /v1/offers", 1);
    b.ok({"library", "add", song.string()});
    const auto offered = [&] {
      const Outcome outcome = b.hearth({"publish", "song.bin", "--price", "1.00 EUR"});
      return outcome.exit_code == 0;
    };
    eventually("the song is offered", 60, offered);
    market.lost(2);
    CHECK(rows(a.ok({"catalogue", "song"}), "offers").size() == 1);
  }
  town.audit_clean();
}

TEST_CASE("the relay is the ledger to a home only while it has the ledger's key") {
  Town town;
  Town elsewhere;
  Relay stranger(elsewhere.ledger_dir(), town.port());
  const Outcome made = run(
      {bin("hearth"), "--data", (town.dir() / "B").string(), "--json", "init", "--ledger",
       town.card_with_url("https://127.0.0.1:" + std::to_string(stranger.port())), "--name", "B"});
  CHECK(made.exit_code == 1);
  CHECK(made.json().at("code") == "wrong_pin");
}
