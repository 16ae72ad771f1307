// The guide: the list of playout.h, programme by programme, as guide page, XMLTV and the TV's
// overlay show it. What the guide says is what the screen shows.
//
// How fillers are merged into programmes:
// - what stands before, inside and after an item (pre, mid, post, padding) is the programme's;
// - what fills the gap after it (tail, fallback, dead air) is the programme's as well when it
//   lasts less than 15 minutes; else, and after midnight, it is an entry of its own.
// Half-open, without gaps and overlaps, like the list.
#pragma once

#include <cstdint>
#include <vector>

#include "node/channels/playout.h"

namespace hearth::node::channels {

inline constexpr std::int64_t own_entry_ms = 15 * minute_ms;

struct GuideRow {
  const Timeline* channel;
  std::vector<GuideEntry> entries;
};
/// A page: one row a channel.
std::vector<GuideRow> guide(const std::vector<const Timeline*>& channels, const Media& media,
                            UtcMs from, UtcMs to);

std::string_view title_of(const Channel& channel, const Media& media, const GuideEntry& entry);

}  // namespace hearth::node::channels
