#include "tests/support/channel_world.h"

#include <random>

#include "common/base/assert.h"
#include "common/base/zone_files.h"
#include "node/channels/channel_json.h"

namespace hearth::test {

using namespace node::channels;

Zone zone(const std::string& name) {
  const auto file = read_zone_file(name);
  HEARTH_ASSERT(file.has_value());
  auto zone = Zone::from_tzif(*file);
  HEARTH_ASSERT(zone.has_value());
  return *zone;
}

UtcMs local(const Zone& zone, const std::string& text) {
  const auto day = parse_day(text.substr(0, 10));
  const auto clock = parse_clock(text.size() > 11 ? text.substr(11) : "00:00");
  HEARTH_ASSERT(day && clock);
  return zone.to_utc(*day, *clock);
}

const Facts* KnownMedia::find(std::string_view media) const {
  const auto found = facts.find(media);
  return found == facts.end() ? nullptr : &found->second;
}

Availability KnownMedia::at(const Item& item, UtcMs start) const {
  const auto found = states.find(item.media);
  return found == states.end() || start < late_from ? Availability::ready : found->second;
}

Item title(const std::string& id, double minutes) {
  Item item;
  item.id = item.media = item.name = id;
  item.length_ms = static_cast<std::int64_t>(minutes * 60'000);
  return item;
}

List list(const std::string& id, std::vector<Item> items, Order order) {
  return {id, "", order, std::move(items)};
}

Slot floating(const std::string& id, const std::string& list, Take take) {
  Slot slot;
  slot.id = id;
  slot.list = list;
  slot.take = take;
  return slot;
}

Slot fixed(const std::string& id, const std::string& list, const std::string& at,
           const std::string& first, const std::string& rule, Take take) {
  Slot slot = floating(id, list, take);
  slot.fixed = Fixed{parse_clock(at).value(), parse_day(first).value(), rule, {}, {}};
  return slot;
}

Filler filler(const std::string& id, const std::string& list, Place place, Amount amount,
              std::int64_t value) {
  Filler out;
  out.id = id;
  out.list = list;
  out.place = place;
  out.amount = amount;
  out.value = value;
  return out;
}

Channel channel(const std::string& zone_name, const std::string& day) {
  Channel out;
  out.id = "c1";
  out.name = "Channel";
  out.zone = zone_name;
  out.since.at = local(zone(zone_name), day);
  out.since.handled = out.since.at - 1;
  return out;
}

namespace {

std::string wall_clock(const Zone& zone, UtcMs at) {
  return format_clock(zone.wall_ms(at) - std::int64_t{zone.local_day(at)} * day_ms);
}

}  // namespace

std::vector<std::string> lines(const Timeline& timeline, const std::vector<Entry>& entries) {
  std::vector<std::string> out;
  for (const Entry& entry : entries) {
    const Item* item = item_of(timeline.channel(), entry.shows);
    std::string what = item == nullptr ? "-" : item->id;
    if (entry.kind == EntryKind::filler) what = "(" + what + ")";
    if (entry.offset_ms != 0) what += " +" + std::to_string(entry.offset_ms / minute_ms);
    if (entry.instead_of.any()) what += " for " + item_of(timeline.channel(), entry.instead_of)->id;
    out.push_back(wall_clock(timeline.zone(), entry.start) + " " + what + (entry.cut ? " !" : ""));
  }
  return out;
}

std::vector<std::string> lines_of_guide(const Timeline& timeline,
                                        const std::vector<GuideEntry>& entries) {
  std::vector<std::string> out;
  for (const GuideEntry& entry : entries) {
    const Item* item = item_of(timeline.channel(), entry.item);
    std::string what = item == nullptr ? std::string(name_of(entry.kind)) : item->id;
    if (!entry.shown) what += " (not shown)";
    out.push_back(wall_clock(timeline.zone(), entry.start) + " " + what);
  }
  return out;
}

namespace {

/// Draws in the same order for the same seed.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  std::int64_t upto(std::int64_t most) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most + 1));
  }
  bool one_in(std::int64_t n) { return upto(n - 1) == 0; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(upto(static_cast<std::int64_t>(all.size()) - 1))];
  }

 private:
  std::mt19937_64 random_;
};

const std::vector<std::string> zones = {
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
    "UTC",           "America/Santiago", "Africa/Casablanca"};

