// A channel's document with everything looked up: reels in place of lists, positions in place of
// ids, rules read. And when fixed slots start. Pure; room-internal.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "node/channels/channel.h"
#include "node/channels/recurrence.h"
#include "node/channels/reel.h"
#include "node/channels/zone.h"

namespace hearth::node::channels {

inline constexpr std::size_t places = 6;  ///< by Place; 0 is unused

struct PlannedFiller {
  Amount amount = Amount::all;
  std::int64_t value = 0, every_ms = 0;
  Reel reel;
};

struct PlannedSlot {
  Reel reel;
  std::int32_t progress = -1;  ///< slot whose progress it shares: its own, or what it follows
  std::int32_t reruns = -1;    ///< slot
  Take take = Take::one;
  std::int64_t count = 1, duration_ms = 0;
  std::array<std::int32_t, places> fillers{};  ///< by Place: position in Plan::fillers, or -1
  int rank = 0;
  bool once = false, fixed = false;
  Recurrence recurrence;
  std::int64_t at_ms = 0;
};

struct Plan {
  Channel channel;
  Zone zone;
  std::vector<PlannedSlot> slots;
  std::vector<PlannedFiller> fillers;
  std::vector<std::int32_t> floating;  ///< slots that float and have something to show
  std::array<std::int32_t, places> usual{};
};
Result<Plan> make_plan(Channel channel, Zone zone);

/// When a fixed slot is due.
struct Start {
  UtcMs at = 0;
  std::int32_t slot = -1;
};

/// All starts from a day on, in order of time, worked out as far as anybody asked.
class Starts {
 public:
  Starts(const Plan& plan, Day from);
  /// Position of the first start later than `at`.
  std::size_t after(UtcMs at);
  /// nullptr when it is not known or not there.
  const Start* get(std::size_t position) const {
    return position < starts_.size() ? &starts_[position] : nullptr;
  }
  /// Makes sure that what starts before `until` is known.
  void reach(UtcMs until);

 private:
  const Plan* plan_;
  Day next_;
  UtcMs known_until_;
  std::vector<Start> starts_;
};

}  // namespace hearth::node::channels
