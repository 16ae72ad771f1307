#include "node/channels/machine.h"

#include <algorithm>

#include "common/base/assert.h"

namespace hearth::node::channels {

bool Machine::beats(const Start& a, const Start& b) const {
  const PlannedSlot& x = plan_->slots[static_cast<std::size_t>(a.slot)];
  const PlannedSlot& y = plan_->slots[static_cast<std::size_t>(b.slot)];
  if (x.rank != y.rank) return x.rank > y.rank;
  if (a.at != b.at) return a.at > b.at;
  if (x.once != y.once) return x.once;
  return a.slot < b.slot;
}

bool Machine::comes_too_late(const Start& start) const {
  const PlannedSlot& slot = plan_->slots[static_cast<std::size_t>(start.slot)];
  switch (slot.take) {
    case Take::flood:
      return false;
    case Take::duration:
      return s_.t >= start.at + slot.duration_ms;
    default:
      return s_.t - start.at > plan_->channel.max_lateness_ms;
  }
}

bool Machine::ended(const Block& block) const {
  if (block.slot < 0) return true;
  switch (plan_->slots[static_cast<std::size_t>(block.slot)].take) {
    case Take::flood:
      return false;
    case Take::duration:
      return s_.t >= block.until;
    default:
      return block.left <= 0;
  }
}

void Machine::begin(Block& block, std::int32_t slot, UtcMs planned) {
  const PlannedSlot& what = plan_->slots[static_cast<std::size_t>(slot)];
  block = Block{slot, what.take == Take::one ? 1 : what.count, 0, planned};
  if (what.take == Take::duration) block.until = (planned != 0 ? planned : s_.t) + what.duration_ms;
  SlotState& own = s_.slots[static_cast<std::size_t>(slot)];
  if (what.reruns >= 0) own.next = s_.slots[static_cast<std::size_t>(what.reruns)].first;
  own.first = s_.slots[static_cast<std::size_t>(what.progress)].next;
}

/// What is further away is not seen, whether it is known already or not.
const Start* Machine::ahead(std::size_t position) const {
  const Start* start = starts_->get(position);
  return start == nullptr || start->at > s_.t + lookahead_ms ? nullptr : start;
}

/// Of the fixed starts that have come, at most one is put on the air; the others are over.
void Machine::take_due() {
  if (!cursor_known_) {
    cursor_ = starts_->after(s_.handled);
    cursor_known_ = true;
  }
  starts_->reach(s_.t + lookahead_ms);
  const Start* best = nullptr;
  for (const Start* due = starts_->get(cursor_); due != nullptr && due->at <= s_.t;
       due = starts_->get(++cursor_)) {
    if (!comes_too_late(*due) && (best == nullptr || beats(*due, *best))) best = due;
  }
  s_.handled = s_.t;
  if (best == nullptr) return;
  const int on_air =
      ended(s_.on_air) ? -1 : plan_->slots[static_cast<std::size_t>(s_.on_air.slot)].rank;
  if (plan_->slots[static_cast<std::size_t>(best->slot)].rank < on_air) return;
  begin(s_.on_air, best->slot, best->at);
}

void Machine::next_floating() {
  const auto& all = plan_->floating;
  if (all.empty() || !ended(s_.floating)) return;
  const auto now = std::find(all.begin(), all.end(), s_.floating.slot);
  const bool from_start = now == all.end() || now + 1 == all.end();
  begin(s_.floating, from_start ? all.front() : *(now + 1), 0);
}

Machine::Room Machine::room_for(const Block& block) {
  const PlannedSlot& slot = plan_->slots[static_cast<std::size_t>(block.slot)];
  const std::int64_t lateness = plan_->channel.max_lateness_ms;
  Room room;
  room.forced =
      block.planned != 0 && (slot.take == Take::one || slot.take == Take::multiple) && slot.fixed;
  room.hard = INT64_MAX / 4;
  for (std::size_t i = cursor_; const Start* next = ahead(i); ++i) {
    if (plan_->slots[static_cast<std::size_t>(next->slot)].rank < slot.rank) continue;
    room.hard = next->at;
    break;
  }
  room.soft = room.hard + lateness;
  if (slot.take == Take::duration) {
    room.hard = std::min(room.hard, block.until);
    room.soft = std::min(room.soft, block.until + lateness);
  }
  return room;
}

/// When a programme of higher rank ends it, 0 when none does before `end`.
UtcMs Machine::cut_of(std::int32_t slot, UtcMs end) {
  const int rank = plan_->slots[static_cast<std::size_t>(slot)].rank;
  for (std::size_t i = cursor_; const Start* next = ahead(i); ++i) {
    if (next->at >= end) return 0;
    const bool higher = plan_->slots[static_cast<std::size_t>(next->slot)].rank > rank;
    if (higher && next->at + plan_->channel.max_lateness_ms < end) return next->at;
  }
  return 0;
}

/// Passes over items that are longer than the whole duration.
void Machine::skip_what_never_fits(const Block& block) {
  const PlannedSlot& slot = plan_->slots[static_cast<std::size_t>(block.slot)];
  if (slot.take != Take::duration) return;
  SlotState& progress = s_.slots[static_cast<std::size_t>(slot.progress)];
  const std::int64_t longest = slot.duration_ms + plan_->channel.max_lateness_ms;
  for (std::uint32_t tries = 0; tries < slot.reel.size(); ++tries, ++progress.next) {
    if (slot.reel.at(progress.next).length_ms <= longest) return;
  }
}

/// The next item found no room: notes it, and passes over one that has waited for a day.
bool Machine::has_waited(std::int32_t slot) {
  const PlannedSlot& what = plan_->slots[static_cast<std::size_t>(slot)];
  SlotState& progress = s_.slots[static_cast<std::size_t>(what.progress)];
  if (progress.waits_since == 0) progress.waits_since = s_.t;
  if (s_.t - progress.waits_since < longest_wait_ms) return false;
  ++progress.next;
  progress.waits_since = s_.t;
  return true;
}

void Machine::show(Block& block, std::vector<Entry>& out) {
  const PlannedSlot& slot = plan_->slots[static_cast<std::size_t>(block.slot)];
  const auto own = static_cast<std::size_t>(slot.progress);
  const Room room = room_for(block);
  skip_what_never_fits(block);
  const auto& take = slot.reel.at(s_.slots[own].next);
  bool fits = room.forced || s_.t + take.length_ms <= room.soft;
  const bool passed = !fits && has_waited(block.slot);
  if (passed) fits = s_.t + slot.reel.at(s_.slots[own].next).length_ms <= room.soft;
  if (!fits) {
    fill_gap(block.slot, room.hard, out);
    return;
  }
  const std::size_t begin = out.size();
  const UtcMs end = put_airing(block, slot.reel.at(s_.slots[own].next), room, out);
  HEARTH_ASSERT(end > s_.t);
  const UtcMs cut = slot.fixed ? cut_of(block.slot, end) : 0;
  if (cut > s_.t) {
    while (out.back().start >= cut && out.size() > begin + 1) out.pop_back();
    out.back().cut = out.back().end > cut || out.back().cut;
    out.back().end = cut;
  }
  s_.t = cut > s_.t ? cut : end;
  ++s_.slots[own].next;
  s_.slots[own].waits_since = 0;
  --block.left;
  block.planned = 0;
}

void Machine::step(std::vector<Entry>& out) {
  take_due();
  if (ended(s_.on_air)) s_.on_air = Block{};
  if (s_.on_air.slot >= 0) {
    show(s_.on_air, out);
    return;
  }
  next_floating();
  if (s_.floating.slot >= 0) {
    show(s_.floating, out);
    return;
  }
  const Start* next = ahead(cursor_);
  fill_gap(-1, next == nullptr ? INT64_MAX / 4 : next->at, out);
}

}  // namespace hearth::node::channels
