// A channel's document, recurrence rules, zone files and ErsatzTV's playouts. The first byte picks
// the decoder. What is taken can be written, is the same when it is read again, and has a list
// without gaps; a rule's days are the same however they are asked for.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "node/channels/channel_json.h"
#include "node/channels/ersatztv.h"
#include "node/channels/recurrence.h"
#include "node/channels/zone_rule.h"

namespace {

using namespace hearth;
using namespace hearth::node::channels;

class Anything : public Media {
 public:
  const Facts* find(std::string_view) const override { return nullptr; }
  Availability at(const Item& item, UtcMs start) const override {
    return static_cast<Availability>(1 + (item.id.size() + static_cast<std::size_t>(start)) % 4);
  }
};

/// Of short lists an evening is made; long ones cost more than they tell.
void check_list(const Channel& channel) {
  const auto timeline = Timeline::make(channel, Zone());
  HEARTH_ASSERT(timeline.has_value());
  const UtcMs from = channel.since.at, to = from + hour_ms;
  UtcMs at = 0;
  for (const Entry& entry : timeline->playout(Anything(), from, to)) {
    HEARTH_ASSERT(entry.start < entry.end && (at == 0 || entry.start == at));
    at = entry.end;
  }
  HEARTH_ASSERT(at >= to || to > std::int64_t{last_day} * day_ms);
}

void check_document(ByteView value) {
  const auto channel = read_channel(as_text(value));
  if (!channel) return;
  const std::string text = write_channel(*channel);
  HEARTH_ASSERT(read_channel(text) == *channel);
  check_list(*channel);
}

void check_rule(ByteView value) {
  constexpr Day first = 20'000;
  const auto rule = Recurrence::parse(std::string(as_text(value)), first);
  if (!rule) return;
  std::vector<Day> together, day_by_day;
  rule->add_days(first - 10, first + 60, together);
  for (Day day = first - 10; day <= first + 60; ++day) rule->add_days(day, day, day_by_day);
  HEARTH_ASSERT(together == day_by_day);
  HEARTH_ASSERT(together.empty() || together.front() >= first);
}

void check_zone(ByteView value) {
  const auto zone = Zone::from_tzif(value);
  if (!zone) return;
  for (Day day = 0; day < last_day; day += 1'000) zone->local_day(zone->to_utc(day, hour_ms));
}

void check_ersatztv(ByteView value) {
  auto playout = read_ersatztv(as_text(value));
  if (!playout) return;
  Channel empty;
  empty.id = "c1";
  empty.name = "Imported";
  const auto channel = channel_from_ersatztv(*playout, empty, Zone(), [](const std::string&) {
    return FoundTitle{"title", "Title"};
  });
  if (channel) HEARTH_ASSERT(read_channel(write_channel(*channel)) == *channel);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView value(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      check_document(value);
      break;
    case 1:
      check_rule(value);
      break;
    case 2:
      check_zone(value);
      break;
    default:
      check_ersatztv(value);
      break;
  }
  return 0;
}
