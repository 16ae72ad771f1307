// Gifts between real homes: several titles as one, surprises, times, what comes back and to whom,
// thanks and wishes. Of everybody who ever knew a voucher exactly one ends with it.
#include <chrono>
#include <ctime>
#include <future>
#include <set>

#include <doctest/doctest.h>

#include "tests/integration/display.h"
#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {

/// As a person writes a time, in this machine's zone, with seconds.
std::string in_seconds(int seconds) {
  const std::time_t at =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) + seconds;
  std::tm parts{};
  localtime_r(&at, &parts);
  char out[32];
  std::strftime(out, sizeof out, "%Y-%m-%d %H:%M:%S", &parts);
  return out;
}

fs::path picture(const Town& town) {
  const fs::path file = town.dir() / "cake.png";
  const Outcome made = run({"ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                            "testsrc2=size=1600x1200", "-frames:v", "1", file.string()});
  REQUIRE_MESSAGE(made.exit_code == 0, made.err);
  return file;
}

std::vector<Json> gifts(const Home& home, const std::string& direction) {
  std::vector<Json> out;
  for (const Json& one : rows(home.ok({"gift", "list"}), "gifts")) {
    if (one.at("direction") == direction) out.push_back(one);
  }
  return out;
}

bool all_are(const std::vector<Json>& all, std::size_t count, const std::string& state) {
  std::size_t found = 0;
  for (const Json& one : all) found += one.at("state") == state;
  return all.size() == count && found == count;
}

std::size_t outstanding(const Town& town) {
  return town.operate_ok({"status"}).at("vouchers").at("outstanding").get<std::size_t>();
}

/// A sells, B gives, C receives.
struct Street {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& c = town.add_home("C");
  std::string film, song;
  Street() {
    town.befriend(b, c);
    film = town.publish(a, town.make_file("film.bin", 600'000, 1), "3.50 EUR").at("offer");
    song = town.publish(a, town.make_file("song.bin", 90'000, 2), "1.00 EUR").at("offer");
    town.deposit(b, "20.00 EUR", "pocket money");
  }
  /// B gives the film; the id of the gift once it waits at C.
  std::string given(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"gift", "send", film, "--to", "C"};
    words.insert(words.end(), more.begin(), more.end());
    const std::string id = b.ok(words).at("gift");
    eventually("the gift waits at C", 30, [&] { return state(c, id) == "waiting"; });
    return id;
  }
  static std::string state(const Home& home, const std::string& id) {
    for (const Json& one : rows(home.ok({"gift", "list"}), "gifts")) {
      if (one.at("gift") == id) return one.at("state");
    }
    return {};
  }
};

/// Whose the vouchers of the film are, and how many the ledger's books say there are.
struct Purses {
  std::size_t giver, receiver, redeemed, outstanding;
};

Purses purses(const Street& s) {
  return {vouchers(s.b, "held"), vouchers(s.c, "held"), vouchers(s.c, "redeemed"),
          outstanding(s.town)};
}

/// Giver and receiver both ask for the gift's voucher; returns when both know whose it is.
void contend(Street& s, const std::string& id, bool at_once, bool giver_first) {
  const auto take_back = [&] { return s.b.hearth({"gift", "take-back", id}); };
  const auto accept = [&] { return s.c.hearth({"gift", "accept", id}); };
  const auto ended = [&] {
    const std::string at_b = Street::state(s.b, id), at_c = Street::state(s.c, id);
    const bool to_b = at_b == "taken_back" && at_c == "used_up";
    const bool to_c = (at_b == "accepted" || at_b == "fetched") && at_c == "fetched";
    return to_b || to_c;
  };
  if (at_once) {
    auto back = std::async(std::launch::async, take_back);
    CHECK(accept().exit_code == 0);
    back.get();
  } else if (giver_first) {
    CHECK(take_back().exit_code == 0);
    CHECK(accept().exit_code == 0);
  } else {
    CHECK(accept().exit_code == 0);
    eventually("C has exchanged it", 60, [&] { return Street::state(s.c, id) == "fetched"; });
    take_back();  // B may know by now that it is too late
  }
  eventually("both know how it ended", 60, ended);
}

}  // namespace

TEST_CASE("several titles with a picture and words are one gift") {
  Street s;
  const Json sent =
      s.b.ok({"gift", "send", s.film, s.song, "--to", "C", "--note", "For the weekend", "--picture",
              picture(s.town).string(), "--channel", "Evening", "--at", "2027-01-02 20:15"});
  CHECK(sent.at("paid").at("minor") == 450);
  CHECK(balance(s.b) == 1550);
  REQUIRE(sent.at("gifts").size() == 2);

  eventually("both wait at C", 30, [&] { return all_are(gifts(s.c, "received"), 2, "waiting"); });
  CHECK(s.c.ok({"status"}).at("waiting_gifts") == 1);
  const std::string id = gifts(s.c, "received").front().at("gift");
  const Json shown = s.c.ok({"gift", "show", id});
  CHECK(shown.at("gifts").size() == 2);
  CHECK(shown.at("size") == 690'000);
  CHECK(shown.at("picture") == true);
  CHECK(shown.at("note") == "For the weekend");
  CHECK(shown.at("place").at("channel") == "Evening");
  CHECK(shown.at("parcel").at("parts") == 2);

  s.c.ok({"gift", "accept", id});  // one decision for both
  eventually("C has both", 60, [&] {
    return complete_with_key(s.c, "film.bin") && complete_with_key(s.c, "song.bin");
  });
  eventually("B knows", 30, [&] { return all_are(gifts(s.b, "sent"), 2, "fetched"); });
  CHECK(outstanding(s.town) == 0);
  s.town.audit_clean();
}

TEST_CASE("a gift of several titles leaves whole or not at all") {
  Street s;
  s.town.publish(s.a, s.town.make_file("opera.bin", 90'000, 3), "100.00 EUR");
  s.b.refused({"gift", "send", s.song, "opera.bin", "--to", "C"}, "insufficient_funds");
  CHECK(all_are(gifts(s.b, "sent"), 2, "failed"));
  CHECK(vouchers(s.b, "held") == 1);  // what was bought for it
  CHECK(balance(s.b) == 1900);
  CHECK(gifts(s.c, "received").empty());
  // With the missing money the same command goes on; nothing is paid again.
  s.town.deposit(s.b, "81.00 EUR", "the rest");
  const Json sent = s.b.ok({"gift", "send", s.song, "opera.bin", "--to", "C"});
  CHECK(sent.at("paid").at("minor") == 10'000);
  CHECK(balance(s.b) == 0);
  eventually("both wait at C", 30, [&] { return all_are(gifts(s.c, "received"), 2, "waiting"); });
  CHECK(gifts(s.b, "sent").size() == 2);
  s.b.refused({"gift", "send", s.song, s.song, "--to", "C"}, "usage");
  s.town.audit_clean();
}

TEST_CASE("a surprise tells nothing before its day, and is not opened before") {
  Street s;
  const std::string id = s.given({"--open-from", in_seconds(3600), "--note", "Later"});
  const Json hidden = s.c.ok({"gift", "show", id});
  CHECK(hidden.at("hidden") == true);
  CHECK(hidden.at("name") == "");
  CHECK(hidden.at("size") == 0);
  CHECK_FALSE(hidden.contains("media_type"));
  CHECK(hidden.dump().find("film.bin") == std::string::npos);
  s.c.refused({"gift", "accept", id}, "not_yet");
  CHECK(Street::state(s.c, id) == "waiting");
  // One whose moment has come is like any other.
  const std::string open = s.given({"--open-from", in_seconds(-60)});
  CHECK(s.c.ok({"gift", "show", open}).at("name") == "film.bin");
  s.c.ok({"gift", "accept", open});
  eventually("C has it", 60, [&] { return complete_with_key(s.c, "film.bin"); });
}

TEST_CASE("declined: the giver holds a fresh voucher, which the receiver never knew") {
  Street s;
  const std::string id = s.given();
  CHECK(vouchers(s.b, "given") == 1);
  s.c.ok({"gift", "decline", id, "--reason", "We have it already"});
  eventually("the voucher is back", 30, [&] { return vouchers(s.b, "held") == 1; });
  CHECK(vouchers(s.b, "exchanged") == 1);  // the one that C has seen is worth nothing
  CHECK(s.b.ok({"gift", "show", id}).at("reason") == "We have it already");
  CHECK(outstanding(s.town) == 1);
  s.c.refused({"gift", "accept", id}, "gift_state");
  s.b.ok({"gift", "send", s.film, "--to", "C"});
  CHECK(balance(s.b) == 1650);  // nothing was paid again
  s.town.audit_clean();
}

TEST_CASE("what nobody accepted in time comes back, also to a home that was off then") {
  Street s;
  CHECK(s.c.daemon().stop() == 0);
  const auto began = std::chrono::steady_clock::now();
  const std::string id =
      s.b.ok({"gift", "send", s.film, "--to", "C", "--expires", in_seconds(4)}).at("gift");
  SUBCASE("the giver is on") {}
  SUBCASE("the giver is off") {
    CHECK(s.b.daemon().stop() == 0);
    eventually("its time is over", 30,
               [&] { return std::chrono::steady_clock::now() - began > std::chrono::seconds(6); });
    s.b.start();
  }
  eventually("it has expired", 60, [&] { return Street::state(s.b, id) == "expired"; });
  CHECK(vouchers(s.b, "held") == 1);
  CHECK(vouchers(s.b, "exchanged") == 1);
  s.c.start();
  eventually("C finds it too late", 30, [&] { return Street::state(s.c, id) == "expired"; });
  s.c.refused({"gift", "accept", id}, "gift_state");
  CHECK(outstanding(s.town) == 1);
  s.town.audit_clean();
}

TEST_CASE("taken back: the receiver is told that it is used up, and by whom") {
  Street s;
  const std::string id = s.given();
  CHECK(s.b.ok({"gift", "take-back", id}).at("state") == "taken_back");
  CHECK(vouchers(s.b, "held") == 1);
  s.c.ok({"gift", "accept", id});
  eventually("C sees it", 30, [&] { return Street::state(s.c, id) == "used_up"; });
  const std::string reason = s.c.ok({"gift", "show", id}).at("reason");
  CHECK(reason.find("came from B") != std::string::npos);
  CHECK(vouchers(s.c, "held") == 0);
  CHECK(s.c.ok({"transfers"}).at("transfers").empty());  // not a byte was fetched for it
  s.b.refused({"gift", "take-back", id}, "gift_state");
  CHECK(outstanding(s.town) == 1);
  s.town.audit_clean();
}

TEST_CASE("of take-back and acceptance exactly one gets it, in either order and at once") {
  Street s;
  s.town.deposit(s.b, "10.00 EUR", "for more rounds");
  // What C wins while it has the film stays held there: so the rounds are counted one by one.
  enum class Order { receiver_first, giver_first, at_once };
  const auto receiver = Order::receiver_first, giver = Order::giver_first, both = Order::at_once;
  for (const Order order : {both, receiver, receiver, giver, both, both, both}) {
    const Purses began = purses(s);
    CAPTURE(began.receiver);
    CAPTURE(began.giver);
    const bool here = complete_with_key(s.c, "film.bin");
    const std::string id = s.given();
    const Purses left = purses(s);
    // A held voucher is given before another one is bought.
    CHECK(left.giver == (began.giver == 0 ? 0 : began.giver - 1));
    CHECK(left.outstanding == began.outstanding + (began.giver == 0 ? 1 : 0));
    contend(s, id, order == both, order == giver);
    const bool to_receiver = Street::state(s.c, id) == "fetched";
    if (order != both) CHECK(to_receiver == (order == receiver));

    const Purses after = purses(s);
    CHECK(after.giver == left.giver + (to_receiver ? 0 : 1));
    CHECK(after.receiver == left.receiver + (to_receiver && here ? 1 : 0));
    CHECK(after.redeemed == left.redeemed + (to_receiver && !here ? 1 : 0));
    CHECK(after.outstanding == after.giver + after.receiver);
    CHECK(after.outstanding + after.redeemed == left.outstanding + left.redeemed);
  }
  CHECK(purses(s).receiver >= 1);  // the order that leaves some held at C did come about
  CHECK(purses(s).redeemed == 1);
  s.town.audit_clean();
}

TEST_CASE("thanks, and that it was played if the receiver shares that") {
  Town town;
  const Display display(town);
  Home& b = town.add_home("B");
  Home& c = town.add_home("C", {"--player", "auto"});
  town.befriend(b, c);
  for (const char* name : {"first.mp4", "second.mp4"}) {
    b.ok({"library", "add", make_film(town, name, 60).string()});
    b.ok({"publish", name, "--private"});
  }
  const auto given = [&](const std::string& name) -> std::string {
    const std::string id = b.ok({"gift", "send", name, "--to", "C"}).at("gift");
    eventually("it waits at C", 30, [&] { return Street::state(c, id) == "waiting"; });
    c.refused({"gift", "thank", id, "Too early"}, "gift_state");
    c.ok({"gift", "accept", id});
    eventually("C has it", 60, [&] { return complete_with_key(c, name); });
    return id;
  };
  const std::string first = given("first.mp4");
  const std::string second = given("second.mp4");
  c.ok({"gift", "thank", first, "We loved it"});
  eventually("B reads it", 30, [&] {
    return b.ok({"gift", "show", first}).value("thanks", "") == "We loved it";
  });

  eventually("the TV is there", 30,
             [&] { return c.ok({"status"}).at("tv").at("connected") == true; });
  c.ok({"play", "first.mp4"});  // nobody is told
  eventually("it runs", 60, [&] { return c.ok({"status"}).at("tv").at("position_ms") > 500; });
  c.ok({"rules", "set", "share-played", "yes"});
  c.ok({"play", "second.mp4"});  // while the first one runs
  eventually("B knows of the second", 60, [&] { return Street::state(b, second) == "played"; });
  CHECK(Street::state(b, first) == "fetched");
}

TEST_CASE("the TV asks about a gift, and the remote control answers") {
  Town town;
  const Display display(town);
  Home& b = town.add_home("B");
  Home& c = town.add_home("C", {"--player", "auto"});
  town.befriend(b, c);
  eventually("the TV is there", 30,
             [&] { return c.ok({"status"}).at("tv").at("connected") == true; });
  const auto asked_about = [&](const std::string& name, unsigned seed) -> std::string {
    b.ok({"library", "add", town.make_file(name, 100'000, seed).string()});
    b.ok({"publish", name, "--private"});
    const std::string id = b.ok({"gift", "send", name, "--to", "C"}).at("gift");
    eventually("it waits at C", 30, [&] { return Street::state(c, id) == "waiting"; });
    return id;
  };
  const std::string wanted = asked_about("wanted.bin", 21);
  c.ok({"remote", "ok"});
  eventually("C has it", 60, [&] { return complete_with_key(c, "wanted.bin"); });
  eventually("B knows", 30, [&] { return Street::state(b, wanted) == "fetched"; });

  const std::string put_off = asked_about("later.bin", 22);
  c.ok({"remote", "back"});
  const std::string unwanted = asked_about("unwanted.bin", 23);
  c.ok({"remote", "menu"});
  eventually("B hears no", 30, [&] { return Street::state(b, unwanted) == "declined"; });
  CHECK(Street::state(c, put_off) == "waiting");
}

TEST_CASE("a wish is granted: what was asked for is accepted by itself") {
  Street s;
  s.c.ok({"gift", "wish", s.song, "--to", "B", "--note", "Please"});
  s.c.ok({"gift", "wish", s.song, "--to", "B"});  // the same wish
  std::string wish;
  eventually("B reads it", 30, [&] {
    const Json all = rows(s.b.ok({"gift", "wishes"}), "wishes");
    if (all.size() == 1) wish = all.at(0).at("wish");
    return !wish.empty();
  });
  const Json read = rows(s.b.ok({"gift", "wishes"}), "wishes").at(0);
  CHECK(read.at("name") == "song.bin");
  CHECK(read.at("note") == "Please");
  CHECK(s.b.ok({"gift", "grant", wish, "--note", "Here you are"}).at("paid").at("minor") == 100);
  eventually("C has it, without another word", 60,
             [&] { return complete_with_key(s.c, "song.bin"); });
  eventually("B knows", 30, [&] { return gift(s.b, "sent", "song.bin").at("state") == "fetched"; });
  CHECK(rows(s.c.ok({"gift", "wishes"}), "wishes").at(0).at("granted") == true);
  s.b.refused({"gift", "grant", wish}, "gift_state");
  CHECK(balance(s.b) == 1900);
}

TEST_CASE("a voucher for several homes: a gift is one home's, a card is each claimer's") {
  Street s;
  Home& d = s.town.add_home("D");
  const std::string reel =
      s.town.publish(s.a, s.town.make_file("reel.bin", 80'000, 9), "2.00 EUR", {"--homes", "2"})
          .at("offer");
  const std::string says = s.b.refused({"gift", "send", reel, "--to", "C", "--to", "D"}, "usage");
  CHECK(says.find("gift card") != std::string::npos);
  CHECK(balance(s.b) == 2000);

  // The giver keeps no power over what was accepted: its own copy is worth nothing.
  const std::string id = s.b.ok({"gift", "send", reel, "--to", "C"}).at("gift");
  eventually("it waits", 30, [&] { return Street::state(s.c, id) == "waiting"; });
  s.c.ok({"gift", "accept", id});
  eventually("C has it", 60, [&] { return complete_with_key(s.c, "reel.bin"); });
  CHECK(vouchers(s.c, "redeemed") == 1);
  CHECK(s.b.hearth({"gift", "take-back", id}).exit_code == 1);
  const Json used = rows(s.b.ok({"wallet", "vouchers"}), "vouchers").at(0);
  CHECK(s.b.hearth({"wallet", "refund", used.at("voucher")}).exit_code == 1);
  CHECK(balance(s.b) == 1800);

  // A card is opened by as many homes as the terms say, and paid once.
  const std::string card = s.b.ok({"gift", "card", reel}).at("text");
  CHECK(balance(s.b) == 1600);
  Home& e = s.town.add_home("E");
  for (Home* home : {&s.b, &d}) {  // its maker may be one of them
    home->ok({"gift", "claim", card});
    eventually("the claimer has it", 60, [&] { return complete_with_key(*home, "reel.bin"); });
  }
  // Who has the title takes nothing from the card; nothing is said to be had back that is not.
  const Json again = d.ok({"gift", "claim", card});
  CHECK(again.at("claimed") == false);
  CHECK(again.at("sentence").get<std::string>().find("refund") == std::string::npos);
  CHECK(vouchers(d, "held") == 0);
  e.ok({"gift", "claim", card});
  eventually("the third one is told", 60, [&] {
    const Json one = transfer(e, "reel.bin");
    return !one.is_null() && one.value("state", "") == "failed";
  });
  eventually("the seller is paid twice: the gift and the card", 30,
             [&] { return sold(s.a, 200, 2); });
  CHECK(outstanding(s.town) == 0);
  s.town.audit_clean();
}
