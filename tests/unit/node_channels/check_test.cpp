// What the owner is told. The channel is on the air all the same.
#include "node/channels/check.h"

#include <doctest/doctest.h>

#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node::channels;
using namespace hearth::test;

namespace {

const std::string monday = "2026-11-02";

/// A channel about which there is nothing to say.
Channel fine() {
  Channel out = channel("Europe/Berlin", monday);
  out.lists = {list("films", {title("A", 90)}), list("news", {title("N", 15)})};
  out.slots = {floating("f", "films"), fixed("n", "news", "20:00", monday, "FREQ=DAILY")};
  return out;
}

KnownMedia known(const Channel& channel) {
  KnownMedia media;
  for (const List& list : channel.lists) {
    for (const Item& item : list.items)
      media.facts[item.media] = {item.name, wire::Kind::video, item.length_ms, 0, "", {}};
  }
  return media;
}

std::vector<std::string> told(const Channel& channel, const Media& media) {
  auto timeline = Timeline::make(channel, zone(channel.zone));
  REQUIRE_MESSAGE(timeline, timeline.error().sentence);
  std::vector<std::string> out;
  for (const Warning& one : check(*timeline, media, channel.since.at)) {
    CHECK(one.sentence.size() > 20);
    out.push_back(std::string(name_of(one.problem)) + " " + one.where);
  }
  return out;
}

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("nothing to say") {
  CHECK(told(fine(), known(fine())).empty());
}

TEST_CASE("nothing to show") {
  CHECK(told(channel("UTC", monday), KnownMedia()) == Told{"empty_channel "});
  Channel empty = fine();
  empty.lists[1].items.clear();
  CHECK(told(empty, known(empty)) == Told{"empty_list n"});
}

TEST_CASE("items: no length, unknown, not playable, another length") {
  Channel odd = fine();
  odd.lists[0].items.push_back(title("no-length", 0));
  odd.lists[0].items.push_back(title("unknown", 10));
  odd.lists[0].items.push_back(title("broken", 10));
  odd.lists[0].items.push_back(title("short", 10));
  KnownMedia media = known(odd);
  media.facts.erase("unknown");
  media.states["broken"] = Availability::missing;
  media.late_from = 0;
  media.facts["short"].length_ms = 500'000;
  CHECK(told(odd, media) == Told{"no_length no-length", "unknown_title unknown",
                                 "cannot_play broken", "length_differs short"});
}

TEST_CASE("offers: too dear, over the month's budget, nothing to fall back to") {
  Channel buying = fine();
  for (const char* id : {"o1", "o2", "o3"}) {
    buying.lists[0].items.push_back(title(id, 60));
    buying.lists[0].items.back().kind = ItemKind::offer;
  }
  KnownMedia media = known(buying);
  media.facts["o1"].price = money::parse("3.00 EUR").value();
  media.facts["o2"].price = money::parse("6.00 EUR").value();
  media.facts["o3"].price = money::parse("3.00 USD").value();
  buying.budget = {500, 800, "EUR"};
  CHECK(told(buying, media) == Told{"too_dear o2", "too_dear o3", "over_budget ", "no_fallback "});
  buying.budget = {600, 900, "EUR"};
  buying.fillers = {filler("x", "news", Place::fallback, Amount::all)};
  CHECK(told(buying, media) == Told{"too_dear o3"});
}

TEST_CASE("rules that contradict each other") {
  Channel clash = fine();
  clash.slots.push_back(fixed("m", "news", "20:05", monday, "FREQ=DAILY"));
  CHECK(told(clash, known(clash)) == Told{"overlaps m"});
  clash.slots[2].rank = 1;
  CHECK(told(clash, known(clash)) == Told{"cut_short n"});
  Channel tight = fine();
  tight.slots.push_back(fixed("m", "news", "08:00", monday, "FREQ=DAILY"));
  tight.lists[0].items.push_back(title("epic", 13 * 60));
  CHECK(told(tight, known(tight)) == Told{"never_fits epic"});
  Channel behind = fine();
  behind.slots.push_back(floating("g", "films"));
  CHECK(told(behind, known(behind)) == Told{"never_reached g"});
}

TEST_CASE("ten thousand troubles are told as two hundred") {
  Channel many = fine();
  for (int i = 0; i < 9'000; ++i) many.lists[0].items.push_back(title("t" + std::to_string(i), 0));
  CHECK(told(many, known(many)).size() == max_warnings);
}
