// What stands around programmes: fillers, padding, fallback, dead air.
#include <algorithm>

#include "node/channels/machine.h"

namespace hearth::node::channels {
namespace {

/// How many of the next fillers are looked at for one that fits.
constexpr std::uint32_t fit_tries = 64;

Entry filler_entry(UtcMs start, UtcMs end, std::int32_t slot, Place place, UtcMs airing) {
  Entry entry;
  entry.start = start;
  entry.end = end;
  entry.kind = EntryKind::filler;
  entry.place = place;
  entry.slot = slot;
  entry.airing = airing;
  return entry;
}

Entry dead_air(UtcMs start, UtcMs end, std::int32_t slot, UtcMs airing) {
  Entry entry;
  entry.start = start;
  entry.end = end;
  entry.slot = slot;
  entry.airing = airing;
  return entry;
}

}  // namespace

std::int32_t Machine::filler_of(std::int32_t slot, Place place) const {
  const auto& all = slot >= 0 ? plan_->slots[static_cast<std::size_t>(slot)].fillers : plan_->usual;
  const std::int32_t filler = all[static_cast<std::size_t>(place)];
  if (filler < 0 || plan_->fillers[static_cast<std::size_t>(filler)].reel.empty()) return -1;
  return filler;
}

UtcMs Machine::next_full(UtcMs at, std::int64_t minutes) const {
  const std::int64_t step = minutes * minute_ms;
  const std::int64_t wall = plan_->zone.wall_ms(at);
  return at + (-floor_div(-wall, step) * step - wall);
}

UtcMs Machine::next_midnight() {
  if (midnight_ > s_.t) return midnight_;
  for (Day day = plan_->zone.local_day(s_.t) + 1; midnight_ <= s_.t; ++day)
    midnight_ = plan_->zone.to_utc(day, 0);
  return midnight_;
}

void Machine::put_filler(const PlannedFiller& filler, const Reel::Take& take, Place place,
                         std::int32_t slot, UtcMs airing, std::vector<Entry>& out) {
  const UtcMs start = s_.t;
  Entry entry = filler_entry(start, start + take.length_ms, slot, place, airing);
  entry.shows = {filler.reel.list(), take.item};
  out.push_back(entry);
  s_.t = entry.end;
}

/// As many as the filler's amount says, in their order, as long as `budget` lasts.
void Machine::put_fillers(std::int32_t slot, Place place, UtcMs airing, std::int64_t& budget,
                          std::vector<Entry>& out) {
  const std::int32_t which = filler_of(slot, place);
  if (which < 0) return;
  const PlannedFiller& filler = plan_->fillers[static_cast<std::size_t>(which)];
  if (filler.amount == Amount::pad) {
    put_pad(slot, place, airing, budget, out);
    return;
  }
  std::uint64_t& turn = s_.fillers[static_cast<std::size_t>(which)];
  std::int64_t count = filler.amount == Amount::count ? filler.value : INT64_MAX;
  std::int64_t time = filler.amount == Amount::duration ? filler.value : INT64_MAX;
  // `all` makes sense where a gap is filled; around an item it means the list once through.
  if (filler.amount == Amount::all) count = filler.reel.size();
  for (; count > 0; --count, ++turn) {
    const Reel::Take& take = filler.reel.at(turn);
    if (take.length_ms > budget || take.length_ms > time) return;
    put_filler(filler, take, place, slot, airing, out);
    budget -= take.length_ms;
    if (time != INT64_MAX) time -= take.length_ms;
  }
}

void Machine::put_pad(std::int32_t slot, Place place, UtcMs airing, std::int64_t& budget,
                      std::vector<Entry>& out) {
  const std::int32_t which = filler_of(slot, place);
  const UtcMs target = next_full(s_.t, plan_->fillers[static_cast<std::size_t>(which)].value);
  const std::int64_t gap = target - s_.t;
  if (gap == 0 || gap > budget) return;
  budget -= gap;
  put_what_fits(which, place, slot, airing, target, INT64_MAX, out);
  put_fallback(slot, airing, target, out);
}

/// Fillers, each the next that is short enough, until none is or there are enough.
void Machine::put_what_fits(std::int32_t which, Place place, std::int32_t slot, UtcMs airing,
                            UtcMs until, std::int64_t at_most, std::vector<Entry>& out) {
  const PlannedFiller& filler = plan_->fillers[static_cast<std::size_t>(which)];
  std::uint64_t& turn = s_.fillers[static_cast<std::size_t>(which)];
  const std::uint32_t tries = std::min(filler.reel.size(), fit_tries);
  while (at_most-- > 0 && filler.reel.shortest_ms() <= until - s_.t) {
    const std::uint32_t ahead = filler.reel.until_at_most(until - s_.t, turn, tries);
    if (ahead == tries) return;
    put_filler(filler, filler.reel.at(turn + ahead), place, slot, airing, out);
    turn += ahead + 1;
  }
}

/// Fallback again and again, the last one cut; dead air when there is no fallback.
void Machine::put_fallback(std::int32_t slot, UtcMs airing, UtcMs until, std::vector<Entry>& out) {
  if (s_.t >= until) return;
  const std::int32_t which = filler_of(slot, Place::fallback);
  if (which < 0 || until - s_.t < min_length_ms) {
    out.push_back(dead_air(s_.t, until, slot, airing));
    s_.t = until;
    return;
  }
  const PlannedFiller& filler = plan_->fillers[static_cast<std::size_t>(which)];
  std::uint64_t& turn = s_.fillers[static_cast<std::size_t>(which)];
  while (s_.t < until) {
    put_filler(filler, filler.reel.at(turn++), Place::fallback, slot, airing, out);
    if (s_.t <= until) continue;
    out.back().end = s_.t = until;
    out.back().cut = true;
  }
}

/// From now to `until`, at most to the end of the local day: then it is decided again.
void Machine::fill_gap(std::int32_t slot, UtcMs until, std::vector<Entry>& out) {
  until = std::min(until, next_midnight());
  const UtcMs airing = s_.t;
  const std::size_t first = out.size();
  const std::int32_t tail = filler_of(slot, Place::tail);
  if (tail >= 0) {
    const PlannedFiller& filler = plan_->fillers[static_cast<std::size_t>(tail)];
    UtcMs target = until;
    std::int64_t at_most = INT64_MAX;
    if (filler.amount == Amount::pad) target = std::min(until, next_full(s_.t, filler.value));
    if (filler.amount == Amount::duration) target = std::min(until, s_.t + filler.value);
    if (filler.amount == Amount::count) at_most = filler.value;
    put_what_fits(tail, Place::tail, slot, airing, target, at_most, out);
  }
  put_fallback(slot, airing, until, out);
  for (std::size_t i = first; i < out.size(); ++i) out[i].between = true;
}

/// The item with what stands before, inside and after it. Returns when all of it ends; the
/// state's own clock is used meanwhile and put back.
std::int64_t Machine::put_airing(const Block& block, const Reel::Take& take, const Room& room,
                                 std::vector<Entry>& out) {
  const UtcMs airing = s_.t;
  constexpr std::int64_t plenty = INT64_MAX / 8;
  std::int64_t budget = room.forced ? plenty : room.soft - airing - take.length_ms;
  put_fillers(block.slot, Place::pre, airing, budget, out);
  const std::int32_t mid = filler_of(block.slot, Place::mid);
  const std::int64_t every = mid < 0 ? 0 : plan_->fillers[static_cast<std::size_t>(mid)].every_ms;
  Entry part;
  part.kind = EntryKind::programme;
  part.slot = block.slot;
  part.shows = {plan_->slots[static_cast<std::size_t>(block.slot)].reel.list(), take.item};
  part.airing = airing;
  part.planned = block.planned;
  for (std::int64_t shown = 0; shown < take.length_ms;) {
    const std::int64_t left = take.length_ms - shown;
    // No break shortly before the end: half an interval is not interrupted.
    const std::int64_t length = every > 0 && left > every + every / 2 ? every : left;
    part.start = s_.t;
    part.end = s_.t += length;
    part.offset_ms = shown;
    out.push_back(part);
    shown += length;
    if (shown < take.length_ms) put_fillers(block.slot, Place::mid, airing, budget, out);
  }
  budget = std::min(room.hard - s_.t, plenty);
  put_fillers(block.slot, Place::post, airing, budget, out);
  const UtcMs end = s_.t;
  s_.t = airing;
  return end;
}

}  // namespace hearth::node::channels
