// What is on when: one table for each rule of node/channels/README.md. Mondays are 2026-11-02, 09…
#include "node/channels/playout.h"

#include <doctest/doctest.h>

#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node::channels;
using namespace hearth::test;

namespace {

using Lines = std::vector<std::string>;

const std::string monday = "2026-11-02";

/// What is on from one local time to another.
Lines on(const Channel& channel, const std::string& from, const std::string& to,
         const KnownMedia& media = {}) {
  auto timeline = Timeline::make(channel, zone(channel.zone));
  REQUIRE_MESSAGE(timeline, timeline.error().sentence);
  return lines(*timeline, timeline->playout(media, local(timeline->zone(), from),
                                            local(timeline->zone(), to)));
}

/// Films of 90 minutes float; a series of half hours is there for slots.
Channel simple() {
  Channel out = channel("Europe/Berlin", monday);
  out.lists = {list("films", {title("A", 90), title("B", 100), title("C", 80)}),
               list("series", {title("E1", 30), title("E2", 30), title("E3", 30), title("E4", 30)}),
               list("news", {title("N", 15)}), list("spots", {title("s1", 2), title("s2", 3)}),
               list("loop", {title("aquarium", 10)})};
  return out;
}

Channel with_films() {
  Channel out = simple();
  out.slots = {floating("f", "films")};
  return out;
}

}  // namespace

TEST_CASE("dead air: before the beginning and when there is nothing, a day at a time") {
  CHECK(on(simple(), "2026-11-01 12:00", "2026-11-03 12:00") ==
        Lines{"00:00 -", "00:00 -", "00:00 -"});
}

TEST_CASE("in sequence, over and over") {
  CHECK(on(with_films(), "2026-11-02 00:00", "2026-11-02 06:00") ==
        Lines{"00:00 A", "01:30 B", "03:10 C", "04:30 A"});
}

TEST_CASE("whole entries that touch what is asked for") {
  CHECK(on(with_films(), "2026-11-02 01:29", "2026-11-02 03:10") == Lines{"00:00 A", "01:30 B"});
  CHECK(on(with_films(), "2026-11-02 01:30", "2026-11-02 01:31") == Lines{"01:30 B"});
  CHECK(on(with_films(), "2026-11-02 01:30", "2026-11-02 01:30").empty());
}

TEST_CASE("shuffle: every item once before any comes again, never the same twice running") {
  Channel shuffled = with_films();
  shuffled.lists[0].order = Order::shuffle;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    shuffled.seed = seed;
    std::map<std::string, int> times;
    Lines shown = on(shuffled, "2026-11-02 00:00", "2026-11-05 00:00");
    shown.resize(30);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      ++times[shown[i].substr(6)];
      if (i > 0) CHECK(shown[i].substr(6) != shown[i - 1].substr(6));
    }
    CHECK(times == std::map<std::string, int>{{"A", 10}, {"B", 10}, {"C", 10}});
  }
}

TEST_CASE("random by weight: often is what weighs much") {
  Channel weighted = with_films();
  weighted.lists[0].order = Order::weighted;
  weighted.lists[0].items[0].weight = 8;
  std::map<std::string, int> times;
  for (const auto& line : on(weighted, "2026-11-02 00:00", "2027-01-31 00:00"))
    ++times[line.substr(6)];
  const int all = times["A"] + times["B"] + times["C"];
  CHECK(times["A"] > all * 7 / 10);
  CHECK(times["B"] > all / 20);
}

TEST_CASE("a fixed programme starts at its time; what would not end before is not begun") {
  Channel fixed_news = with_films();
  fixed_news.slots.push_back(fixed("n", "news", "20:00", monday, "FREQ=DAILY"));
  // 19:00 to 20:00 is too short for a film.
  CHECK(on(fixed_news, "2026-11-02 17:30", "2026-11-02 21:00") ==
        Lines{"16:40 C", "18:00 A", "19:30 -", "20:00 N", "20:15 B"});
}

TEST_CASE("maximum lateness: a film may end so much after the start of what comes next") {
  Channel late = with_films();
  late.slots.push_back(fixed("n", "news", "19:20", monday, "FREQ=DAILY"));
  late.max_lateness_ms = 10 * minute_ms;
  CHECK(on(late, "2026-11-02 18:10", "2026-11-02 20:00") == Lines{"18:00 A", "19:30 N", "19:45 B"});
  late.max_lateness_ms = 9 * minute_ms;
  CHECK(on(late, "2026-11-02 18:10", "2026-11-02 20:00") == Lines{"18:00 -", "19:20 N", "19:35 A"});
}

