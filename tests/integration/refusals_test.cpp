// What is refused, with which code, and that it costs nobody anything.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

TEST_CASE("purchases that are refused charge nothing") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& c = town.add_home("C");
  town.befriend(b, c);
  const Json film = town.publish(a, town.make_file("film.bin", 500'000, 1), "3.50 EUR");
  const std::string offer = film.at("offer");

  SUBCASE("insufficient funds") {
    town.deposit(b, "3.49 EUR", "almost");
    b.refused({"buy", offer}, "insufficient_funds");
    b.refused({"gift", "send", offer, "--to", "C"}, "insufficient_funds");
    CHECK(balance(b) == 349);
    // After the refusal a deposit makes the same purchase good.
    town.deposit(b, "0.01 EUR", "the missing cent");
    b.ok({"buy", offer, "--keep-voucher"});
    CHECK(balance(b) == 0);
  }
  SUBCASE("unknown offer") {
    town.deposit(b, "10.00 EUR", "x");
    b.refused({"buy", std::string(64, '7')}, "unknown_offer");
    CHECK(balance(b) == 1000);
  }
  SUBCASE("no complete source online") {
    town.deposit(b, "10.00 EUR", "x");
    CHECK(a.daemon().stop() == 0);
    b.refused({"buy", offer}, "no_source");
    CHECK(balance(b) == 1000);
    a.start();
    eventually("A is a source again", 60, [&] {
      return b.hearth({"buy", offer, "--keep-voucher"}).exit_code == 0;
    });
    CHECK(balance(b) == 650);
  }
  SUBCASE("an offer that has ended") {
    a.ok({"library", "add", town.make_file("old.bin", 70'000, 2).string()});
    const Json old =
        a.ok({"publish", "old.bin", "--price", "1.00 EUR", "--sold-until", "2020-01-01"});
    town.deposit(b, "10.00 EUR", "x");
    b.refused({"buy", old.at("offer")}, "offer_ended");
    CHECK(balance(b) == 1000);
  }
  SUBCASE("not to be given away") {
    a.ok({"library", "add", town.make_file("mine.bin", 70'000, 3).string()});
    const Json mine = a.ok({"publish", "mine.bin", "--price", "1.00 EUR", "--not-giftable"});
    town.deposit(b, "10.00 EUR", "x");
    b.refused({"gift", "send", mine.at("offer"), "--to", "C"}, "not_giftable");
    CHECK(balance(b) == 1000);
  }
  SUBCASE("amounts that are none") {
    const std::string home = b.ok({"id"}).at("home");
    for (const char* amount : {"0.00 EUR", "-1.00 EUR", "1.005 EUR", "1.00 QQQ",
                               "99999999999999999999.00 EUR", "EUR", "1,00 EUR"}) {
      const Outcome outcome = town.operate({"deposit", home, amount, "--reference", "x"});
      CHECK_MESSAGE(outcome.exit_code == 1, amount, ": ", outcome.out);
    }
    CHECK(balance(b) == 0);
  }
  town.audit_clean();
}

TEST_CASE("a wrong pin stops with a sentence, and nothing is made") {
  Town town;
  std::string card = town.card();
  const auto pin = card.find("pin=") + 4;
  SUBCASE("damaged in copying") {
    card[pin] = card[pin] == 'A' ? 'B' : 'A';
    const Outcome outcome = run({bin("hearth"), "--data", (town.dir() / "x").string(), "--json",
                                 "init", "--ledger", card, "--name", "X"});
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.json().at("code") == "bad_card");
  }
  SUBCASE("another ledger answers at that address") {
    Town other;
    // The other ledger's card with this town's URL: well-formed, but the server is not the one.
    const auto url_of = [](const std::string& text) {
      const auto from = text.find("url=") + 4;
      return text.substr(from, text.find('&', from) - from);
    };
    Home& home = other.add_home("H");
    CHECK(home.daemon().stop() == 0);
    CHECK(other.ledger().stop() == 0);
    // A server with another certificate takes over the port.
    const std::string address = [&] {
      std::string url = url_of(other.card());
      const auto scheme = url.find("127.0.0.1");
      std::string rest = url.substr(scheme);
      if (const auto colon = rest.find("%3A"); colon != std::string::npos)
        rest.replace(colon, 3, ":");
      return rest.substr(0, rest.find_first_not_of("0123456789.:"));
    }();
    Daemon impostor(
        "impostor",
        {bin("hearth-ledgerd"), "--data", (other.dir() / "impostor").string(), "--listen", address},
        other.dir() / "impostor.log");
    impostor.start();
    eventually("the impostor listens", 20,
               [&] { return fs::exists(other.dir() / "impostor" / "admin.sock"); });
    home.start();
    home.refused({"wallet", "balance"}, "wrong_pin");
    CHECK(home.ok({"status"}).at("ledger").at("reachable") == false);
  }
  CHECK_FALSE(fs::exists(town.dir() / "x"));
}

TEST_CASE("hostile names never reach a path or a terminal") {
  Town town;
  Home& a = town.add_home("A");
  for (const char* name : {"..", "../x", "a/b", "a\nb", "a\x1b[31mb",
                           "\xe2\x80\xae"
                           "abc",
                           ""}) {
    const Outcome outcome = run({bin("hearth"), "--data", (town.dir() / "n").string(), "--json",
                                 "init", "--ledger", town.card(), "--name", name});
    CHECK_MESSAGE(outcome.exit_code != 0, "accepted as a home's name: ", name);
    CHECK_FALSE(fs::exists(town.dir() / "n"));
  }
  const fs::path odd = town.dir() / "a\x1b[31m\n.bin";
  std::ofstream(odd) << "content";
  a.refused({"library", "add", odd.string()}, "name_refused");
  a.refused({"library", "add", (town.dir() / "missing.bin").string()}, "not_found");
  CHECK(a.ok({"library", "list"}).at("items").empty());
}

TEST_CASE("local mistakes") {
  Town town;
  Home& a = town.add_home("A");
  a.refused({"publish", "nothing.bin", "--price", "1.00 EUR"}, "not_found");
  a.refused({"play", "nothing"}, "not_found");
  a.refused({"contacts", "add", "hearth:card?d=rubbish"}, "bad_card");
  a.refused({"contacts", "add", a.ok({"contacts", "card"}).at("card")}, "bad_card");
  a.refused({"gift", "accept", "0123456789abcdef"}, "unknown_gift");
  a.refused({"gift", "send", "x", "--to", "Nobody"}, "unknown_contact");
  SUBCASE("a second daemon on one directory") {
    const Outcome second = run({bin("hearthd"), "--data", a.dir().string(), "--player", "none"});
    CHECK(second.exit_code == 1);
    CHECK(second.err.find("in use by process") != std::string::npos);
    const Outcome ledger = run(
        {bin("hearth-ledgerd"), "--data", town.ledger_dir().string(), "--listen", "127.0.0.1:0"});
    CHECK(ledger.exit_code == 1);
  }
  SUBCASE("a directory that others can read") {
    CHECK(a.daemon().stop() == 0);
    fs::permissions(a.dir(), fs::perms::group_read | fs::perms::group_exec, fs::perm_options::add);
    const Outcome open = run({bin("hearthd"), "--data", a.dir().string(), "--player", "none"});
    CHECK(open.exit_code == 1);
    CHECK(open.err.find("chmod") != std::string::npos);
  }
  SUBCASE("wrong usage is exit 2") {
    CHECK(run({bin("hearth"), "--data", a.dir().string(), "gift", "send"}).exit_code == 2);
    CHECK(run({bin("hearth"), "frobnicate"}).exit_code == 2);
    CHECK(run({bin("hearth-ledger"), "deposit"}).exit_code == 2);
  }
}
