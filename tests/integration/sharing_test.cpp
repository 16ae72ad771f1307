// Channels between real homes: shown, taken in part, followed, paid for by the receiver, ended.
#include <doctest/doctest.h>

#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {

/// Anna's channel 5 with a clip of her own, and the offer of a seller; Ben with money.
struct Homes {
  Town town;
  Home& seller = town.add_home("Seller");
  Home& anna = town.add_home("Anna");
  Home& ben = town.add_home("Ben");
  std::string film, sequel;

  Homes() {
    ::setenv("TZ", "UTC", 1);
    film = town.publish(seller, town.make_file("film.bin", 1'000'000, 5), "3.50 EUR").at("offer");
    sequel = town.publish(seller, town.make_file("sequel.bin", 500'000, 6), "1.00 EUR").at("offer");
    town.deposit(ben, "20.00 EUR", "once");
    town.befriend(anna, ben);
    const fs::path clip = town.make_file("clip.bin", 200'000, 7);
    anna.ok({"library", "add", clip.string()});
    anna.ok({"publish", "clip.bin", "--private"});
    anna.ok({"channel", "create", "5", "Evening", "--zone", "UTC"});
    anna.ok({"channel", "add", "5", "clip.bin", "--seconds", "3"});
    anna.ok({"channel", "add", "5", "--list", "spare", "--page", "Back soon", "--seconds", "5"});
    anna.ok({"channel", "fill", "5", "fallback", "--list", "spare"});
    anna.ok({"channel", "set", "5", "budget-month", "9.00 EUR"});
  }
  /// Anna puts an offer on the air in so many seconds; when that is.
  std::int64_t schedule(const std::string& offer, const std::string& list, int in_seconds) {
    const std::int64_t at = (now_ms() / 1000 + in_seconds) * 1000;
    anna.ok({"channel", "add", "5", offer, "--list", list, "--seconds", "30"});
    anna.ok({"channel", "schedule", "5", "--list", list, "--at", clock_of(at), "--day",
             clock_of(at, "%Y-%m-%d"), "--name", "The " + list});
    return at;
  }
  Json offered() const {
    const Json all = rows(ben.ok({"channel", "offers"}), "offered");
    return all.empty() ? Json() : all.at(all.size() - 1);
  }
  std::string offered_state() const {
    const Json one = offered();
    return one.is_null() ? "none" : one.at("state").get<std::string>();
  }
  /// Anna shows it, Ben's home has it.
  std::string share() {
    anna.ok({"channel", "share", "5", "--to", "Ben", "--note", "For you"});
    eventually("it waits", 30, [&] { return offered_state() == "waiting"; });
    return offered().at("offer");
  }
  std::string name_on_seven() const {
    for (const Json& one : rows(ben.ok({"channel", "list"}), "channels")) {
      if (one.at("number") == 7) return one.at("name");
    }
    return "";
  }
};

/// What the guide says of that moment; null: nothing.
Json programme_at(const Home& home, const std::string& channel, std::int64_t at_ms) {
  const Json guide =
      home.ok({"guide", "--channel", channel, "--from", clock_of(at_ms, "%Y-%m-%d %H:%M:%S")});
  for (const Json& one : guide.at("rows").at(0).at("programmes")) {
    if (one.at("start_ms") <= at_ms && at_ms < one.at("end_ms")) return one;
  }
  return nullptr;
}

std::string on_at(const Home& home, const std::string& channel, std::int64_t at_ms) {
  const Json one = programme_at(home, channel, at_ms);
  return one.is_null() ? "" : one.at("name").get<std::string>();
}

}  // namespace

TEST_CASE("a channel goes to another home, is taken in part, followed, paid for, and ended") {
  Homes homes;
  const std::int64_t at = homes.schedule(homes.film, "films", 110);
  const std::string id = homes.share();
  CHECK(homes.offered().at("contact") == "Anna");
  CHECK(homes.offered().at("note") == "For you");
  CHECK(homes.offered().at("parts").size() == 3);
  CHECK(homes.ben.ok({"channel", "list"}).at("channels").empty());
  homes.ben.refused({"channel", "accept", id, "--only", "nothing"}, "not_found");
  homes.ben.refused({"channel", "accept", id, "--budget-month", "90000000000.00 EUR"}, "usage");

  const Json accepted = homes.ben.ok({"channel", "accept", id, "--only", "films", "--number", "7",
                                      "--budget-title", "4.00 EUR", "--budget-month", "4.00 EUR"});
  CHECK(accepted.at("number") == 7);
  CHECK(accepted.at("from").at("contact") == "Anna");
  CHECK(accepted.at("from").at("not_taken") == 1);  // the clip, which would not have come anyway
  eventually("Anna knows", 30, [&] {
    return rows(homes.anna.ok({"channel", "offers"}), "shared").at(0).at("state") == "accepted";
  });
  CHECK(on_at(homes.ben, "7", at) == "film.bin");
  homes.ben.refused({"channel", "set", "7", "name", "Mine"}, "not_allowed");
  homes.ben.refused({"channel", "share", "7", "--to", "Anna"}, "not_allowed");
  // Nothing that is Anna's alone.
  const Json document = homes.ben.ok({"channel", "show", "7"}).at("document");
  CHECK(document.dump().find("clip") == std::string::npos);
  CHECK(document.at("budget").at("month") == 400);

  // Bought by Ben's budget, before it is on.
  eventually("it is bought ahead", 85,
             [&] { return complete_with_key(homes.ben, "film.bin") && now_ms() < at; });
  CHECK(balance(homes.ben) == 1650);
  CHECK(homes.ben.ok({"channel", "check", "7"}).at("budget").at("spent_month").at("minor") == 350);
  CHECK(sold(homes.seller, 350, 1));

  // A change comes by itself, whatever dies on the way.
  homes.ben.daemon().stop();
  homes.ben.start({"HEARTH_CRASH_AT=gifts.receive.before_ack"});
  homes.anna.ok({"channel", "set", "5", "name", "Late evening"});
  eventually("Ben's home dies with the letter", 30, [&] { return homes.ben.daemon().ended(); });
  homes.ben.daemon().start({"HEARTH_CRASH_AT=television.edit.before_commit"});
  eventually("and again while it puts it on the air", 30,
             [&] { return homes.ben.daemon().ended(); });
  homes.ben.start();
  eventually("it follows", 30, [&] { return homes.name_on_seven() == "Late evening"; });
  CHECK(on_at(homes.ben, "7", at) == "film.bin");

  eventually("its time has come", 120, [&] { return now_ms() > at + 1'000; });
  const Json shown = programme_at(homes.ben, "7", at);
  CHECK(shown.at("shown") == true);
  CHECK(shown.at("start_ms") == at);
  CHECK(on_at(homes.anna, "5", at) == "film.bin");

  // Ended by Anna: gone at Ben's, and nothing is bought for it any more.
  homes.anna.ok({"channel", "unshare", "5", "--with", "Ben"});
  eventually("it is gone", 30, [&] { return homes.name_on_seven().empty(); });
  CHECK(homes.offered_state() == "ended");
  const std::int64_t later = homes.schedule(homes.sequel, "sequels", 45);
  eventually("that time has come as well", 60, [&] { return now_ms() > later; });
  CHECK(homes.ben.ok({"channel", "list"}).at("channels").empty());
  CHECK(balance(homes.ben) == 1650);
  homes.town.audit_clean();
}

TEST_CASE("a channel is asked for, given, left, and not given again by itself") {
  Homes homes;
  homes.anna.ok({"channel", "share", "5", "--open"});
  CHECK(homes.anna.ok({"channel", "offers"}).at("open") == Json::array({5}));
  homes.ben.ok({"channel", "subscribe", "Anna", "Evening", "--note", "May we?"});
  eventually("it is on", 30, [&] { return homes.offered_state() == "accepted"; });
  eventually("in the guide", 30, [&] {
    return homes.ben.ok({"channel", "list"}).at("channels").size() == 1;
  });
  const Json channel = homes.ben.ok({"channel", "list"}).at("channels").at(0);
  CHECK(channel.at("number") == 5);
  CHECK(channel.at("from").at("withheld") == 1);
  CHECK(on_at(homes.ben, "5", now_ms() + 60'000) == "Not shared with this home");
  CHECK(homes.ben.ok({"channel", "check", "5"}).at("warnings").dump().find("unknown_title") ==
        std::string::npos);

  // The clip is given to Ben: then it is on at both.
  homes.anna.ok({"gift", "send", "clip.bin", "--to", "Ben"});
  eventually("the gift waits", 30,
             [&] { return !gift(homes.ben, "received", "clip.bin").is_null(); });
  homes.ben.ok({"gift", "accept", gift(homes.ben, "received", "clip.bin").at("gift")});
  eventually("it is on", 40,
             [&] { return on_at(homes.ben, "5", now_ms() + 60'000) == "clip.bin"; });

  homes.ben.ok({"channel", "delete", "5"});
  eventually("Anna knows", 30, [&] {
    return rows(homes.anna.ok({"channel", "offers"}), "shared").at(0).at("state") == "left";
  });
  homes.anna.ok({"channel", "set", "5", "name", "Other"});
  homes.anna.ok({"channel", "share", "5", "--closed"});
  homes.ben.ok({"channel", "subscribe", "Anna", "5"});
  eventually("Anna is asked", 30, [&] {
    return rows(homes.anna.ok({"channel", "offers"}), "wishes").size() == 1;
  });
  CHECK(homes.ben.ok({"channel", "list"}).at("channels").empty());
  homes.anna.ok({"channel", "decline",
                 rows(homes.anna.ok({"channel", "offers"}), "wishes").at(0).at("wish")});
  eventually("Ben hears it", 30, [&] {
    return rows(homes.ben.ok({"channel", "offers"}), "wishes").empty();
  });
}

TEST_CASE("rules and budget bind what another home puts on its channel") {
  Homes homes;
  homes.schedule(homes.film, "films", 600);
  homes.ben.ok({"rules", "set", "max-size", "900 kB"});
  homes.ben.ok({"pin", "set", "--new", "4711"});
  const std::string id = homes.share();
  homes.ben.refused({"channel", "accept", id, "--budget-month", "9.00 EUR"}, "pin_needed");
  CHECK(homes.offered_state() == "waiting");
  homes.ben.ok({"channel", "accept", id, "--budget-month", "9.00 EUR", "--pin", "4711"});
  const auto told = [&](const std::string& words) {
    for (const Json& one : rows(homes.ben.ok({"channel", "check", "5"}), "troubles")) {
      if (one.at("sentence").get<std::string>().find(words) != std::string::npos) return true;
    }
    return false;
  };
  eventually("it is too large for this home", 60,
             [&] { return told("larger than what this home"); });
  homes.ben.ok({"channel", "set", "5", "budget-title", "3.00 EUR"});
  eventually("it is too dear", 30, [&] { return told("3.50 EUR, and the channel may pay"); });
  homes.ben.daemon().kill9();
  homes.ben.start();
  CHECK(told("3.50 EUR, and the channel may pay"));  // not forgotten by a restart
  homes.ben.ok({"channel", "set", "5", "budget-title", "4.00 EUR", "--pin", "4711"});
  eventually("it is too large again", 60, [&] { return told("larger than what this home"); });
  CHECK(balance(homes.ben) == 2000);
  homes.ben.ok({"rules", "set", "max-size", "none", "--pin", "4711"});
  eventually("now it is bought", 60, [&] { return balance(homes.ben) == 1650; });
}