List random_list(Draw& draw, int number) {
  List out;
  out.id = "l" + std::to_string(number);
  out.order = static_cast<Order>(1 + draw.upto(2));
  const auto count = draw.one_in(12) ? 0 : 1 + draw.upto(draw.one_in(4) ? 60 : 8);
  const bool clips = draw.one_in(2);
  for (int i = 0; i < count; ++i) {
    Item item = title(out.id + "-" + std::to_string(i), 0);
    item.length_ms = draw.one_in(15) ? 0
                     : clips         ? 1000 + draw.upto(5 * minute_ms)
                                     : 10 * minute_ms + draw.upto(170 * minute_ms);
    item.weight = static_cast<std::int32_t>(1 + draw.upto(9));
    out.items.push_back(std::move(item));
  }
  return out;
}

Filler random_filler(Draw& draw, int number, const std::vector<List>& lists) {
  Filler out = filler("f" + std::to_string(number), draw.of(lists).id,
                      static_cast<Place>(1 + draw.upto(4)), static_cast<Amount>(1 + draw.upto(3)));
  if (out.place == Place::mid) {
    out.every_ms = minute_ms + draw.upto(40 * minute_ms);
    if (out.amount == Amount::pad) out.amount = Amount::count;
  }
  if (out.amount == Amount::count) out.value = 1 + draw.upto(4);
  if (out.amount == Amount::duration) out.value = 1000 + draw.upto(10 * minute_ms);
  if (out.amount == Amount::pad) out.value = draw.of(std::vector<std::int64_t>{5, 15, 30, 60});
  return out;
}

Slot random_slot(Draw& draw, int number, const Channel& channel, Day day) {
  static const std::vector<std::string> rules = {"",
                                                 "FREQ=DAILY",
                                                 "FREQ=DAILY;INTERVAL=3",
                                                 "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                                                 "FREQ=WEEKLY",
                                                 "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU",
                                                 "FREQ=MONTHLY;BYDAY=-1FR",
                                                 "FREQ=DAILY;COUNT=9",
                                                 "FREQ=MONTHLY;BYMONTHDAY=31",
                                                 "FREQ=YEARLY",
                                                 "FREQ=WEEKLY;UNTIL=20270401;BYDAY=SU"};
  Slot out = floating("s" + std::to_string(number), draw.of(channel.lists).id,
                      static_cast<Take>(1 + draw.upto(3)));
  out.count = static_cast<std::int32_t>(1 + draw.upto(5));
  out.duration_ms = minute_ms * (1 + draw.upto(draw.one_in(5) ? 1500 : 240));
  if (!draw.one_in(3)) {
    const auto quarter = draw.upto(95) * 15 * minute_ms;
    out.fixed = Fixed{draw.one_in(4) ? draw.upto(day_ms - 1) : quarter,
                      day + static_cast<Day>(draw.upto(20)) - 10,
                      draw.of(rules),
                      {},
                      {}};
    if (draw.one_in(6)) out.fixed->except.push_back(day + static_cast<Day>(draw.upto(20)));
    if (draw.one_in(6)) out.fixed->also.push_back(day + static_cast<Day>(draw.upto(20)));
    out.rank = static_cast<std::int32_t>(draw.one_in(3) ? draw.upto(9) : 0);
  }
  if (!channel.slots.empty() && draw.one_in(4)) {
    const Slot& other = draw.of(channel.slots);
    if (other.link != Link::reruns) {
      out.link = draw.one_in(2) ? Link::follows : Link::reruns;
      out.linked = other.id;
    }
  }
  if (!channel.fillers.empty() && draw.one_in(2))
    out.fillers = std::vector<std::string>{draw.of(channel.fillers).id};
  return out;
}

}  // namespace

Channel random_channel(std::uint64_t seed) {
  Draw draw(seed);
  const Day day = day_of({2026, 1, 1}) + static_cast<Day>(draw.upto(500));
  Channel out = channel(draw.of(zones), format_day(day));
  out.seed = static_cast<std::uint64_t>(draw.upto(1'000'000));
  out.since.at += draw.one_in(2) ? draw.upto(day_ms) : 0;
  out.since.handled = out.since.at - 1;
  out.max_lateness_ms = draw.one_in(2) ? 0 : draw.upto(20 * minute_ms);
  for (int i = 0, n = static_cast<int>(1 + draw.upto(4)); i < n; ++i)
    out.lists.push_back(random_list(draw, i));
  for (int i = 0, n = static_cast<int>(draw.upto(5)); i < n; ++i)
    out.fillers.push_back(random_filler(draw, i, out.lists));
  for (int i = 0, n = static_cast<int>(draw.upto(8)); i < n; ++i)
    out.slots.push_back(random_slot(draw, i, out, day));
  for (const Filler& one : out.fillers) {
    if (out.usual_fillers.size() < places_of_fillers && draw.one_in(2))
      out.usual_fillers.push_back(one.id);
  }
  const auto read = read_channel(write_channel(out));  // members that say nothing are gone
  HEARTH_ASSERT(read.has_value());
  return *read;
}

}  // namespace hearth::test