TEST_CASE("one, multiple, duration, flood") {
  Channel takes = simple();
  takes.slots = {fixed("s", "series", "20:00", monday, "FREQ=DAILY", Take::one)};
  CHECK(on(takes, "2026-11-02 20:00", "2026-11-02 21:00") == Lines{"20:00 E1", "20:30 -"});
  CHECK(on(takes, "2026-11-03 20:00", "2026-11-03 21:00") == Lines{"20:00 E2", "20:30 -"});
  takes.slots[0].take = Take::multiple;
  takes.slots[0].count = 3;
  CHECK(on(takes, "2026-11-02 20:00", "2026-11-02 22:00") ==
        Lines{"20:00 E1", "20:30 E2", "21:00 E3", "21:30 -"});
  takes.slots[0].take = Take::duration;
  takes.slots[0].duration_ms = 80 * minute_ms;
  CHECK(on(takes, "2026-11-02 20:00", "2026-11-02 22:00") ==
        Lines{"20:00 E1", "20:30 E2", "21:00 -", "21:20 -"});
  takes.slots[0].take = Take::flood;
  takes.slots.push_back(fixed("n", "news", "21:45", monday, "FREQ=DAILY"));
  CHECK(on(takes, "2026-11-02 20:00", "2026-11-02 23:00") ==
        Lines{"20:00 E1", "20:30 E2", "21:00 E3", "21:30 -", "21:45 N", "22:00 -"});
}

TEST_CASE("floating slots take turns, and go on after a fixed programme") {
  Channel turns = simple();
  turns.slots = {floating("s", "series", Take::multiple), floating("f", "films", Take::one),
                 fixed("n", "news", "01:00", monday, "FREQ=DAILY")};
  turns.slots[0].count = 3;
  CHECK(on(turns, "2026-11-02 00:00", "2026-11-02 04:00") ==
        Lines{"00:00 E1", "00:30 E2", "01:00 N", "01:15 E3", "01:45 A", "03:15 E4", "03:45 E1"});
}

TEST_CASE("linked slots: one goes on where the other stopped, one shows it again") {
  Channel linked = simple();
  linked.slots = {fixed("evening", "series", "20:00", monday, "FREQ=DAILY"),
                  fixed("night", "", "23:00", monday, "FREQ=DAILY"),
                  fixed("rerun", "", "10:00", monday, "FREQ=DAILY")};
  linked.slots[1].link = Link::follows;
  linked.slots[1].linked = "evening";
  linked.slots[2].link = Link::reruns;
  linked.slots[2].linked = "evening";
  CHECK(on(linked, "2026-11-02 20:00", "2026-11-02 23:30") ==
        Lines{"20:00 E1", "20:30 -", "23:00 E2"});
  CHECK(on(linked, "2026-11-03 10:00", "2026-11-03 23:30") ==
        Lines{"10:00 E1", "10:30 -", "20:00 E3", "20:30 -", "23:00 E4"});
  CHECK(on(linked, "2026-11-04 10:00", "2026-11-04 10:30") == Lines{"10:00 E3"});
}

TEST_CASE("two at the same time: rank, then the single date, then the order in the document") {
  Channel clash = simple();
  clash.slots = {fixed("daily", "series", "20:00", monday, "FREQ=DAILY"),
                 fixed("weekly", "films", "20:00", monday, "FREQ=WEEKLY"),
                 fixed("special", "news", "20:00", monday, "")};
  CHECK(on(clash, "2026-11-02 20:00", "2026-11-02 20:01") == Lines{"20:00 N"});
  // It was not shown on the 2nd, and took nothing from its list then.
  CHECK(on(clash, "2026-11-09 20:00", "2026-11-09 20:01") == Lines{"20:00 E3"});
  clash.slots[1].rank = 1;
  CHECK(on(clash, "2026-11-02 20:00", "2026-11-02 20:01") == Lines{"20:00 A"});
}

