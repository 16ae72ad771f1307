// A home's machine burns; the seed line and the ledger's card bring it back.
#include <doctest/doctest.h>

#include "common/base/files.h"
#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;
using hearth::as_bytes;

namespace {

/// `hearth wallet restore` on an empty directory, with the card of that town's ledger.
Outcome restored(const Town& town, const fs::path& dir, const std::string& seed_line,
                 const std::string& environment = "") {
  const fs::path in = dir.string() + ".line", ledger = dir.string() + ".card";
  REQUIRE(hearth::write_file_atomic(in, as_bytes(seed_line), 0600));
  REQUIRE(hearth::write_file_atomic(ledger, as_bytes(town.card()), 0600));
  return run({"sh", "-c",
              environment + " exec " + bin("hearth") + " --data " + dir.string() +
                  " --json wallet restore --ledger " + ledger.string() + " --name B2 < " +
                  in.string()});
}

/// A home that bought, redeemed, received, keeps a voucher, and had a refund.
struct Lived {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& c = town.add_home("C");
  std::string film, song;
  std::string line;

  Lived() {
    film = town.publish(a, town.make_file("film.bin", 300'000, 7), "3.50 EUR").at("offer");
    song = town.publish(a, town.make_file("song.bin", 200'000, 8), "1.00 EUR").at("offer");
    town.deposit(b, "20.00 EUR", "cash 1");
    town.deposit(c, "20.00 EUR", "cash 2");
    eventually("both have a source", 60, [this] {
      const Json offers = rows(b.ok({"catalogue"}), "offers");
      return offers.size() == 2 && offers.at(0).at("complete_sources") >= 1 &&
             offers.at(1).at("complete_sources") >= 1;
    });
    b.ok({"buy", film});
    eventually("B has the film", 60, [this] { return complete_with_key(b, "film.bin"); });
    // A gift card from C: exchanged, redeemed.
    const std::string card = c.ok({"gift", "card", song}).at("text");
    b.ok({"gift", "claim", card});
    eventually("B has the song", 60, [this] { return complete_with_key(b, "song.bin"); });
    const std::string back = b.ok({"buy", film, "--keep-voucher"}).at("voucher");
    b.ok({"wallet", "refund", back});
    b.ok({"buy", song, "--keep-voucher"});
    line = b.ok({"wallet", "seed"}).at("line");
    CHECK(balance(b) == 2000 - 350 - 100);
  }
  Outcome restore(const fs::path& dir, const std::string& seed_line,
                  const std::string& environment = "") const {
    return restored(town, dir, seed_line, environment);
  }
  void must_be_whole(Home& home) {
    CHECK(balance(home) == 2000 - 350 - 100);
    CHECK(vouchers(home, "held") == 1);
    CHECK(vouchers(home, "refunded") == 1);
    CHECK(vouchers(home, "redeemed") == 2);
    for (const char* name : {"film.bin", "song.bin"}) {
      const Json before = transfer(home, name);
      REQUIRE_FALSE(before.is_null());
      CHECK(before.at("has_key") == true);
      CHECK(before.at("complete") == false);
      CHECK(before.at("state") == "removed");
      home.ok({"library", "fetch", name});
      eventually("it is fetched again", 60, [&] { return complete_with_key(home, name); });
    }
    CHECK(balance(home) == 2000 - 350 - 100);
    CHECK(rows(home.ok({"wallet", "history"}), "pending").empty());
  }
};

}  // namespace

TEST_CASE("everything that was paid for comes back on an empty machine") {
  Lived world;
  world.b.daemon().kill9();
  const fs::path dir = world.town.dir() / "B2";
  const Outcome outcome = world.restore(dir, world.line);
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.err);
  const Json found = outcome.json();
  CHECK(found.at("titles") == 2);
  CHECK(found.at("held") == 1);
  CHECK(found.at("purchases") == 3);
  CHECK(found.at("exchanges") == 1);

  Home again("B2", dir, {"--swarm-listen", "127.0.0.1:0", "--player", "none"});
  again.start();
  CHECK(again.ok({"id"}).at("home") == found.at("home"));
  world.must_be_whole(again);
  CHECK(sold(world.a, 350, 1) == false);  // 350 and 100: one film and one song
  CHECK(balance(world.a) == 450 - 450 * 5 / 100);

  // The new machine buys under numbers that were never used.
  const Json bought = again.ok({"buy", world.film, "--keep-voucher"});
  CHECK(bought.at("paid").at("minor") == 350);
  CHECK(balance(again) == 2000 - 350 - 100 - 350);
  // The old machine, were it found again, may not.
  world.b.start();
  world.b.refused({"buy", world.film, "--keep-voucher"}, "unknown_device");
  CHECK(balance(again) == 2000 - 350 - 100 - 350);
  world.town.audit_clean();
}

TEST_CASE("contacts come back with a home, and whom it had blocked stays out") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& c = town.add_home("C");
  for (Home* one : {&a, &c}) {
    const fs::path file = town.make_file(one->name() + ".bin", 60'000, 5);
    one->ok({"library", "add", file.string()});
    one->ok({"publish", file.filename().string(), "--private"});
    town.befriend(*one, b);
  }
  b.ok({"contacts", "mute", "A"});
  CHECK(b.ok({"contacts", "block", "C"}).at("ready") == true);
  const std::string line = b.ok({"wallet", "seed"}).at("line");
  b.daemon().kill9();
  const fs::path dir = town.dir() / "B2";
  const Outcome outcome = restored(town, dir, line);
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.err);
  CHECK(outcome.json().at("contacts") == 2);

  Home again("B2", dir, {"--swarm-listen", "127.0.0.1:0", "--player", "none"});
  again.start();
  for (const Json& one : rows(again.ok({"contacts", "list"}), "contacts")) {
    CHECK(one.at("state") == (one.at("name") == "A" ? "confirmed" : "blocked"));
    CHECK(one.at("muted") == (one.at("name") == "A"));
  }
  // By the cards that they have of before: one of them arrives, the other's is refused.
  a.ok({"gift", "send", "A.bin", "--to", "B"});
  c.ok({"gift", "send", "C.bin", "--to", "B"});
  eventually("A's gift is there", 30, [&] { return !gift(again, "received", "A.bin").is_null(); });
  eventually("C's gift is refused", 30,
             [&] { return gift(c, "sent", "C.bin").at("state") == "returned"; });
  CHECK(gift(again, "received", "C.bin").is_null());
}

TEST_CASE("a restore that dies goes on where it was") {
  Lived world;
  world.b.daemon().kill9();
  const fs::path dir = world.town.dir() / "B2";
  for (const char* point :
       {"recovery.purchase.after_commit:2", "recovery.voucher.after_commit:2"}) {
    CAPTURE(point);
    const Outcome died = world.restore(dir, world.line, std::string("HEARTH_CRASH_AT=") + point);
    CHECK(died.exit_code != 0);
    Home early("early", dir, {"--swarm-listen", "127.0.0.1:0", "--player", "none"});
    const Outcome daemon = run({bin("hearthd"), "--data", dir});
    CHECK(daemon.exit_code == 1);
    CHECK(daemon.err.find("wallet restore") != std::string::npos);
  }
  const Outcome outcome = world.restore(dir, "");
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.err);
  CHECK(outcome.json().at("titles") == 2);
  Home again("B2", dir, {"--swarm-listen", "127.0.0.1:0", "--player", "none"});
  again.start();
  world.must_be_whole(again);
  world.town.audit_clean();
}

TEST_CASE("a wrong line, another ledger or a home that is there restore nothing") {
  Town town;
  Home& b = town.add_home("B");
  Town elsewhere;
  const std::string line = b.ok({"wallet", "seed"}).at("line");
  const fs::path dir = town.dir() / "B2";
  const auto restore = [](const fs::path& where, const std::string& text, const Town& of) {
    const Outcome outcome = restored(of, where, text);
    CHECK(outcome.exit_code == 1);
    return outcome.json().at("code").get<std::string>();
  };
  std::string mistyped = line;
  mistyped[40] = mistyped[40] == 'q' ? 'p' : 'q';
  CHECK(restore(dir, mistyped, town) == "bad_seed_line");
  CHECK(restore(dir, line.substr(0, 60), town) == "bad_seed_line");
  CHECK(restore(dir, "", town) == "bad_seed_line");
  CHECK(restore(dir, line, elsewhere) == "unknown_account");
  CHECK_FALSE(fs::exists(dir / "wallet.seed"));
  CHECK(restore(b.dir(), line, town) == "already_initialised");
}

TEST_CASE("two machines with one copied directory never pay twice for one purchase") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  const std::string film =
      town.publish(a, town.make_file("film.bin", 300'000, 7), "3.50 EUR").at("offer");
  const std::string song =
      town.publish(a, town.make_file("song.bin", 200'000, 8), "1.00 EUR").at("offer");
  town.deposit(b, "20.00 EUR", "cash 1");
  eventually("both have a source", 60, [&] {
    const Json offers = rows(b.ok({"catalogue"}), "offers");
    return offers.size() == 2 && offers.at(0).at("complete_sources") >= 1 &&
           offers.at(1).at("complete_sources") >= 1;
  });
  CHECK(b.daemon().stop() == 0);
  const fs::path copy = town.dir() / "copy";
  fs::copy(b.dir(), copy, fs::copy_options::recursive);
  fs::permissions(copy, fs::perms::owner_all);
  b.start();
  Home twin("twin", copy, {"--swarm-listen", "127.0.0.1:0", "--player", "none"});
  twin.start();
  b.ok({"buy", film, "--keep-voucher"});
  // The number is taken; the next one is not.
  const Json bought = twin.ok({"buy", song, "--keep-voucher"});
  CHECK(bought.at("paid").at("minor") == 100);
  CHECK(balance(b) == 2000 - 350 - 100);
  CHECK(vouchers(b, "held") == 1);
  CHECK(vouchers(twin, "held") == 1);
  twin.ok({"buy", film, "--keep-voucher"});
  CHECK(balance(b) == 2000 - 350 - 100 - 350);
  town.audit_clean();
}
