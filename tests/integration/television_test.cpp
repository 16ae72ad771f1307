// Channels of a real home: kept through kill -9, shown as the guide says, bought ahead or not at
// all.
#include <fstream>
#include <map>

#include <doctest/doctest.h>

#include "tests/integration/display.h"
#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {

Json document(const Home& home, const std::string& channel = "4") {
  return home.ok({"channel", "show", channel}).at("document");
}

std::size_t items(const Home& home) {
  return document(home).at("lists").at(0).at("items").size();
}

std::int64_t version(const Home& home) {
  return document(home).at("version");
}

/// What the guide says of that moment; null: nothing.
Json programme_at(const Json& guide, std::int64_t at_ms) {
  for (const Json& one : guide.at("rows").at(0).at("programmes")) {
    if (one.at("start_ms") <= at_ms && at_ms < one.at("end_ms")) return one;
  }
  return nullptr;
}

Json guide(const Home& home, std::int64_t from_ms) {
  return home.ok({"guide", "--channel", "4", "--from", clock_of(from_ms, "%Y-%m-%d %H:%M:%S")});
}

std::string add_own(Town& town, Home& home, const std::string& name, unsigned seed) {
  const fs::path file = town.make_file(name, 200'000, seed);
  home.ok({"library", "add", file.string()});
  home.ok({"publish", name, "--private"});
  return name;
}

/// A home with an own clip on channel 4, and money; a seller with an offer.
struct Street {
  Town town;
  Home& seller = town.add_home("Seller");
  Home& buyer = town.add_home("Buyer");
  std::string offer;

  explicit Street(const std::string& month = "5.00 EUR") {
    ::setenv("TZ", "UTC", 1);
    const fs::path film = town.make_file("film.bin", 1'000'000, 5);
    offer = town.publish(seller, film, "3.50 EUR").at("offer");
    town.deposit(buyer, "20.00 EUR", "once");
    buyer.ok({"channel", "create", "4", "Evening", "--zone", "UTC"});
    add_own(town, buyer, "clip.bin", 6);
    buyer.ok({"channel", "add", "4", "clip.bin", "--seconds", "3"});
    buyer.ok({"channel", "add", "4", "--list", "spare", "--page", "Back soon", "--seconds", "5"});
    buyer.ok({"channel", "fill", "4", "fallback", "--list", "spare"});
    buyer.ok({"channel", "set", "4", "budget-month", month});
  }
  /// Puts the offer on the air in so many seconds; when that is.
  std::int64_t schedule(int in_seconds) {
    const std::int64_t at = (now_ms() / 1000 + in_seconds) * 1000;
    buyer.ok({"channel", "add", "4", offer, "--list", "films", "--seconds", "30"});
    buyer.ok({"channel", "schedule", "4", "--list", "films", "--at", clock_of(at), "--day",
              clock_of(at, "%Y-%m-%d"), "--name", "The film"});
    return at;
  }
  void wait_until(std::int64_t at_ms) const {
    eventually("its time has come", 120, [&] { return now_ms() >= at_ms; });
  }
};

bool any_trouble(const Home& home, const std::string& words) {
  for (const Json& one : rows(home.ok({"channel", "check", "4"}), "troubles")) {
    if (one.at("sentence").get<std::string>().find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a channel is made, changed, refused, undone, and survives") {
  Town town;
  Home& home = town.add_home("Home");
  home.ok({"channel", "create", "4", "Evening", "--zone", "Europe/Berlin"});
  CHECK(home.ok({"channel", "list"}).at("channels").size() == 1);
  home.refused({"channel", "create", "4", "Again"}, "usage");
  home.refused({"channel", "add", "4", "nothing.mp4"}, "unknown_offer");
  const fs::path raw = town.make_file("raw.bin", 1'000, 9);
  home.ok({"library", "add", raw.string()});
  CHECK(home.refused({"channel", "add", "4", "raw.bin"}, "not_found").find("publish") !=
        std::string::npos);
  add_own(town, home, "one.bin", 1);
  add_own(town, home, "two.bin", 2);
  const Json tried = home.ok({"channel", "add", "4", "one.bin", "--seconds", "600", "--dry-run"});
  CHECK(tried.at("dry_run") == true);
  CHECK_FALSE(tried.at("fresh").empty());
  CHECK(items(home) == 0);
  home.ok({"channel", "add", "4", "one.bin", "two.bin", "--seconds", "600"});
  CHECK(items(home) == 2);
  const std::int64_t is = version(home);
  home.ok({"channel", "schedule", "4", "--list", "main", "--at", "20:15", "--daily", "--version",
           std::to_string(is)});
  home.refused({"channel", "remove", "4", "one.bin", "--version", std::to_string(is)},
               "changed_meanwhile");
  CHECK(items(home) == 2);

  home.daemon().kill9();
  home.start();
  CHECK(items(home) == 2);
  CHECK(document(home).at("slots").size() == 2);
  home.ok({"channel", "undo", "4"});
  CHECK(document(home).at("slots").size() == 1);
  home.ok({"channel", "undo", "4"});
  CHECK(items(home) == 0);
  home.ok({"channel", "undo", "4", "--to", std::to_string(is)});
  CHECK(items(home) == 2);
  CHECK(home.ok({"channel", "versions", "4"}).at("versions").size() == 6);

  SUBCASE("it goes to another home as a file, and to other programs") {
    const fs::path file = town.dir() / "evening.hearth";
    home.ok({"channel", "export", "4", "--out", file.string()});
    Home& other = town.add_home("Other");
    const Json got = other.ok({"channel", "import", file.string(), "--number", "7"});
    CHECK(got.at("name") == "Evening");
    CHECK(got.at("home") == home.ok({"id"}).at("home"));
    CHECK(document(other, "7").at("lists").at(0).at("items").size() == 2);
    CHECK_FALSE(got.at("warnings").empty());  // its titles are not there
    const fs::path playout = town.dir() / "evening.json";
    home.ok({"channel", "export", "4", "--format", "ersatztv", "--out", playout.string()});
    const Json back = home.ok({"channel", "import", playout.string(), "--number", "8"});
    CHECK(back.at("items").get<int>() > 100);
    const fs::path bad = town.make_file("bad.hearth", 500, 3);
    other.refused({"channel", "import", bad.string()}, "usage");
  }
  SUBCASE("a budget takes the PIN") {
    home.ok({"pin", "set", "--new", "4711"});
    home.refused({"channel", "set", "4", "budget-month", "5.00 EUR"}, "pin_needed");
    home.ok({"channel", "set", "4", "budget-month", "5.00 EUR", "--pin", "4711"});
    home.ok({"channel", "set", "4", "budget-month", "4.00 EUR"});
    home.refused({"channel", "undo", "4"}, "pin_needed");
  }
  SUBCASE("it is deleted") {
    home.ok({"channel", "delete", "4"});
    CHECK(home.ok({"channel", "list"}).at("channels").empty());
    home.refused({"channel", "show", "4"}, "not_found");
  }
}

TEST_CASE("kill -9 in the middle of an edit leaves the version before or the one after") {
  Town town;
  Home& home = town.add_home("Home");
  home.ok({"channel", "create", "4", "Evening"});
  for (const auto& [point, kept] : std::map<std::string, bool>{
           {"television.edit.before_commit", false}, {"television.edit.after_commit", true}}) {
    CAPTURE(point);
    const std::int64_t before = version(home);
    home.daemon().kill9();
    home.start({"HEARTH_CRASH_AT=" + point});
    CHECK(home.hearth({"channel", "set", "4", "name", "Other " + point}).exit_code == 1);
    eventually("it dies there", 20, [&] { return home.daemon().ended(); });
    home.start();
    CHECK(version(home) == before + (kept ? 1 : 0));
    home.ok({"channel", "set", "4", "name", "Evening"});
  }
}

TEST_CASE("an offer is bought and fetched before it is shown, once and for ever") {
  Street street;
  const std::int64_t at = street.schedule(60);
  eventually("it is here before its time", 40,
             [&] { return complete_with_key(street.buyer, "film.bin"); });
  CHECK(now_ms() < at);
  CHECK(balance(street.buyer) == 1650);
  street.wait_until(at + 1'000);
  const Json shown = programme_at(guide(street.buyer, at), at);
  CHECK(shown.at("name") == "film.bin");
  CHECK(shown.at("shown") == true);
  CHECK(shown.at("start_ms") == at);
  street.schedule(45);  // again
  street.buyer.daemon().stop();
  street.buyer.start();
  street.wait_until(at + 60'000);
  CHECK(balance(street.buyer) == 1650);
  CHECK(sold(street.seller, 350, 1));
  CHECK(street.buyer.ok({"channel", "check", "4"}).at("budget").at("spent_month").at("minor") ==
        350);
  street.town.audit_clean();
}

TEST_CASE("what does not come in time is not shown and not paid, and the channel goes on") {
  Street street;
  street.seller.daemon().kill9();  // the ledger believes for a while that it is there
  const std::int64_t at = street.schedule(50);
  street.wait_until(at + 1'000);
  const Json shown = programme_at(guide(street.buyer, at), at);
  CHECK(shown.at("shown") == false);
  CHECK(shown.at("availability") == "late");
  CHECK(any_trouble(street.buyer, "film.bin"));
  eventually("its price is back", 90, [&] { return balance(street.buyer) == 2000; });
  street.buyer.daemon().kill9();
  street.buyer.start();
  const Json again = programme_at(guide(street.buyer, at), at);
  CHECK(again.at("shown") == false);
  street.town.audit_clean();
}

TEST_CASE("an offer above the budget is never bought, and the owner knows why") {
  Street street("3.00 EUR");
  street.schedule(60);
  eventually("the owner is told", 20,
             [&] { return any_trouble(street.buyer, "3.50 EUR, and the channel may pay 3.00"); });
  CHECK(balance(street.buyer) == 2000);
  street.buyer.ok({"channel", "set", "4", "budget-month", "4.00 EUR"});
  street.buyer.ok({"channel", "set", "4", "budget-title", "4.00 EUR"});
  eventually("now it is", 40, [&] { return balance(street.buyer) == 1650; });
}

TEST_CASE("a seller who asks more afterwards: the price that was offered, or nothing is paid") {
  SUBCASE("the offer still stands: it costs what it did") {
    Street street;
    const Json dearer = street.seller.ok({"publish", "film.bin", "--price", "4.90 EUR"});
    CHECK(dearer.at("offer") != street.offer);
    street.schedule(60);
    eventually("it is bought", 40, [&] { return balance(street.buyer) == 1650; });
    street.town.audit_clean();
  }
  SUBCASE("it has ended: nothing is paid, the owner is told, and the channel stays on the air") {
    Street street;
    street.offer =
        street.seller
            .ok({"publish", "film.bin", "--price", "3.00 EUR", "--sold-until", "2020-01-01"})
            .at("offer");
    street.seller.ok({"publish", "film.bin", "--price", "4.90 EUR"});
    const std::int64_t at = street.schedule(45);
    eventually("the owner is told", 40,
               [&] { return any_trouble(street.buyer, "for 3.00 EUR: its seller asks 4.90 EUR"); });
    CHECK(balance(street.buyer) == 2000);
    street.wait_until(at + 2'000);
    const Json on = programme_at(guide(street.buyer, at), at);
    REQUIRE(on.is_object());
    CHECK(on.at("shown") == false);  // the fallback is in its place
    CHECK(balance(street.buyer) == 2000);
    street.town.audit_clean();
  }
}

TEST_CASE("a gift is on the channel and at the time that its giver wished, once") {
  Town town;
  ::setenv("TZ", "UTC", 1);
  Home& giver = town.add_home("Giver");
  Home& home = town.add_home("Home");
  town.befriend(giver, home);
  home.ok({"channel", "create", "4", "Evening", "--zone", "UTC"});
  add_own(town, giver, "song.bin", 4);
  giver.ok({"gift", "send", "song.bin", "--to", "Home", "--channel", "Evening", "--at",
            "2030-01-02 20:15"});
  eventually("the gift waits", 30, [&] {
    const Json it = gift(home, "received", "song.bin");
    return !it.is_null() && it.at("state") == "waiting";
  });
  CHECK(items(home) == 0);
  CHECK(document(home).at("slots").size() == 1);
  home.ok({"gift", "accept", gift(home, "received", "song.bin").at("gift")});
  eventually("it has its place", 40, [&] { return document(home).at("slots").size() == 2; });
  const Json slot = document(home).at("slots").at(1);
  CHECK(slot.at("at") == "20:15");
  CHECK(slot.at("first") == "2030-01-02");
  home.ok({"channel", "undo", "4"});
  home.daemon().kill9();
  home.start();
  home.ok({"status"});
  CHECK(document(home).at("slots").size() == 1);  // what people took away stays away
}

TEST_CASE("kill -9 while an offer is bought ahead: paid once, and here") {
  for (const char* point :
       {"television.buy.before", "wallet.purchase.before_send", "wallet.purchase.after_answer",
        "wallet.purchase.after_commit", "television.buy.after"}) {
    CAPTURE(point);
    Street street;
    street.buyer.daemon().kill9();
    street.buyer.start({"HEARTH_CRASH_AT=" + std::string(point)});
    // It may die before the command is answered.
    street.buyer.ok({"channel", "add", "4", street.offer, "--list", "films", "--seconds", "30"});
    const std::int64_t at = (now_ms() / 1000 + 3'600) * 1000;
    street.buyer.hearth({"channel", "schedule", "4", "--list", "films", "--at", clock_of(at)});
    eventually("it dies there", 40, [&] { return street.buyer.daemon().ended(); });
    street.buyer.start();
    eventually("it is here", 60, [&] { return complete_with_key(street.buyer, "film.bin"); });
    CHECK(balance(street.buyer) == 1650);
    eventually("the seller has its money", 30, [&] { return sold(street.seller, 350, 1); });
    street.town.audit_clean();
  }
}

TEST_CASE("what the guide says is what the screen shows") {
  Town town;
  const Display display(town);
  ::setenv("TZ", "UTC", 1);
  Home& home = town.add_home("Home", {"--player", "auto"});
  const std::vector<std::string> colours = {"red", "lime", "blue", "yellow", "magenta"};
  const std::map<std::string, std::string> bits = {
      {"red", "100"}, {"lime", "010"}, {"blue", "001"}, {"yellow", "110"}, {"magenta", "101"}};
  std::vector<std::string> add = {"channel", "add", "4"};
  home.ok({"channel", "create", "4", "Evening", "--zone", "UTC"});
  for (const std::string& colour : colours) {
    const fs::path film = town.dir() / (colour + ".mp4");
    const Outcome made = run({"ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                              "color=c=" + colour + ":size=320x180:rate=10:duration=4", "-pix_fmt",
                              "yuv420p", film.string()});
    REQUIRE_MESSAGE(made.exit_code == 0, made.err);
    home.ok({"library", "add", film.string()});
    home.ok({"publish", film.filename().string(), "--private"});
    add.push_back(film.filename().string());
  }
  home.ok(add);
  eventually("the TV is there", 30, [&] { return home.ok({"status"}).at("tv").at("connected"); });
  home.ok({"tune", "4"});
  eventually("it shows the channel", 30,
             [&] { return home.ok({"status"}).at("tv").at("state") == "playing"; });
  const std::int64_t from = now_ms();
  const Json evening = guide(home, from);
  int seen = 0;
  std::map<std::string, int> each;
  while (now_ms() < from + 60'000) {
    const std::int64_t before = now_ms();
    const fs::path picture = town.dir() / "shot.png", pixel = town.dir() / "shot.rgb";
    home.ok({"screenshot", picture.string()});
    const std::int64_t after = now_ms();
    const Json said = programme_at(evening, before - 400);
    // A picture at the turn of a programme is neither's.
    if (said.is_null() || said != programme_at(evening, after + 400)) continue;
    const Outcome one = run({"ffmpeg", "-v", "error", "-nostdin", "-y", "-i", picture.string(),
                             "-vf", "crop=8:8:iw/2:ih/2,scale=1:1", "-f", "rawvideo", "-pix_fmt",
                             "rgb24", pixel.string()});
    REQUIRE_MESSAGE(one.exit_code == 0, one.err);
    std::string bytes, is;
    {
      std::ifstream in(pixel, std::ios::binary);
      bytes.assign(std::istreambuf_iterator<char>(in), {});
    }
    REQUIRE(bytes.size() == 3);
    for (const char c : bytes) is += static_cast<unsigned char>(c) > 128 ? '1' : '0';
    const std::string name = said.at("name").get<std::string>();
    const std::string colour = name.substr(0, name.find('.'));
    CHECK_MESSAGE(is == bits.at(colour), "the guide says ", colour, ", the screen shows ", is);
    ++seen;
    ++each[colour];
  }
  CHECK(seen > 20);
  CHECK(each.size() == colours.size());
  CHECK(home.ok({"status"}).at("tv").at("channel") == evening.at("rows").at(0).at("channel"));
}