TEST_CASE("one that is still on: the next waits as long as it may be late, then it is dropped") {
  Channel clash = simple();
  clash.slots = {fixed("film", "films", "20:00", monday, "FREQ=DAILY"),
                 fixed("n", "news", "21:20", monday, "FREQ=DAILY")};
  CHECK(on(clash, "2026-11-02 20:00", "2026-11-02 22:00") == Lines{"20:00 A", "21:30 -"});
  clash.max_lateness_ms = 10 * minute_ms;
  CHECK(on(clash, "2026-11-02 20:00", "2026-11-02 22:00") ==
        Lines{"20:00 A", "21:30 N", "21:45 -"});
  SUBCASE("a slot that floods or lasts is joined late") {
    clash.max_lateness_ms = 0;
    clash.slots[1] = fixed("night", "series", "21:20", monday, "FREQ=DAILY", Take::flood);
    CHECK(on(clash, "2026-11-02 20:00", "2026-11-02 22:00") == Lines{"20:00 A", "21:30 E1"});
    clash.slots[1].take = Take::duration;
    clash.slots[1].duration_ms = 45 * minute_ms;
    CHECK(on(clash, "2026-11-02 20:00", "2026-11-02 22:10") ==
          Lines{"20:00 A", "21:30 E1", "22:00 -", "22:05 -"});
  }
  SUBCASE("one of higher rank cuts it") {
    clash.max_lateness_ms = 0;
    clash.slots[1].rank = 1;
    CHECK(on(clash, "2026-11-02 20:00", "2026-11-02 22:00") ==
          Lines{"20:00 A !", "21:20 N", "21:35 -"});
  }
}

TEST_CASE("an item that finds no room for a day is passed over") {
  Channel stuck = simple();
  stuck.lists[0].items = {title("long", 300), title("short", 60)};
  stuck.slots = {floating("f", "films")};
  for (const char* at : {"00:00", "04:00", "08:00", "12:00", "16:00", "20:00"})
    stuck.slots.push_back(fixed(std::string("n") + at, "news", at, monday, "FREQ=DAILY"));
  CHECK(on(stuck, "2026-11-02 00:00", "2026-11-02 04:15") ==
        Lines{"00:00 N", "00:15 -", "04:00 N"});
  CHECK(on(stuck, "2026-11-03 00:00", "2026-11-03 02:00") ==
        Lines{"00:00 N", "00:15 short", "01:15 -"});
  SUBCASE("at once, when its slot is never long enough") {
    stuck.slots = {fixed("f", "films", "20:00", monday, "FREQ=DAILY", Take::duration)};
    stuck.slots[0].duration_ms = 2 * hour_ms;
    CHECK(on(stuck, "2026-11-02 20:00", "2026-11-02 21:30") == Lines{"20:00 short", "21:00 short"});
  }
}

TEST_CASE("items without a length are never shown") {
  Channel unknown = with_films();
  unknown.lists[0].items[1].length_ms = 0;
  CHECK(on(unknown, "2026-11-02 00:00", "2026-11-02 04:00") ==
        Lines{"00:00 A", "01:30 C", "02:50 A"});
}

TEST_CASE("albums last as long as their pictures, pages and music as stated") {
  Channel mixed = simple();
  Item album, page, music;
  album.id = "album";
  album.kind = ItemKind::album;
  album.pictures = {"p1", "p2", "p3", "p4"};
  album.picture_ms = 15'000;
  page.id = "page";
  page.kind = ItemKind::page;
  page.text = "Back at eight";
  page.length_ms = minute_ms;
  music = title("song", 3);
  music.kind = ItemKind::music;
  music.pictures = {"p1"};
  music.picture_ms = 10'000;
  mixed.lists = {list("mix", {album, page, music})};
  mixed.slots = {floating("m", "mix")};
  CHECK(on(mixed, "2026-11-02 00:00", "2026-11-02 00:06") ==
        Lines{"00:00 album", "00:01 page", "00:02 song", "00:05 album"});
}

