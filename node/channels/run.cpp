#include "node/channels/run.h"

#include <algorithm>

namespace hearth::node::channels {
namespace {

/// Marks of channels with many slots are further apart, so that memory stays bounded.
Day days_between_marks(const Plan& plan) {
  return 1 + static_cast<Day>(plan.slots.size() / 64);
}

std::int32_t slot_position(const Channel& channel, const std::string& id) {
  for (std::size_t i = 0; i < channel.slots.size(); ++i) {
    if (channel.slots[i].id == id) return static_cast<std::int32_t>(i);
  }
  return -1;
}

Block block_of(const Plan& plan, const std::optional<Running>& running) {
  Block block;
  if (!running) return block;
  const std::int32_t slot = slot_position(plan.channel, running->slot);
  if (slot < 0 || plan.slots[static_cast<std::size_t>(slot)].reel.empty()) return block;
  block.slot = slot;
  block.left = running->left;
  block.until = running->until;
  block.planned = running->planned;
  return block;
}

std::optional<Running> running_of(const Plan& plan, const Block& block) {
  if (block.slot < 0) return std::nullopt;
  return Running{plan.channel.slots[static_cast<std::size_t>(block.slot)].id,
                 std::max<std::int64_t>(0, block.left), block.until, block.planned};
}

}  // namespace

State state_of(const Plan& plan, const Since& since) {
  State state;
  state.t = since.at;
  state.handled = since.handled;
  state.on_air = block_of(plan, since.on_air);
  state.floating = block_of(plan, since.floating);
  const auto is_floating = [&](const Block& block) {
    return block.slot >= 0 && !plan.slots[static_cast<std::size_t>(block.slot)].fixed;
  };
  // A slot may have changed its kind since.
  if (is_floating(state.on_air)) state.on_air = Block{};
  if (state.floating.slot >= 0 && !is_floating(state.floating)) state.floating = Block{};
  state.slots.resize(plan.slots.size());
  state.fillers.resize(plan.fillers.size());
  for (const Progress& one : since.progress) {
    for (std::size_t i = 0; i < plan.channel.slots.size(); ++i) {
      if (plan.channel.slots[i].id != one.id) continue;
      state.slots[i] = {static_cast<std::uint64_t>(one.next), static_cast<std::uint64_t>(one.first),
                        one.waits_since};
    }
    for (std::size_t i = 0; i < plan.channel.fillers.size(); ++i) {
      if (plan.channel.fillers[i].id == one.id)
        state.fillers[i] = static_cast<std::uint64_t>(one.next);
    }
  }
  return state;
}

Since since_of(const Plan& plan, const State& state) {
  Since since;
  since.at = state.t;
  since.handled = state.handled;
  since.on_air = running_of(plan, state.on_air);
  since.floating = running_of(plan, state.floating);
  for (std::size_t i = 0; i < state.slots.size(); ++i) {
    const SlotState& one = state.slots[i];
    if (one.next == 0 && one.first == 0 && one.waits_since == 0) continue;
    since.progress.push_back({plan.channel.slots[i].id, static_cast<std::int64_t>(one.next),
                              static_cast<std::int64_t>(one.first), one.waits_since});
  }
  for (std::size_t i = 0; i < state.fillers.size(); ++i) {
    if (state.fillers[i] == 0) continue;
    since.progress.push_back(
        {plan.channel.fillers[i].id, static_cast<std::int64_t>(state.fillers[i]), 0, 0});
  }
  return since;
}

Run::Run(const Plan& plan, State begin, UtcMs end)
    : plan_(&plan),
      end_(end),
      starts_(plan, plan.zone.local_day(std::min(begin.t, begin.handled)) - 1),
      marked_day_(plan.zone.local_day(begin.t)),
      next_mark_(plan.zone.to_utc(marked_day_ + days_between_marks(plan), 0)) {
  marks_.push_back(std::move(begin));
}

const State& Run::mark_before(UtcMs at) const {
  const auto after = std::upper_bound(marks_.begin(), marks_.end(), at,
                                      [](UtcMs time, const State& one) { return time < one.t; });
  return after == marks_.begin() ? *after : *std::prev(after);
}

void Run::keep_mark(const State& state) {
  if (state.t < next_mark_) return;
  marks_.push_back(state);
  marked_day_ = plan_->zone.local_day(state.t);
  next_mark_ = plan_->zone.to_utc(marked_day_ + days_between_marks(*plan_), 0);
}

State Run::state_at(UtcMs at) {
  State last = mark_before(at);
  Machine machine(*plan_, starts_, last);
  std::vector<Entry> step;
  while (machine.state().t <= at) {
    last = machine.state();
    step.clear();
    machine.step(step);
    keep_mark(machine.state());
  }
  return last;
}

}  // namespace hearth::node::channels
