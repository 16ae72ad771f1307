// Random channels and spans, from seeds; a failure prints its seed:
//   HEARTH_CHANNEL_SEED=17 HEARTH_CHANNELS=1 bin/channels_property_tests
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>

#include "node/channels/channel_json.h"
#include "node/channels/guide.h"
#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node::channels;
using namespace hearth::test;

namespace {

std::uint64_t number_from(const char* name, std::uint64_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

/// Late and missing media here and there, by the hash of their name.
KnownMedia some_missing(const Channel& channel) {
  KnownMedia media;
  media.late_from = 0;
  std::uint64_t n = 0;
  for (const List& list : channel.lists) {
    for (const Item& item : list.items) {
      if (++n % 5 == 0) media.states[item.media] = static_cast<Availability>(2 + n % 3);
    }
  }
  return media;
}

struct World {
  explicit World(std::uint64_t number)
      : seed(number),
        channel(random_channel(number)),
        media(some_missing(channel)),
        random(number * 7919 + 1),
        timeline(Timeline::make(channel, zone(channel.zone)).value()) {}
  Timeline fresh() const { return Timeline::make(channel, zone(channel.zone)).value(); }
  /// From a week before the beginning to two months after it.
  UtcMs some_time() {
    return channel.since.at - 7 * day_ms + static_cast<UtcMs>(random() % (67 * day_ms));
  }
  std::uint64_t seed;
  Channel channel;
  KnownMedia media;
  std::mt19937_64 random;
  Timeline timeline;
};

/// Without gaps and overlaps, touching [from, to) and nothing else.
template <class T>
void check_shape(const std::vector<T>& entries, UtcMs from, UtcMs to) {
  REQUIRE_FALSE(entries.empty());
  CHECK(entries.front().start <= from);
  CHECK(entries.front().end > from);
  CHECK(entries.back().start < to);
  CHECK(entries.back().end >= to);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    REQUIRE(entries[i].start < entries[i].end);
    if (i > 0) REQUIRE(entries[i - 1].end == entries[i].start);
  }
}

/// Those of `all` that touch [from, to).
template <class T>
std::vector<T> part(const std::vector<T>& all, UtcMs from, UtcMs to) {
  std::vector<T> out;
  for (const T& one : all) {
    if (one.end > from && one.start < to) out.push_back(one);
  }
  return out;
}

void check_entry(const Channel& channel, const Entry& entry) {
  const Item* item = item_of(channel, entry.shows);
  CHECK((item == nullptr) == (entry.kind == EntryKind::dead_air));
  if (item == nullptr) return;
  const std::int64_t length = length_of(*item);
  REQUIRE(entry.offset_ms + (entry.end - entry.start) <= length);
  if (entry.kind == EntryKind::filler) CHECK(entry.cut == (entry.end - entry.start < length));
  if (entry.planned != 0) CHECK(entry.airing >= entry.planned);
}

template <class F>
void for_channels(F test) {
  const std::uint64_t first = number_from("HEARTH_CHANNEL_SEED", 1);
  const std::uint64_t count = number_from("HEARTH_CHANNELS", 400);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    CAPTURE(seed);
    World world(seed);
    CAPTURE(world.channel.zone);
    test(world);
  }
}

}  // namespace

TEST_CASE("no gap, no overlap, and the same whatever is asked in whatever order") {
  for_channels([](World& world) {
    const UtcMs from = world.some_time(), to = from + 8 * day_ms;
    const auto all = world.fresh().playout(world.media, from, to);
    check_shape(all, from, to);
    for (const Entry& entry : all) check_entry(world.channel, entry);
    for (int i = 0; i < 6; ++i) {
      const UtcMs begin = from + static_cast<UtcMs>(world.random() % (7 * day_ms));
      const UtcMs end = begin + 1 + static_cast<UtcMs>(world.random() % day_ms);
      // Earlier questions have left their marks in this one, and none in a fresh one.
      const auto expected = part(all, begin, end);
      CHECK(world.timeline.playout(world.media, begin, end) == expected);
      CHECK(world.fresh().playout(world.media, begin, end) == expected);
    }
  });
}

