// What guide page, XMLTV and TV say about the list.
#include "node/channels/guide.h"

#include <doctest/doctest.h>

#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node::channels;
using namespace hearth::test;

namespace {

using Lines = std::vector<std::string>;

Lines guide_of(const Channel& channel, const std::string& from, const std::string& to,
               const KnownMedia& media = {}) {
  auto timeline = Timeline::make(channel, zone(channel.zone));
  REQUIRE_MESSAGE(timeline, timeline.error().sentence);
  const Zone& there = timeline->zone();
  return lines_of_guide(*timeline, timeline->guide(media, local(there, from), local(there, to)));
}

Channel evening() {
  Channel out = channel("Europe/Berlin", "2026-11-02");
  out.lists = {list("films", {title("A", 90), title("B", 100)}), list("news", {title("N", 12)}),
               list("spots", {title("spot", 3)})};
  out.slots = {fixed("film", "films", "20:00", "2026-11-02", "FREQ=DAILY"),
               fixed("n1", "news", "21:40", "2026-11-02", "FREQ=DAILY"),
               fixed("n2", "news", "22:10", "2026-11-02", "FREQ=DAILY")};
  out.fillers = {filler("pre", "spots", Place::pre, Amount::count, 1),
                 filler("tail", "spots", Place::tail, Amount::all)};
  return out;
}

}  // namespace

TEST_CASE("short gaps are the programme's before them, long ones their own") {
  // 21:30 to 21:40 is short; 21:52 to 22:10 is not; after 22:22 nothing comes.
  CHECK(
      guide_of(evening(), "2026-11-02 19:00", "2026-11-02 23:00") ==
      Lines{"00:00 dead_air", "20:00 A", "21:40 N", "21:52 dead_air", "22:10 N", "22:22 dead_air"});
  SUBCASE("filled or not") {
    Channel filled = evening();
    filled.usual_fillers = {"tail"};
    CHECK(guide_of(filled, "2026-11-02 20:00", "2026-11-02 22:11") ==
          Lines{"20:00 A", "21:40 N", "21:52 filler", "22:10 N"});
  }
}

TEST_CASE("what stands before and inside a programme belongs to it") {
  Channel filled = evening();
  filled.usual_fillers = {"pre"};
  CHECK(guide_of(filled, "2026-11-02 20:00", "2026-11-02 21:55") == Lines{"20:00 A", "21:40 N"});
  filled.fillers[0].place = Place::mid;
  filled.fillers[0].every_ms = 20 * minute_ms;
  CHECK(guide_of(filled, "2026-11-02 20:30", "2026-11-02 21:00") == Lines{"20:00 A"});
}

TEST_CASE("a programme over midnight, and the gap after midnight") {
  Channel night = evening();
  night.slots = {fixed("film", "films", "23:00", "2026-11-02", "FREQ=DAILY"),
                 fixed("n1", "news", "00:40", "2026-11-02", "FREQ=DAILY")};
  CHECK(guide_of(night, "2026-11-03 00:05", "2026-11-03 00:45") == Lines{"23:00 A", "00:40 N"});
  CHECK(guide_of(night, "2026-11-03 00:35", "2026-11-03 00:36") == Lines{"23:00 A"});
}

TEST_CASE("a programme that is not shown is named, and said to be not shown") {
  KnownMedia media;
  media.states["A"] = Availability::late;
  media.late_from = 0;
  CHECK(guide_of(evening(), "2026-11-02 20:00", "2026-11-02 21:41", media) ==
        Lines{"20:00 A (not shown)", "21:40 N"});
}

TEST_CASE("names: the media's own, else the item's") {
  Channel named = evening();
  named.lists[0].items[0].name = "As it was called";
  auto timeline = Timeline::make(named, zone(named.zone));
  KnownMedia media;
  const UtcMs at = local(timeline->zone(), "2026-11-02 20:00");
  const auto title = [&] {
    return std::string(title_of(named, media, timeline->guide(media, at, at + 1)[0]));
  };
  CHECK(title() == "As it was called");
  media.facts["A"].name = "A Film";
  CHECK(title() == "A Film");
  CHECK(title_of(named, media, timeline->on_air(media, at)) == "A Film");
  CHECK(title_of(named, media, timeline->on_air(media, at - 1)).empty());
}

TEST_CASE("a page has one row for each channel, in the order asked for") {
  auto one = Timeline::make(evening(), zone("Europe/Berlin"));
  Channel other = evening();
  other.slots.clear();
  auto two = Timeline::make(other, zone("Europe/Berlin"));
  const UtcMs at = local(one->zone(), "2026-11-02 20:00");
  const auto rows = guide({&*two, &*one}, KnownMedia(), at, at + 4 * hour_ms);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].channel == &*two);
  CHECK(rows[0].entries.size() == 1);
  CHECK(lines_of_guide(*one, rows[1].entries)[0] == "20:00 A");
}
