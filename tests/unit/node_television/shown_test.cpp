// What was shown, over the versions of a channel.
#include "node/television/shown.h"

#include <doctest/doctest.h>

#include "node/channels/edit.h"
#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::node::channels;
using namespace hearth::test;

namespace {

using Lines = std::vector<std::string>;

/// A film of an hour each, for ever; versions follow each other.
struct History {
  std::vector<std::unique_ptr<Timeline>> made;
  std::vector<Stretch> stretches;
  KnownMedia media;
  Zone berlin = zone("Europe/Berlin");

  History() {
    Channel one = channel("Europe/Berlin", "2026-11-02");
    one.lists = {list("l1", {title("A", 60), title("B", 60), title("C", 60)})};
    one.slots = {floating("s1", "l1")};
    add(one, one.since.at);
  }
  UtcMs at(const std::string& clock) const { return local(berlin, "2026-11-02 " + clock); }
  void add(const Channel& channel, UtcMs from) {
    made.push_back(std::make_unique<Timeline>(Timeline::make(channel, berlin).value()));
    stretches.push_back({from, made.back().get()});
  }
  void edit(const std::string& clock, const std::vector<Change>& changes) {
    const Timeline& now = *made.back();
    const auto next = edited(now, now.channel().version, at(clock), changes);
    REQUIRE_MESSAGE(next, next.error().sentence);
    add(*next, at(clock));
  }
  Lines on(const std::string& from, const std::string& to) const {
    Lines out;
    for (const ShownEntry& one : shown_entries(stretches, media, at(from), at(to)))
      out.push_back(lines(*one.of, {one.entry}).front());
    return out;
  }
  Lines in_guide(const std::string& from, const std::string& to) const {
    Lines out;
    for (const ShownProgramme& one : shown_guide(stretches, media, at(from), at(to)))
      out.push_back(lines_of_guide(*one.of, {one.entry}).front());
    return out;
  }
};

}  // namespace

TEST_CASE("one version answers alone") {
  const History history;
  CHECK(history.on("01:30", "03:30") == Lines{"01:00 B", "02:00 C", "03:00 A"});
}

TEST_CASE("what an edit takes away was shown all the same") {
  History history;
  history.edit("04:30", {remove_item("A"), remove_item("B")});
  CHECK(history.on("00:00", "07:00") == Lines{"00:00 A", "01:00 B", "02:00 C", "03:00 A",
                                              "04:00 B !", "04:30 C +30", "05:00 C", "06:00 C"});
  CHECK(history.in_guide("03:00", "06:00") == Lines{"03:00 A", "04:00 B", "04:30 C", "05:00 C"});
}

TEST_CASE("what runs on over an edit is one entry") {
  History history;
  Item late = title("D", 60);
  history.edit("04:30", {add_items("l1", {late}, "", history.media)});
  CHECK(history.on("04:00", "08:00") == Lines{"04:00 B", "05:00 C", "06:00 D", "07:00 A"});
  SUBCASE("asked from after the edit as well") {
    CHECK(history.on("04:40", "04:50") == Lines{"04:00 B"});
    CHECK(history.in_guide("04:40", "04:50") == Lines{"04:00 B"});
  }
  SUBCASE("over several edits") {
    history.edit("04:35", {add_items("l1", {title("E", 60)}, "", history.media)});
    history.edit("04:36", {remove_item("E")});
    CHECK(history.on("04:50", "05:30") == Lines{"04:00 B", "05:00 C"});
  }
}

TEST_CASE("no gaps and no overlaps, however often it is edited") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const Channel first = random_channel(seed);
    std::vector<std::unique_ptr<Timeline>> made;
    std::vector<Stretch> stretches;
    const Zone where = zone(first.zone);
    const KnownMedia media;
    made.push_back(std::make_unique<Timeline>(Timeline::make(first, where).value()));
    stretches.push_back({first.since.at, made.back().get()});
    for (int i = 1; i <= 4; ++i) {
      const Timeline& now = *made.back();
      const UtcMs at = first.since.at + i * 7 * hour_ms + static_cast<UtcMs>(seed) * 61'000;
      std::vector<Change> changes;
      const List& some = now.channel().lists[seed % now.channel().lists.size()];
      if (!some.items.empty()) changes.push_back(remove_item(some.items.front().id));
      const auto next = edited(now, now.channel().version, at, changes);
      REQUIRE(next);
      made.push_back(std::make_unique<Timeline>(Timeline::make(*next, where).value()));
      stretches.push_back({at, made.back().get()});
    }
    const UtcMs from = first.since.at - hour_ms, to = first.since.at + 40 * hour_ms;
    const auto all = shown_entries(stretches, media, from, to);
    REQUIRE_FALSE(all.empty());
    CHECK(all.front().entry.start <= from);
    CHECK(all.back().entry.end >= to);
    for (std::size_t i = 1; i < all.size(); ++i)
      REQUIRE(all[i - 1].entry.end == all[i].entry.start);
    // A part of it is the same part.
    for (std::size_t i = 0; i < all.size(); i += 7) {
      const auto one = shown_entries(stretches, media, all[i].entry.start, all[i].entry.start + 1);
      REQUIRE(one.size() == 1);
      CHECK(one.front().entry == all[i].entry);
    }
  }
}