TEST_CASE("the document read again gives the same list") {
  for_channels([](World& world) {
    const std::string text = write_channel(world.channel);
    const auto again = read_channel(text);
    REQUIRE_MESSAGE(again, again.error().sentence);
    CHECK(*again == world.channel);
    CHECK(write_channel(*again) == text);
    const UtcMs from = world.some_time();
    auto other = Timeline::make(*again, world.timeline.zone());
    CHECK(other->playout(world.media, from, from + 2 * day_ms) ==
          world.timeline.playout(world.media, from, from + 2 * day_ms));
  });
}

TEST_CASE("the guide has no gap and no overlap, is one whatever is asked, and says what is shown") {
  for_channels([](World& world) {
    const UtcMs from = world.some_time(), to = from + 5 * day_ms;
    const auto all = world.fresh().guide(world.media, from, to);
    check_shape(all, from, to);
    for (int i = 0; i < 6; ++i) {
      const UtcMs begin = from + static_cast<UtcMs>(world.random() % (4 * day_ms));
      const UtcMs end = begin + 1 + static_cast<UtcMs>(world.random() % day_ms);
      CHECK(world.timeline.guide(world.media, begin, end) == part(all, begin, end));
    }
    for (const Entry& entry : world.fresh().playout(world.media, from, to)) {
      if (entry.kind != EntryKind::programme) continue;
      const auto said = part(all, entry.start, entry.end);
      REQUIRE(said.size() == 1);
      CHECK(said[0].item == entry.shows);
      CHECK(said[0].shown);
    }
  });
}

TEST_CASE("an edit that changes nothing changes nothing that comes") {
  for_channels([](World& world) {
    const UtcMs at = world.some_time();
    Channel later = world.channel;
    later.since = world.timeline.since(at);
    CHECK(later.since.at <= std::max(at, world.channel.since.at));
    const auto read = read_channel(write_channel(later));
    REQUIRE_MESSAGE(read, read.error().sentence);
    auto edited = Timeline::make(*read, world.timeline.zone());
    CHECK(edited->planned(later.since.at, at + 6 * day_ms) ==
          world.timeline.planned(later.since.at, at + 6 * day_ms));
  });
}

TEST_CASE("media that come late change what is shown in their place and nothing else") {
  for_channels([](World& world) {
    const UtcMs from = world.some_time(), to = from + 3 * day_ms;
    const auto shown = world.timeline.playout(world.media, from, to);
    const auto planned = world.timeline.planned(from, to);
    check_shape(shown, from, to);
    auto one = shown.begin();
    for (const Entry& entry : planned) {
      while (one != shown.end() && one->end <= entry.start) ++one;
      if (one == shown.end() || one->instead_of.any() || one->start > entry.start) continue;
      CHECK(one->shows == entry.shows);
      CHECK(one->start == entry.start);
      CHECK(one->end == entry.end);
    }
  });
}

TEST_CASE("a day played by a clock of its own: nothing starts more than 40 ms off the list") {
  for_channels([](World& world) {
    if (world.seed % 4 != 0) return;
    const UtcMs begin = std::max(world.some_time(), UtcMs{0});
    // A player that knows nothing but the list: it opens what is on, and when that is over by
    // its own length (or by the list, where it is cut), asks for what is next.
    UtcMs clock = begin;
    while (clock < begin + day_ms) {
      const Entry entry = world.timeline.on_air(world.media, clock);
      REQUIRE(entry.start <= clock);
      REQUIRE(entry.end > clock);
      if (clock != begin) CHECK(clock - entry.start <= 40);
      const Item* item = item_of(world.channel, entry.shows);
      const std::int64_t left = item == nullptr
                                    ? entry.end - clock
                                    : length_of(*item) - entry.offset_ms - (clock - entry.start);
      clock += std::min(left, entry.end - clock);
    }
  });
}
