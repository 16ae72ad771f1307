#include "node/channels/guide.h"

#include "node/channels/timeline_impl.h"

namespace hearth::node::channels {
namespace {

/// Puts entries together, one after the other.
class Grouping {
 public:
  Grouping(const Plan& plan, const Media& media, UtcMs from, UtcMs to, std::vector<GuideEntry>& out)
      : plan_(plan), media_(media), from_(from), to_(to), out_(out) {}

  /// false: nothing that follows is asked for.
  bool add(const Entry& entry) {
    if (entry.between) return add_gap(entry);
    finish_gap();
    if (!have_ || programme_.airing != entry.airing) {
      finish_programme();
      if (entry.start >= to_) return false;
      have_ = true;
      programme_ = entry;
    }
    programme_.end = entry.end;
    if (entry.kind == EntryKind::programme) {
      programme_.kind = EntryKind::programme;
      programme_.shows = entry.shows;
      programme_.cut = entry.cut;
      programme_.planned = entry.planned;
    }
    return true;
  }
  void finish() {
    finish_gap();
    finish_programme();
  }

 private:
  bool add_gap(const Entry& entry) {
    const bool afresh =
        plan_.zone.wall_ms(entry.start) % day_ms == 0 || entry.start == plan_.channel.since.at;
    if (afresh) finish_gap();
    if (gap_.start == gap_.end) {
      gap_.start = entry.start;
      gap_.slot = entry.slot;
      gap_.kind = EntryKind::dead_air;
      gap_afresh_ = afresh;
    }
    if (entry.kind == EntryKind::filler) gap_.kind = EntryKind::filler;
    gap_.end = entry.end;
    // Later gaps need not be measured.
    return gap_.start < to_ || gap_.end - gap_.start < own_entry_ms;
  }
  void finish_gap() {
    if (gap_.start == gap_.end) return;
    if (have_ && !gap_afresh_ && gap_.end - gap_.start < own_entry_ms) {
      programme_.end = gap_.end;
    } else {
      finish_programme();
      put(gap_);
    }
    gap_ = GuideEntry{};
  }
  void finish_programme() {
    if (!have_) return;
    have_ = false;
    GuideEntry entry;
    entry.start = programme_.start;
    entry.end = programme_.end;
    entry.kind = programme_.kind;
    entry.slot = programme_.slot;
    entry.item = programme_.shows;
    entry.planned = programme_.planned;
    entry.cut = programme_.cut;
    if (entry.end <= from_ || entry.start >= to_) return;
    entry.availability = availability_of(plan_, media_, programme_);
    entry.shown = can_be_shown(entry.availability);
    put(entry);
  }
  void put(const GuideEntry& entry) {
    if (entry.end > from_ && entry.start < to_) out_.push_back(entry);
  }

  const Plan& plan_;
  const Media& media_;
  UtcMs from_, to_;
  std::vector<GuideEntry>& out_;
  bool have_ = false, gap_afresh_ = false;
  Entry programme_;
  GuideEntry gap_;
};

}  // namespace

std::vector<GuideEntry> Timeline::guide(const Media& media, UtcMs from, UtcMs to) const {
  std::vector<GuideEntry> out;
  if (from >= to) return out;
  Grouping grouping(impl_->plan, media, from, to, out);
  // A gap that is merged into the programme before it is shorter than that.
  impl_->walk(from - own_entry_ms, [&](const Entry& entry) { return grouping.add(entry); });
  grouping.finish();
  return out;
}

std::vector<GuideRow> guide(const std::vector<const Timeline*>& channels, const Media& media,
                            UtcMs from, UtcMs to) {
  std::vector<GuideRow> rows;
  rows.reserve(channels.size());
  for (const Timeline* channel : channels)
    rows.push_back({channel, channel->guide(media, from, to)});
  return rows;
}

std::string_view title_of(const Channel& channel, const Media& media, const GuideEntry& entry) {
  Entry shown;
  shown.shows = entry.item;
  return title_of(channel, media, shown);
}

}  // namespace hearth::node::channels
