// Homes among each other: who is whose contact, what a home lets in, who may spend and see what.
#include <ctime>

#include <doctest/doctest.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {

std::string contact_state(const Home& home, const std::string& name) {
  for (const Json& one : rows(home.ok({"contacts", "list"}), "contacts")) {
    if (one.at("name") == name) return one.at("state");
  }
  return "unknown";
}

std::string card_of(const Home& home) {
  return home.ok({"contacts", "card"}).at("card");
}

std::string gift_state(const Home& home, const std::string& direction, const std::string& name) {
  const Json one = gift(home, direction, name);
  return one.is_null() ? "none" : one.at("state").get<std::string>();
}

void publish_private(Home& home, const fs::path& file) {
  home.ok({"library", "add", file.string()});
  home.ok({"publish", file.filename().string(), "--private"});
}

bool lists(const Json& document, const char* field, const std::string& name) {
  for (const Json& one : rows(document, field)) {
    if (one.at("name") == name) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("one home asks, the other's people say yes, and one of them leaves again") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  publish_private(a, town.make_file("holiday.bin", 300'000, 1));
  a.ok({"contacts", "add", card_of(b), "--note", "From next door"});
  CHECK(contact_state(a, "B") == "invited");
  eventually("B is asked", 30, [&] { return contact_state(b, "A") == "asked"; });
  const std::string sold =
      town.publish(a, town.make_file("song.bin", 60'000, 2), "1.00 EUR").at("offer");
  a.refused({"gift", "wish", sold, "--to", "B"}, "contact_pending");  // nobody would hear it
  CHECK(rows(b.ok({"contacts", "list"}), "contacts").at(0).at("note") == "From next door");
  b.refused({"gift", "wish", std::string(64, '7'), "--to", "A"}, "contact_pending");
  CHECK(b.ok({"contacts", "accept", "A", "--as", "Aunt"}).at("ready") == true);
  eventually("A hears of it", 30, [&] { return contact_state(a, "B") == "confirmed"; });

  b.ok({"contacts", "mute", "Aunt"});
  b.refused({"contacts", "rename", "nobody", "x"}, "unknown_contact");
  b.ok({"contacts", "rename", "Aunt", "Anna"});
  a.ok({"gift", "send", "holiday.bin", "--to", "B"});
  eventually("the gift waits", 30,
             [&] { return gift_state(b, "received", "holiday.bin") == "waiting"; });
  CHECK(gift(b, "received", "holiday.bin").at("contact") == "Anna");

  b.ok({"contacts", "remove", "Anna"});
  eventually("A hears of that too", 30, [&] { return contact_state(a, "B") == "gone"; });
  a.refused({"gift", "send", "holiday.bin", "--to", "B"}, "contact_pending");
}

TEST_CASE("a home that says no stays unknown") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  a.ok({"contacts", "add", card_of(b)});
  eventually("B is asked", 30, [&] { return contact_state(b, "A") == "asked"; });
  b.daemon().kill9();
  b.start();
  CHECK(contact_state(b, "A") == "asked");
  b.ok({"contacts", "decline", "A"});
  CHECK(contact_state(b, "A") == "unknown");
  eventually("A hears of it", 30, [&] { return contact_state(a, "B") == "gone"; });
}

TEST_CASE("a home is found by its devices' addresses, until they are another's") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& c = town.add_home("C");
  publish_private(a, town.make_file("one.bin", 100'000, 1));
  publish_private(a, town.make_file("two.bin", 100'000, 2));
  const std::string mac = "mac:02:00:5e:10:00:01";
  a.refused({"contacts", "add", mac}, "not_found");
  b.ok({"directory", "publish", "ip:127.0.0.1", mac, "esn:TV-4711"});
  CHECK(rows(b.ok({"directory", "show"}), "entries").size() == 3);
  c.refused({"directory", "publish", mac}, "directory_taken");
  CHECK(rows(c.ok({"directory", "show"}), "entries").empty());

  a.ok({"contacts", "add", mac, "--as", "Bob"});
  eventually("B is asked", 30, [&] { return contact_state(b, "A") == "asked"; });
  b.ok({"contacts", "accept", "A"});
  eventually("A hears of it", 30, [&] { return contact_state(a, "Bob") == "confirmed"; });
  for (const char* address : {"esn:TV-4711", "ip:127.0.0.1"}) {
    CAPTURE(address);
    const std::string title = address[0] == 'e' ? "one.bin" : "two.bin";
    CHECK(a.ok({"gift", "send", title, "--to", address}).at("to") == "Bob");
    eventually("it waits at B", 30, [&] { return gift_state(b, "received", title) == "waiting"; });
  }

  b.refused({"directory", "clear", "esn:TV-4711", "esn:ANOTHER"}, "not_found");
  CHECK(rows(b.ok({"directory", "clear", "esn:TV-4711"}), "entries").size() == 2);
  a.refused({"gift", "send", "one.bin", "--to", "esn:TV-4711"}, "not_found");
  b.ok({"directory", "clear"});
  a.refused({"gift", "send", "one.bin", "--to", mac}, "not_found");
  c.ok({"directory", "publish", mac});
  a.refused({"gift", "send", "one.bin", "--to", mac}, "directory_changed");
  CHECK(rows(c.ok({"gift", "list"}), "gifts").empty());
  CHECK(contact_state(c, "A") == "unknown");  // nothing left A
  a.ok({"contacts", "add", mac, "--as", "Cleo", "--accept-change"});
  eventually("C is asked", 30, [&] { return contact_state(c, "A") == "asked"; });
}

TEST_CASE("a blocked home reaches nobody, and what it gave comes back to it") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& c = town.add_home("C");
  town.befriend(a, b);
  town.befriend(c, b);
  town.deposit(a, "10.00 EUR", "x");
  const Json film = town.publish(c, town.make_file("film.bin", 300'000, 1), "2.00 EUR");
  publish_private(a, town.make_file("before.bin", 200'000, 2));
  publish_private(a, town.make_file("after.bin", 200'000, 3));
  publish_private(c, town.make_file("friend.bin", 200'000, 4));

  a.ok({"gift", "send", film.at("offer"), "--to", "B"});
  eventually("the gift waits", 30,
             [&] { return gift_state(b, "received", "film.bin") == "waiting"; });
  CHECK(b.ok({"contacts", "block", "A"}).at("ready") == true);
  CHECK(gift_state(b, "received", "film.bin") == "declined");
  eventually("its voucher is A's again", 60, [&] { return vouchers(a, "held") == 1; });

  a.ok({"gift", "send", "after.bin", "--to", "B"});
  eventually("A's drop is refused", 30,
             [&] { return gift_state(a, "sent", "after.bin") == "returned"; });
  CHECK(contact_state(a, "B") == "confirmed");  // nobody told A

  // The voucher of one that never arrives is A's again, without anybody's doing.
  a.ok({"gift", "send", film.at("offer"), "--to", "B"});
  eventually("the voucher comes back", 60,
             [&] { return vouchers(a, "held") == 1 && vouchers(a, "exchanged") == 2; });
  CHECK(balance(a) == 800);
  c.ok({"gift", "send", "friend.bin", "--to", "B"});
  eventually("C's gift arrives", 30,
             [&] { return gift_state(b, "received", "friend.bin") == "waiting"; });
  CHECK(gift_state(b, "received", "after.bin") == "none");

  b.ok({"contacts", "unblock", "A"});
  eventually("A can give again", 60, [&] {
    a.hearth({"gift", "send", "before.bin", "--to", "B"});
    return gift_state(b, "received", "before.bin") == "waiting";
  });
  town.audit_clean();
}

TEST_CASE("a rule refuses before anything is fetched; the giver hears why and has its voucher") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  town.befriend(a, b);
  town.deposit(a, "10.00 EUR", "x");
  const Json film = town.publish(a, town.make_file("film.bin", 500'000, 1), "2.00 EUR");
  b.ok({"rules", "set", "max-size", "400 kB"});
  b.ok({"rules", "set", "reception", "accept"});
  a.ok({"gift", "send", film.at("offer"), "--to", "B"});
  eventually("A hears of the refusal", 30,
             [&] { return gift_state(a, "sent", "film.bin") == "declined"; });
  CHECK(gift(a, "sent", "film.bin").at("reason") ==
        "This title is larger than what this home takes.");
  CHECK(rows(b.ok({"transfers"}), "transfers").empty());
  CHECK(rows(b.ok({"library", "list"}), "titles").empty());
  CHECK(rows(b.ok({"wallet", "vouchers"}), "vouchers").empty());
  eventually("its voucher is held again", 60, [&] { return vouchers(a, "held") == 1; });

  // Within the rules it is accepted by itself, and nobody has to ask.
  b.ok({"rules", "set", "max-size", "none"});
  a.ok({"gift", "send", film.at("offer"), "--to", "B"});
  eventually("it is fetched by rule", 60, [&] { return complete_with_key(b, "film.bin"); });
  CHECK(balance(a) == 800 + 190);  // paid once, and sold once
  town.audit_clean();
}

TEST_CASE("outside of the hours a gift waits, and is let in when they begin") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  town.befriend(a, b);
  town.deposit(a, "10.00 EUR", "x");
  const Json film = town.publish(a, town.make_file("film.bin", 400'000, 1), "2.00 EUR");
  const Json reel = town.publish(a, town.make_file("reel.bin", 400'000, 2), "2.00 EUR");
  // Never now, whenever this runs: an hour that begins in six hours.
  const std::time_t soon = std::time(nullptr) + 6 * 3600;
  char from[6], to[6];
  std::tm parts{};
  std::strftime(from, sizeof from, "%H:00", localtime_r(&soon, &parts));
  const std::time_t end = soon + 3600;
  std::strftime(to, sizeof to, "%H:00", localtime_r(&end, &parts));
  b.ok({"rules", "set", "reception", "accept"});
  b.ok({"rules", "set", "hours", std::string(from) + "-" + to});
  for (const Json& offer : {film, reel}) a.ok({"gift", "send", offer.at("offer"), "--to", "B"});
  eventually("they wait", 30, [&] {
    return gift_state(b, "received", "film.bin") == "waiting" &&
           gift_state(b, "received", "reel.bin") == "waiting";
  });
  CHECK(rows(b.ok({"transfers"}), "transfers").empty());
  CHECK(vouchers(b, "redeemed") == 0);

  // Room for one of them: the quota is asked as if they came now, one after the other.
  b.ok({"rules", "set", "month-quota", "500 kB"});
  b.ok({"rules", "set", "hours", "always"});
  const auto count = [&](const std::string& state) {
    int sum = 0;
    for (const Json& one : rows(b.ok({"gift", "list"}), "gifts")) sum += one.at("state") == state;
    return sum;
  };
  eventually("one is fetched by rule, one is refused", 60,
             [&] { return count("fetched") == 1 && count("declined") == 1; });
  eventually("its voucher is held again", 60, [&] { return vouchers(a, "held") == 1; });
  town.audit_clean();
}

TEST_CASE("a child's profile neither lists nor plays what is not for it, and a PIN ends it") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B", {"--player", "none"});
  const Json thriller =
      town.publish(a, town.make_file("thriller.bin", 200'000, 1), "1.00 EUR", {"--min-age", "16"});
  const Json cartoon = town.publish(a, town.make_file("cartoon.bin", 200'000, 2), "1.00 EUR");
  town.deposit(b, "10.00 EUR", "x");
  b.ok({"buy", thriller.at("offer")});
  eventually("the thriller is here", 60, [&] { return complete_with_key(b, "thriller.bin"); });
  b.ok({"pin", "set", "--new", "2580"});
  b.refused({"profile", "add", "Mia", "--max-age", "6"}, "pin_needed");
  b.ok({"profile", "add", "Mia", "--max-age", "6", "--pin", "2580"});
  b.ok({"profile", "use", "Mia"});  // seeing less needs no PIN

  CHECK_FALSE(lists(b.ok({"catalogue"}), "offers", "thriller.bin"));
  CHECK(lists(b.ok({"catalogue"}), "offers", "cartoon.bin"));
  CHECK_FALSE(lists(b.ok({"library", "list"}), "titles", "thriller.bin"));
  b.refused({"play", "thriller.bin"}, "rule_refused");
  b.refused({"buy", thriller.at("offer"), "--keep-voucher"}, "rule_refused");
  CHECK(balance(b) == 900);

  b.refused({"profile", "use"}, "pin_needed");
  b.refused({"profile", "use", "--pin", "0000"}, "pin_needed");
  b.ok({"profile", "use", "--pin", "2580"});
  CHECK(lists(b.ok({"library", "list"}), "titles", "thriller.bin"));
  b.refused({"play", "thriller.bin"}, "no_player");
}

TEST_CASE(
    "spending limits hold for purchases and gifts, the PIN lifts them, guessing it does not") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  town.befriend(a, b);
  town.deposit(b, "20.00 EUR", "x");
  const Json one = town.publish(a, town.make_file("one.bin", 100'000, 1), "3.50 EUR");
  const Json two = town.publish(a, town.make_file("two.bin", 100'000, 2), "3.50 EUR");
  b.ok({"rules", "set", "spend-day", "5.00 EUR"});
  b.ok({"buy", one.at("offer"), "--keep-voucher"});
  b.refused({"buy", two.at("offer"), "--keep-voucher"}, "limit_exceeded");
  b.refused({"gift", "send", two.at("offer"), "--to", "A"}, "limit_exceeded");
  CHECK(balance(b) == 1650);
  b.ok({"gift", "send", one.at("offer"), "--to", "A"});  // the held voucher costs nothing again

  b.ok({"pin", "set", "--new", "2580"});
  b.refused({"rules", "set", "spend-day", "none"}, "pin_needed");
  b.refused({"buy", two.at("offer"), "--keep-voucher"}, "pin_needed");
  b.ok({"gift", "send", two.at("offer"), "--to", "A", "--pin", "2580"});
  CHECK(balance(b) == 1300);

  for (int wrong = 0; wrong < 5; ++wrong)
    b.refused({"buy", two.at("offer"), "--keep-voucher", "--pin", "1111"}, "pin_needed");
  b.daemon().kill9();
  b.start();
  const std::string sentence =
      b.refused({"buy", two.at("offer"), "--keep-voucher", "--pin", "2580"}, "pin_needed");
  CHECK(sentence.find("15 minutes") != std::string::npos);
  CHECK(balance(b) == 1300);
  town.audit_clean();
}
