// What was shown, over the versions of a channel: each stretch of time is answered by the version
// that was valid then, so that an edit never changes the past. Where two versions meet, what runs
// on in both is one entry; anything else is cut there. Pure.
#pragma once

#include <vector>

#include "node/channels/guide.h"
#include "node/channels/playout.h"

namespace hearth::node {

/// The version that is valid from then on, until the next one is. Ascending; the first one answers
/// for everything before it as well.
struct Stretch {
  UtcMs from = 0;
  const channels::Timeline* timeline = nullptr;
};

/// Positions in the entry are those of its own version.
struct ShownEntry {
  const channels::Timeline* of = nullptr;
  channels::Entry entry;
};
struct ShownProgramme {
  const channels::Timeline* of = nullptr;
  channels::GuideEntry entry;
};

/// As Timeline::playout and ::guide.
std::vector<ShownEntry> shown_entries(const std::vector<Stretch>& stretches,
                                      const channels::Media& media, UtcMs from, UtcMs to);
std::vector<ShownProgramme> shown_guide(const std::vector<Stretch>& stretches,
                                        const channels::Media& media, UtcMs from, UtcMs to);

}  // namespace hearth::node
