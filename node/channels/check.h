// What the owner of a channel should know about it: nothing here stops the channel, which stays
// on the air with fillers and fallback. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/channels/media.h"
#include "node/channels/playout.h"

namespace hearth::node::channels {

/// Append only.
enum class Problem : std::uint8_t {
  empty_channel = 1,   ///< nothing to show at all: dead air
  empty_list = 2,      ///< a slot or filler takes from a list without anything to show
  no_length = 3,       ///< an item is never shown, because nobody knows how long it is
  unknown_title = 4,   ///< the home knows nothing of its media
  cannot_play = 5,     ///< known, and cannot be played
  length_differs = 6,  ///< the media are shorter or longer than stated
  too_dear = 7,        ///< costs more than the channel may pay for a title
  over_budget = 8,     ///< all its offers together cost more than a month's budget
  never_fits = 9,      ///< longer than any room that its slot ever has
  never_reached = 10,  ///< floats behind a slot that never ends
  overlaps = 11,       ///< a fixed programme is not shown, or later than it may be
  cut_short = 12,      ///< a programme is cut by one of higher rank
  no_fallback = 13,    ///< has offers to buy, and nothing to show if one is late
};
std::string_view name_of(Problem problem);

struct Warning {
  Problem problem;
  std::string where;  ///< id of a slot, filler, list or item; empty: the channel
  std::string sentence;
  bool operator==(const Warning&) const = default;
};

inline constexpr std::size_t max_warnings = 200;
inline constexpr std::int64_t checked_ms = 14 * day_ms;

/// Rules are looked at over the 14 days from `from` on. At most max_warnings, in the order of
/// Problem; where the same is wrong with many days, the first is told.
std::vector<Warning> check(const Timeline& channel, const Media& media, UtcMs from);

}  // namespace hearth::node::channels
