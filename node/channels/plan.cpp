#include "node/channels/plan.h"

#include <algorithm>

#include "node/channels/dice.h"

namespace hearth::node::channels {
namespace {

template <class T>
std::int32_t position_of(const std::vector<T>& all, std::string_view id) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].id == id) return static_cast<std::int32_t>(i);
  }
  return -1;
}

Reel make_reel(const Channel& channel, const std::string& list, std::string_view owner) {
  const std::int32_t position = position_of(channel.lists, list);
  if (position < 0) return {};
  return Reel(channel.lists[static_cast<std::size_t>(position)], position,
              seed_of(channel.seed, owner));
}

std::array<std::int32_t, places> by_place(const Channel& channel,
                                          const std::vector<std::string>& ids) {
  std::array<std::int32_t, places> out;
  out.fill(-1);
  for (const auto& id : ids) {
    const std::int32_t filler = position_of(channel.fillers, id);
    if (filler < 0) continue;
    auto& place =
        out[static_cast<std::size_t>(channel.fillers[static_cast<std::size_t>(filler)].place)];
    if (place < 0) place = filler;
  }
  return out;
}

/// The slot at the other end of a chain of links of that kind; itself when there is none.
std::int32_t end_of_links(const Channel& channel, std::int32_t slot) {
  for (std::size_t steps = 0; steps < channel.slots.size(); ++steps) {
    const Slot& one = channel.slots[static_cast<std::size_t>(slot)];
    if (one.link != Link::follows) return slot;
    const std::int32_t next = position_of(channel.slots, one.linked);
    if (next < 0) return slot;
    slot = next;
  }
  return slot;
}

Result<PlannedSlot> plan_slot(const Channel& channel, std::int32_t position) {
  const Slot& slot = channel.slots[static_cast<std::size_t>(position)];
  PlannedSlot out;
  out.progress = position;
  std::int32_t source = end_of_links(channel, position);
  if (slot.link == Link::follows) out.progress = source;
  if (slot.link == Link::reruns) {
    out.reruns = position_of(channel.slots, slot.linked);
    if (out.reruns >= 0) source = end_of_links(channel, out.reruns);
  }
  const Slot& origin = channel.slots[static_cast<std::size_t>(source)];
  out.reel = make_reel(channel, origin.list, origin.id);
  out.take = slot.take;
  out.count = slot.count;
  out.duration_ms = slot.duration_ms;
  out.fillers = by_place(channel, slot.fillers ? *slot.fillers : channel.usual_fillers);
  out.rank = slot.fixed ? slot.rank : -1;
  out.fixed = slot.fixed.has_value();
  if (!slot.fixed) return out;
  auto recurrence =
      Recurrence::parse(slot.fixed->rule, slot.fixed->first, slot.fixed->except, slot.fixed->also);
  if (!recurrence) return pass_on(std::move(recurrence.error()));
  out.recurrence = std::move(*recurrence);
  out.once = out.recurrence.once();
  out.at_ms = slot.fixed->at_ms;
  return out;
}

constexpr Day days_at_a_time = 32;

}  // namespace

Result<Plan> make_plan(Channel channel, Zone zone) {
  Plan plan;
  for (std::size_t i = 0; i < channel.slots.size(); ++i) {
    auto slot = plan_slot(channel, static_cast<std::int32_t>(i));
    if (!slot) return pass_on(std::move(slot.error()));
    if (!slot->fixed && !slot->reel.empty()) plan.floating.push_back(static_cast<std::int32_t>(i));
    plan.slots.push_back(std::move(*slot));
  }
  for (const Filler& filler : channel.fillers)
    plan.fillers.push_back(
        {filler.amount, filler.value, filler.every_ms, make_reel(channel, filler.list, filler.id)});
  plan.usual = by_place(channel, channel.usual_fillers);
  plan.channel = std::move(channel);
  plan.zone = std::move(zone);
  return plan;
}

Starts::Starts(const Plan& plan, Day from)
    : plan_(&plan), next_(from), known_until_(plan.zone.to_utc(from, 0)) {}

void Starts::reach(UtcMs until) {
  std::vector<Day> days;
  while (known_until_ <= until && next_ <= last_day + days_at_a_time) {
    const Day last = next_ + days_at_a_time - 1;
    const auto begin = static_cast<long>(starts_.size());
    for (std::size_t i = 0; i < plan_->slots.size(); ++i) {
      const PlannedSlot& slot = plan_->slots[i];
      if (!slot.fixed || slot.reel.empty()) continue;
      days.clear();
      slot.recurrence.add_days(next_, last, days);
      for (const Day day : days)
        starts_.push_back({plan_->zone.to_utc(day, slot.at_ms), static_cast<std::int32_t>(i)});
    }
    const auto earlier = [](const Start& a, const Start& b) {
      return a.at != b.at ? a.at < b.at : a.slot < b.slot;
    };
    std::sort(starts_.begin() + begin, starts_.end(), earlier);
    // Where a day is skipped or lived twice, the first of a chunk may belong before the last.
    if (begin > 0)
      std::inplace_merge(starts_.begin(), starts_.begin() + begin, starts_.end(), earlier);
    next_ = last + 1;
    known_until_ = plan_->zone.to_utc(next_, 0) - day_ms;
  }
}

std::size_t Starts::after(UtcMs at) {
  reach(at);
  const auto found = std::upper_bound(starts_.begin(), starts_.end(), at,
                                      [](UtcMs time, const Start& one) { return time < one.at; });
  return static_cast<std::size_t>(found - starts_.begin());
}

}  // namespace hearth::node::channels