TEST_CASE("fillers before, inside and after a programme") {
  Channel filled = simple();
  filled.slots = {fixed("f", "films", "20:00", monday, "FREQ=DAILY")};
  filled.slots[0].fillers = std::vector<std::string>{"x"};
  SUBCASE("before: the programme itself begins later") {
    filled.fillers = {filler("x", "spots", Place::pre, Amount::count, 2)};
    CHECK(on(filled, "2026-11-02 20:00", "2026-11-02 21:36") ==
          Lines{"20:00 (s1)", "20:02 (s2)", "20:05 A", "21:35 -"});
  }
  SUBCASE("before, up to the next quarter") {
    filled.slots[0].fixed->at_ms += 7 * minute_ms;
    filled.fillers = {filler("x", "spots", Place::pre, Amount::pad, 15)};
    CHECK(on(filled, "2026-11-02 20:07", "2026-11-02 20:16") ==
          Lines{"20:07 (s1)", "20:09 (s2)", "20:12 (s1)", "20:14 -", "20:15 A"});
  }
  SUBCASE("inside, every half hour, not shortly before the end") {
    filled.fillers = {filler("x", "spots", Place::mid, Amount::count, 1)};
    filled.fillers[0].every_ms = 30 * minute_ms;
    CHECK(on(filled, "2026-11-02 20:00", "2026-11-02 21:36") ==
          Lines{"20:00 A", "20:30 (s1)", "20:32 A +30", "21:02 (s2)", "21:05 A +60", "21:35 -"});
    filled.fillers[0].every_ms = 40 * minute_ms;
    CHECK(on(filled, "2026-11-02 20:00", "2026-11-02 21:32") ==
          Lines{"20:00 A", "20:40 (s1)", "20:42 A +40"});
  }
  SUBCASE("after, as many as fit into four minutes") {
    filled.fillers = {filler("x", "spots", Place::post, Amount::duration, 4 * minute_ms)};
    CHECK(on(filled, "2026-11-02 21:00", "2026-11-02 21:36") ==
          Lines{"20:00 A", "21:30 (s1)", "21:32 -"});
  }
  SUBCASE("after, up to the full hour; what does not fit is dead air, or fallback") {
    filled.lists[0].items[0].length_ms = 53 * minute_ms;
    filled.fillers = {filler("x", "spots", Place::post, Amount::pad, 60)};
    CHECK(on(filled, "2026-11-02 20:00", "2026-11-02 21:00") ==
          Lines{"20:00 A", "20:53 (s1)", "20:55 (s2)", "20:58 (s1)"});
    filled.lists[0].items[0].length_ms = 54 * minute_ms;
    filled.fillers.push_back(filler("y", "loop", Place::fallback, Amount::all));
    filled.slots[0].fillers = std::vector<std::string>{"x", "y"};
    CHECK(on(filled, "2026-11-02 20:00", "2026-11-02 21:00") ==
          Lines{"20:00 A", "20:54 (s1)", "20:56 (s2)", "20:59 (aquarium) !"});
  }
}

TEST_CASE(
    "the gap before a fixed programme: tail fillers that fit, then fallback, cut at the end") {
  Channel gap = simple();
  gap.slots = {fixed("n", "news", "20:00", monday, "FREQ=DAILY"),
               fixed("m", "news", "20:36", monday, "FREQ=DAILY")};
  gap.fillers = {filler("t", "spots", Place::tail, Amount::count, 2),
                 filler("x", "loop", Place::fallback, Amount::all)};
  gap.usual_fillers = {"x"};
  CHECK(on(gap, "2026-11-02 20:00", "2026-11-02 20:36") ==
        Lines{"20:00 N", "20:15 (aquarium)", "20:25 (aquarium)", "20:35 (aquarium) !"});
  gap.usual_fillers = {"t", "x"};
  CHECK(on(gap, "2026-11-02 20:15", "2026-11-02 20:36") ==
        Lines{"20:15 (s1)", "20:17 (s2)", "20:20 (aquarium)", "20:30 (aquarium) !"});
  gap.fillers[0].amount = Amount::pad;
  gap.fillers[0].value = 5;
  CHECK(on(gap, "2026-11-02 20:15", "2026-11-02 20:36").front() == "20:15 (aquarium)");
}

TEST_CASE("what is late or missing: fallback in its place, nothing else moves") {
  Channel offers = simple();
  offers.slots = {floating("f", "films")};
  offers.fillers = {filler("x", "loop", Place::fallback, Amount::all)};
  KnownMedia media;
  const Lines planned = {"00:00 A", "01:30 B", "03:10 C"};
  media.states["B"] = Availability::known;
  media.late_from = 0;
  CHECK(on(offers, "2026-11-02 00:00", "2026-11-02 03:11", media) == planned);
  media.states["B"] = Availability::late;
  CHECK(on(offers, "2026-11-02 00:00", "2026-11-02 03:11", media) ==
        Lines{"00:00 A", "01:30 - for B", "03:10 C"});
  offers.usual_fillers = {"x"};
  offers.lists[0].items[1].length_ms = 25 * minute_ms;
  CHECK(on(offers, "2026-11-02 00:00", "2026-11-02 01:56", media) ==
        Lines{"00:00 A", "01:30 (aquarium) for B", "01:40 (aquarium) for B",
              "01:50 (aquarium) for B !", "01:55 C"});
  media.states["aquarium"] = Availability::missing;
  CHECK(on(offers, "2026-11-02 00:00", "2026-11-02 01:56", media) ==
        Lines{"00:00 A", "01:30 - for B", "01:55 C"});
}

