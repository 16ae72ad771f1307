#include "node/television/shown.h"

#include <algorithm>

namespace hearth::node {
namespace {

using channels::Entry;
using channels::GuideEntry;
using channels::Item;
using channels::Timeline;

std::string id_of(const Timeline& timeline, channels::ItemRef ref) {
  const Item* item = channels::item_of(timeline.channel(), ref);
  return item == nullptr ? std::string() : item->id + "/" + item->media;
}

bool same(const ShownEntry& a, const ShownEntry& b) {
  return a.entry.start == b.entry.start && a.entry.kind == b.entry.kind &&
         a.entry.offset_ms == b.entry.offset_ms &&
         id_of(*a.of, a.entry.shows) == id_of(*b.of, b.entry.shows) &&
         id_of(*a.of, a.entry.instead_of) == id_of(*b.of, b.entry.instead_of);
}

bool same(const ShownProgramme& a, const ShownProgramme& b) {
  return a.entry.start == b.entry.start && a.entry.kind == b.entry.kind &&
         a.entry.shown == b.entry.shown && id_of(*a.of, a.entry.item) == id_of(*b.of, b.entry.item);
}

void begin_at(Entry& entry, UtcMs at) {
  if (entry.shows.any()) entry.offset_ms += at - entry.start;
  entry.start = at;
}

void begin_at(GuideEntry& entry, UtcMs at) {
  entry.start = at;
}

/// Puts what a version says from `from` on behind what the one before it said.
template <class Shown>
void join(std::vector<Shown>& out, std::vector<Shown> next, UtcMs from) {
  if (!out.empty() && !next.empty() && same(out.back(), next.front())) {
    out.pop_back();
  } else {
    if (!out.empty() && out.back().entry.end > from) {
      out.back().entry.end = from;
      out.back().entry.cut = true;
    }
    if (!next.empty() && next.front().entry.start < from) begin_at(next.front().entry, from);
  }
  for (Shown& one : next) out.push_back(std::move(one));
}

template <class Shown, class Ask>
std::vector<Shown> over_versions(const std::vector<Stretch>& stretches, UtcMs from, UtcMs to,
                                 Ask ask) {
  std::vector<Shown> out;
  if (stretches.empty() || from >= to) return out;
  const auto said = [&](std::size_t i, UtcMs begin, UtcMs end) {
    std::vector<Shown> said_by;
    for (auto& entry : ask(*stretches[i].timeline, begin, end))
      said_by.push_back({stretches[i].timeline, std::move(entry)});
    return said_by;
  };
  std::size_t first = stretches.size() - 1;
  while (first > 0 && stretches[first].from > from) --first;
  // What is on then may have begun under a version before: its beginning is asked of that one.
  UtcMs begin = from;
  while (first > 0) {
    const auto on = said(first, begin, begin + 1);
    if (on.empty() || on.front().entry.start >= stretches[first].from) break;
    begin = stretches[first].from - 1;
    --first;
  }
  for (std::size_t i = first; i < stretches.size(); ++i) {
    const UtcMs at = i == first ? begin : std::max(begin, stretches[i].from);
    const UtcMs end = i + 1 < stretches.size() ? std::min(to, stretches[i + 1].from) : to;
    if (at >= end) {
      // Not asked for, but it says where the last entry ends.
      if (!out.empty() && out.back().entry.end > stretches[i].from)
        join(out, said(i, stretches[i].from, stretches[i].from + 1), stretches[i].from);
      continue;
    }
    if (out.empty()) {
      out = said(i, at, end);
    } else {
      join(out, said(i, at, end), stretches[i].from);
    }
  }
  std::erase_if(out, [&](const Shown& one) {
    return one.entry.end <= from || one.entry.start >= to || one.entry.start >= one.entry.end;
  });
  return out;
}

}  // namespace

std::vector<ShownEntry> shown_entries(const std::vector<Stretch>& stretches,
                                      const channels::Media& media, UtcMs from, UtcMs to) {
  return over_versions<ShownEntry>(stretches, from, to,
                                   [&](const Timeline& timeline, UtcMs begin, UtcMs end) {
                                     return timeline.playout(media, begin, end);
                                   });
}

std::vector<ShownProgramme> shown_guide(const std::vector<Stretch>& stretches,
                                        const channels::Media& media, UtcMs from, UtcMs to) {
  return over_versions<ShownProgramme>(stretches, from, to,
                                       [&](const Timeline& timeline, UtcMs begin, UtcMs end) {
                                         return timeline.guide(media, begin, end);
                                       });
}

}  // namespace hearth::node
