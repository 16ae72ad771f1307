#include "node/channels/check.h"

#include <algorithm>
#include <map>
#include <set>

#include "common/base/names.h"
#include "node/channels/timeline_impl.h"

namespace hearth::node::channels {
namespace {

using Warnings = std::vector<Warning>;

std::string called(const std::string& name, const std::string& id) {
  return "\"" + printable(name.empty() ? id : name) + "\"";
}

std::string local_time(const Zone& zone, UtcMs at) {
  const std::int64_t wall = zone.wall_ms(at);
  const Day day = zone.local_day(at);
  return format_day(day) + " " + format_clock(wall - std::int64_t{day} * day_ms);
}

bool has_something(const Channel& channel, const std::string& list) {
  const List* found = channel.find_list(list);
  return found != nullptr && std::any_of(found->items.begin(), found->items.end(),
                                         [](const Item& one) { return length_of(one) > 0; });
}

void check_lists(const Channel& channel, Warnings& out) {
  bool anything = false;
  for (const Slot& slot : channel.slots) {
    const bool has = slot.link != Link::none || has_something(channel, slot.list);
    anything = anything || (slot.link == Link::none && has);
    if (!has)
      out.push_back({Problem::empty_list, slot.id,
                     "The slot " + called(slot.name, slot.id) +
                         " has nothing to show: add items with a length to its list."});
  }
  for (const Filler& filler : channel.fillers) {
    if (!has_something(channel, filler.list))
      out.push_back({Problem::empty_list, filler.id,
                     "The filler \"" + filler.id +
                         "\" has nothing to show: add items with a length to its list."});
  }
  if (!anything)
    out.push_back({Problem::empty_channel, "",
                   "The channel has nothing to show: add items to a list, and a slot for it."});
}

void check_offer(const Channel& channel, const Item& item, const Facts& facts, Warnings& out) {
  if (!facts.price) return;
  const Budget& budget = channel.budget;
  const std::string price = money::format(*facts.price);
  if (budget.currency != facts.price->currency.code()) {
    out.push_back({Problem::too_dear, item.id,
                   called(facts.name, item.id) + " costs " + price +
                       ", and the channel has no budget in that currency: it is not bought, "
                       "fallback is shown."});
  } else if (facts.price->minor > budget.title) {
    out.push_back({Problem::too_dear, item.id,
                   called(facts.name, item.id) + " costs " + price +
                       ", more than the channel may pay for a title: it is not bought, fallback "
                       "is shown. Raise the budget or remove it."});
  }
}

void check_item(const Channel& channel, const Item& item, const Media& media, UtcMs from,
                Warnings& out) {
  const std::string name = called(item.name, item.id);
  if (length_of(item) == 0)
    out.push_back({Problem::no_length, item.id,
                   name + " is never shown, because its length is not known: set it."});
  if (item.media.empty()) return;
  const Facts* facts = media.find(item.media);
  if (facts == nullptr) {
    out.push_back({Problem::unknown_title, item.id,
                   "This home knows nothing of " + name + ": fallback is shown in its place."});
    return;
  }
  if (media.at(item, from) == Availability::missing)
    out.push_back({Problem::cannot_play, item.id,
                   name + " cannot be played: fallback is shown in its place."});
  if (facts->length_ms != 0 && item.length_ms != 0 &&
      std::abs(facts->length_ms - item.length_ms) > second_ms)
    out.push_back({Problem::length_differs, item.id,
                   name + " lasts " + format_clock(facts->length_ms % day_ms) + ", and " +
                       format_clock(item.length_ms % day_ms) +
                       " is reserved for it: set its length again."});
  check_offer(channel, item, *facts, out);
}

void check_budget(const Channel& channel, const Media& media, Warnings& out) {
  std::int64_t sum = 0;
  bool offers = false;
  for (const List& list : channel.lists) {
    for (const Item& item : list.items) {
      const Facts* facts = item.kind == ItemKind::offer ? media.find(item.media) : nullptr;
      if (facts == nullptr || !facts->price) continue;
      offers = true;
      if (facts->price->currency.code() == channel.budget.currency)
        sum = money::checked_add(sum, facts->price->minor).value_or(INT64_MAX);
    }
  }
  if (offers && sum > channel.budget.month && !channel.budget.currency.empty())
    out.push_back({Problem::over_budget, "",
                   "All offers of the channel together cost more than its budget of a month: "
                   "those that come last are not bought, fallback is shown."});
  const bool fallback = std::any_of(channel.fillers.begin(), channel.fillers.end(),
                                    [](const Filler& one) { return one.place == Place::fallback; });
  if (offers && !fallback)
    out.push_back({Problem::no_fallback, "",
                   "The channel has titles to buy and no fallback: if one is late, there is dead "
                   "air. Add a filler of the kind fallback."});
}

/// The longest time that floating slots have between two fixed starts.
std::int64_t longest_room(const Plan& plan, UtcMs from) {
  Starts starts(plan, plan.zone.local_day(from) - 1);
  starts.reach(from + checked_ms);
  std::int64_t longest = 0;
  UtcMs last = from;
  std::size_t i = starts.after(from);
  for (const Start* one = starts.get(i); one != nullptr && one->at < from + checked_ms;
       one = starts.get(++i)) {
    longest = std::max(longest, one->at - last);
    last = one->at;
  }
  return std::max(longest, from + checked_ms - last);
}

void check_rooms(const Plan& plan, UtcMs from, Warnings& out) {
  const Channel& channel = plan.channel;
  const std::int64_t between = longest_room(plan, from) + channel.max_lateness_ms;
  bool endless = false;
  for (std::size_t i = 0; i < plan.slots.size(); ++i) {
    const PlannedSlot& slot = plan.slots[i];
    const Slot& of = channel.slots[i];
    if (!slot.fixed && endless)
      out.push_back({Problem::never_reached, of.id,
                     "The slot " + called(of.name, of.id) +
                         " is never reached: a slot before it goes on for ever."});
    endless = endless || (!slot.fixed && slot.take == Take::flood && !slot.reel.empty());
    const bool limited = slot.take == Take::duration || !slot.fixed;
    if (slot.reel.empty() || !limited) continue;
    const std::int64_t room =
        slot.take == Take::duration ? slot.duration_ms + channel.max_lateness_ms : between;
    for (const Item& item : channel.lists[static_cast<std::size_t>(slot.reel.list())].items) {
      if (length_of(item) <= room) continue;
      out.push_back({Problem::never_fits, item.id,
                     called(item.name, item.id) + " is longer than the slot " +
                         called(of.name, of.id) + " ever has room for: it is passed over."});
    }
  }
}

void check_days(const Timeline& timeline, const Plan& plan, UtcMs from, Warnings& out) {
  const auto entries = timeline.planned(from - day_ms, from + checked_ms);
  std::set<std::pair<UtcMs, std::int32_t>> shown;
  std::set<std::int32_t> told;
  for (const Entry& entry : entries) {
    if (entry.planned != 0) shown.insert({entry.planned, entry.slot});
    const bool fixed = entry.slot >= 0 && plan.slots[static_cast<std::size_t>(entry.slot)].fixed;
    if (!fixed || entry.kind != EntryKind::programme || !entry.cut || entry.end < from ||
        !told.insert(entry.slot).second)
      continue;
    const Slot& slot = plan.channel.slots[static_cast<std::size_t>(entry.slot)];
    out.push_back({Problem::cut_short, slot.id,
                   "The slot " + called(slot.name, slot.id) + " is cut at " +
                       local_time(plan.zone, entry.end) +
                       ", because a programme of higher rank begins then."});
  }
  told.clear();
  Starts starts(plan, plan.zone.local_day(from) - 1);
  starts.reach(from + checked_ms);
  std::size_t i = starts.after(std::max(from, plan.channel.since.at - 1));
  for (const Start* one = starts.get(i); one != nullptr && one->at < from + checked_ms - day_ms;
       one = starts.get(++i)) {
    if (shown.count({one->at, one->slot}) != 0 || !told.insert(one->slot).second) continue;
    const Slot& slot = plan.channel.slots[static_cast<std::size_t>(one->slot)];
    out.push_back({Problem::overlaps, slot.id,
                   "The slot " + called(slot.name, slot.id) + " of " +
                       local_time(plan.zone, one->at) +
                       " is not shown, because another programme is on then."});
  }
}

}  // namespace

std::string_view name_of(Problem problem) {
  constexpr std::string_view names[] = {"",
                                        "empty_channel",
                                        "empty_list",
                                        "no_length",
                                        "unknown_title",
                                        "cannot_play",
                                        "length_differs",
                                        "too_dear",
                                        "over_budget",
                                        "never_fits",
                                        "never_reached",
                                        "overlaps",
                                        "cut_short",
                                        "no_fallback"};
  return names[static_cast<std::size_t>(problem)];
}

std::vector<Warning> check(const Timeline& timeline, const Media& media, UtcMs from) {
  const Plan& plan = timeline.impl().plan;
  Warnings out;
  check_lists(plan.channel, out);
  for (const List& list : plan.channel.lists) {
    for (const Item& item : list.items) check_item(plan.channel, item, media, from, out);
  }
  check_budget(plan.channel, media, out);
  check_rooms(plan, from, out);
  check_days(timeline, plan, from, out);
  std::stable_sort(out.begin(), out.end(),
                   [](const Warning& a, const Warning& b) { return a.problem < b.problem; });
  if (out.size() > max_warnings) out.resize(max_warnings);
  return out;
}

}  // namespace hearth::node::channels