TEST_CASE("days of 23, 25 and 24 and a half hours") {
  struct Row {
    const char* zone;
    const char* day;
    double hours;
    Lines shown;  // from 01:00 on, for four and a half hours
  };
  // News daily at 02:30, a loop of half hours else.
  const Row rows[] = {
      // 02:00 to 03:00 is left out: the news of 02:30 are on at 03:30.
      {"Europe/Berlin",
       "2026-03-29",
       23,
       {"01:00 (x)", "01:30 (x)", "03:00 (x)", "03:30 N", "04:00 (x)", "04:30 (x)", "05:00 (x)",
        "05:30 (x)", "06:00 (x)"}},
      // 02:00 to 03:00 comes twice: the first 02:30 counts.
      {"Europe/Berlin",
       "2026-10-25",
       25,
       {"01:00 (x)", "01:30 (x)", "02:00 (x)", "02:30 N", "02:00 (x)", "02:30 (x)", "03:00 (x)",
        "03:30 (x)", "04:00 (x)"}},
      {"America/New_York",
       "2026-03-08",
       23,
       {"01:00 (x)", "01:30 (x)", "03:00 (x)", "03:30 N", "04:00 (x)", "04:30 (x)", "05:00 (x)",
        "05:30 (x)", "06:00 (x)"}},
      {"America/New_York",
       "2026-11-01",
       25,
       {"01:00 (x)", "01:30 (x)", "01:00 (x)", "01:30 (x)", "02:00 (x)", "02:30 N", "03:00 (x)",
        "03:30 (x)", "04:00 (x)"}},
      // Half an hour: 02:00 to 02:30 is left out, or comes twice.
      {"Australia/Lord_Howe",
       "2026-10-04",
       23.5,
       {"01:00 (x)", "01:30 (x)", "02:30 N", "03:00 (x)", "03:30 (x)", "04:00 (x)", "04:30 (x)",
        "05:00 (x)", "05:30 (x)"}},
      {"Australia/Lord_Howe",
       "2026-04-05",
       24.5,
       {"01:00 (x)", "01:30 (x)", "01:30 (x)", "02:00 (x)", "02:30 N", "03:00 (x)", "03:30 (x)",
        "04:00 (x)", "04:30 (x)"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.zone);
    CAPTURE(row.day);
    Channel night = channel(row.zone, row.day);
    night.lists = {list("news", {title("N", 30)}), list("loop", {title("x", 30)})};
    night.slots = {fixed("n", "news", "02:30", row.day, "FREQ=DAILY")};
    night.fillers = {filler("loop", "loop", Place::fallback, Amount::all)};
    night.usual_fillers = {"loop"};
    auto timeline = Timeline::make(night, zone(row.zone));
    REQUIRE(timeline);
    const UtcMs from = local(timeline->zone(), std::string(row.day) + " 01:00");
    const auto entries = timeline->playout(KnownMedia(), from, from + 4 * hour_ms + 30 * minute_ms);
    CHECK(lines(*timeline, entries) == row.shown);
    const Day day = parse_day(row.day).value();
    const UtcMs midnight = timeline->zone().to_utc(day, 0);
    CHECK(timeline->zone().to_utc(day + 1, 0) - midnight ==
          static_cast<std::int64_t>(row.hours * hour_ms));
  }
}

TEST_CASE("the days of 1,024: a list that begins anew") {
  const Channel films = with_films();
  const Zone berlin = zone("Europe/Berlin");
  const Day first = parse_day(monday).value() + 1024;
  const UtcMs midnight = berlin.to_utc(first, 0);
  auto timeline = Timeline::make(films, berlin);
  const auto entries = timeline->playout(KnownMedia(), midnight - 1, midnight + 1);
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].end == midnight);
  CHECK(lines(*timeline, entries)[1] == "00:00 A");
}
