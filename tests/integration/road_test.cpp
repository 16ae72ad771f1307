// The main job between real daemons: publish, mirror, pay, give, fetch, redeem.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

TEST_CASE("a film goes from A to C, paid by B, served by the seed alone") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& c = town.add_home("C");
  Home& seed = town.add_seed("seed");
  town.befriend(b, c);

  const fs::path film = town.make_file("film.bin", 3'000'000, 1);
  const Json published = town.publish(a, film, "3.50 EUR");
  const std::string offer = published.at("offer");
  CHECK(published.at("size") == 3'000'000);
  eventually("the seed mirrors it", 60, [&] { return mirrored(seed) == 1; });

  town.deposit(b, "20.00 EUR", "first deposit");
  CHECK(balance(b) == 2000);
  const Json sent = b.ok({"gift", "send", offer, "--to", "C", "--note", "For you"});
  CHECK(sent.at("paid").at("minor") == 350);
  CHECK(balance(b) == 1650);
  CHECK(balance(a) == 0);  // escrow, until it is redeemed

  eventually("the gift waits at C", 30, [&] {
    const Json it = gift(c, "received", "film.bin");
    return !it.is_null() && it.at("state") == "waiting";
  });
  const Json waiting = gift(c, "received", "film.bin");
  CHECK(waiting.at("contact") == "B");
  CHECK(waiting.at("known") == true);
  CHECK(waiting.at("note") == "For you");
  CHECK(waiting.at("size") == 3'000'000);

  CHECK(a.daemon().stop() == 0);
  c.ok({"gift", "accept", waiting.at("gift")});
  eventually("C has the film and its key", 60, [&] { return complete_with_key(c, "film.bin"); });
  eventually("B knows that it was fetched", 30,
             [&] { return gift(b, "sent", "film.bin").at("state") == "fetched"; });

  a.start();
  CHECK(sold(a, 350, 1));
  CHECK(balance(b) == 1650);
  CHECK(balance(c) == 0);
  town.audit_clean();

  SUBCASE("a private title takes the same road with no price and no catalogue") {
    const fs::path video = town.make_file("birthday.bin", 700'000, 2);
    a.ok({"library", "add", video.string()});
    const Json made = a.ok({"publish", "birthday.bin", "--price", "0.00 EUR", "--private"});
    CHECK_FALSE(made.contains("offer"));
    CHECK(b.ok({"catalogue", "birthday"}).at("offers").empty());
    town.befriend(a, c);
    a.ok({"gift", "send", made.at("title"), "--to", "C"});
    eventually("it waits at C", 30, [&] { return !gift(c, "received", "birthday.bin").is_null(); });
    const Json it = gift(c, "received", "birthday.bin");
    CHECK(it.at("private") == true);
    c.ok({"gift", "accept", it.at("gift")});
    eventually("C has it", 60, [&] { return complete_with_key(c, "birthday.bin"); });
    town.audit_clean();
  }

  SUBCASE("a declined gift's voucher comes back and can be given again") {
    b.ok({"gift", "send", offer, "--to", "C"});
    CHECK(balance(b) == 1300);
    std::string id;
    eventually("the second gift waits", 30, [&] {
      for (const Json& one : rows(c.ok({"gift", "list"}), "gifts")) {
        if (one.at("state") == "waiting") id = one.at("gift");
      }
      return !id.empty();
    });
    c.ok({"gift", "decline", id, "--reason", "We have it already"});
    eventually("the voucher is back", 30, [&] { return vouchers(b, "held") == 1; });
    b.ok({"gift", "send", offer, "--to", "C"});
    CHECK(balance(b) == 1300);  // nothing was paid again
    CHECK(vouchers(b, "held") == 0);
    town.audit_clean();
  }

  SUBCASE("B buys for itself and fetches from A") {
    b.ok({"buy", offer});
    eventually("B has it", 60, [&] { return complete_with_key(b, "film.bin"); });
    CHECK(balance(b) == 1300);
    CHECK(sold(a, 350, 2));
    town.audit_clean();
  }
}

TEST_CASE("deposits: the same reference again is the same deposit") {
  Town town;
  Home& b = town.add_home("B");
  town.deposit(b, "20.00 EUR", "statement 7, line 3");
  town.deposit(b, "20.00 EUR", "statement 7, line 3");
  CHECK(balance(b) == 2000);
  town.deposit(b, "20.00 EUR", "statement 7, line 4");
  CHECK(balance(b) == 4000);
  town.audit_clean();
}

TEST_CASE("everything survives a restart of everything") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  const Json published = town.publish(a, town.make_file("song.bin", 400'000, 3), "0.99 EUR");
  town.deposit(b, "1.00 EUR", "x1");
  b.ok({"buy", published.at("offer"), "--keep-voucher"});
  CHECK(vouchers(b, "held") == 1);
  CHECK(b.daemon().stop() == 0);
  CHECK(a.daemon().stop() == 0);
  CHECK(town.ledger().stop() == 0);
  // The books can be read while the ledger is stopped, and say the same.
  town.audit_clean();
  town.start_ledger();
  a.start();
  b.start();
  CHECK(vouchers(b, "held") == 1);
  CHECK(balance(b) == 1);
  b.ok({"buy", published.at("offer")});
  eventually("B has it, with the voucher it held", 60,
             [&] { return complete_with_key(b, "song.bin"); });
  CHECK(balance(b) == 1);
  CHECK(sold(a, 99, 1));
  town.audit_clean();
}

TEST_CASE("logs and the ledger's store name no key, voucher or receiving home") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& c = town.add_home("C");
  town.befriend(b, c);
  const Json published = town.publish(a, town.make_file("film.bin", 300'000, 4), "1.00 EUR");
  town.deposit(b, "5.00 EUR", "x1");
  b.ok({"gift", "send", published.at("offer"), "--to", "C"});
  eventually("it waits", 30, [&] { return !gift(c, "received", "film.bin").is_null(); });
  c.ok({"gift", "accept", gift(c, "received", "film.bin").at("gift")});
  eventually("C has it", 60, [&] { return complete_with_key(c, "film.bin"); });
  const std::string receiver = c.ok({"id"}).at("home");
  for (const auto& log : {"ledger.log", "A.log", "B.log", "C.log"}) {
    std::ifstream in(town.dir() / log);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    CHECK_FALSE(text.empty());
    CHECK_MESSAGE(text.find("home1") == std::string::npos, log, " names a home");
    CHECK_MESSAGE(text.find("AGE-SECRET-KEY") == std::string::npos, log, " holds a key");
  }
}
