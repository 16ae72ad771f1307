#include "node/channels/playout.h"

#include "node/channels/dice.h"
#include "node/channels/timeline_impl.h"

namespace hearth::node::channels {

std::string_view name_of(EntryKind kind) {
  constexpr std::string_view names[] = {"", "programme", "filler", "dead_air"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Availability availability) {
  constexpr std::string_view names[] = {"", "ready", "known", "late", "missing"};
  return names[static_cast<std::size_t>(availability)];
}

const Item* item_of(const Channel& channel, ItemRef ref) {
  if (ref.list < 0 || static_cast<std::size_t>(ref.list) >= channel.lists.size()) return nullptr;
  const auto& items = channel.lists[static_cast<std::size_t>(ref.list)].items;
  if (ref.item < 0 || static_cast<std::size_t>(ref.item) >= items.size()) return nullptr;
  return &items[static_cast<std::size_t>(ref.item)];
}

std::string_view title_of(const Channel& channel, const Media& media, const Entry& entry) {
  const Item* item = item_of(channel, entry.instead_of.any() ? entry.instead_of : entry.shows);
  if (item == nullptr) return {};
  const Facts* facts = item->media.empty() ? nullptr : media.find(item->media);
  return facts != nullptr && !facts->name.empty() ? std::string_view(facts->name)
                                                  : std::string_view(item->name);
}

Run& Timeline::Impl::run_at(UtcMs at) {
  const Day first = plan.zone.local_day(begins());
  const auto number = floor_div(plan.zone.local_day(at) - first, run_days);
  const auto found = runs.find(number);
  if (found != runs.end()) return found->second;
  constexpr std::size_t kept = 4;
  if (runs.size() >= kept) runs.erase(runs.begin());
  const auto midnight = [&](std::int64_t of_run) {
    return plan.zone.to_utc(static_cast<Day>(first + of_run * run_days), 0);
  };
  Since since = plan.channel.since;
  if (number > 0) {
    since = Since{};
    since.at = midnight(number);
    since.handled = since.at - 1;
  }
  return runs.try_emplace(number, plan, state_of(plan, since), midnight(number + 1)).first->second;
}

Entry Timeline::Impl::before(UtcMs at) const {
  Entry entry;
  Day day = plan.zone.local_day(at);
  entry.start = plan.zone.to_utc(day, 0);
  while (entry.start > at) entry.start = plan.zone.to_utc(--day, 0);
  do {
    entry.end = plan.zone.to_utc(++day, 0);
  } while (entry.end <= at);
  entry.end = std::min(entry.end, begins());
  entry.airing = entry.start;
  entry.between = true;
  return entry;
}

Availability availability_of(const Plan& plan, const Media& media, const Entry& planned) {
  const Item* item = item_of(plan.channel, planned.shows);
  if (item == nullptr || item->kind == ItemKind::page) return Availability::ready;
  return media.at(*item, planned.airing);
}

namespace {

Entry stand_in(const Entry& planned, UtcMs start, Availability availability) {
  Entry entry;
  entry.start = start;
  entry.end = planned.end;
  entry.slot = planned.slot;
  entry.airing = planned.airing;
  entry.planned = planned.planned;
  entry.instead_of = planned.shows;
  entry.availability = availability;
  return entry;
}

const PlannedFiller* fallback_of(const Plan& plan, std::int32_t slot) {
  const auto& all = slot < 0 ? plan.usual : plan.slots[static_cast<std::size_t>(slot)].fillers;
  const std::int32_t filler = all[static_cast<std::size_t>(Place::fallback)];
  if (filler < 0) return nullptr;
  const PlannedFiller& found = plan.fillers[static_cast<std::size_t>(filler)];
  return found.reel.empty() ? nullptr : &found;
}

}  // namespace

void add_shown(const Plan& plan, const Media& media, const Entry& planned,
               std::vector<Entry>& out) {
  const Availability availability = availability_of(plan, media, planned);
  if (can_be_shown(availability)) {
    out.push_back(planned);
    out.back().availability = availability;
    return;
  }
  const bool is_fallback = planned.kind == EntryKind::filler && planned.place == Place::fallback;
  const PlannedFiller* fallback = is_fallback ? nullptr : fallback_of(plan, planned.slot);
  UtcMs at = planned.start;
  // Begins somewhere else each time; the list's own turns are not used up.
  std::uint64_t turn = mixed(static_cast<std::uint64_t>(planned.start)) >> 16;
  std::uint32_t refused = 0;
  while (fallback != nullptr && at < planned.end && refused < fallback->reel.size() &&
         planned.end - at >= min_length_ms) {
    const Reel::Take& take = fallback->reel.at(turn++);
    Entry entry = stand_in(planned, at, availability);
    entry.kind = EntryKind::filler;
    entry.place = Place::fallback;
    entry.shows = {fallback->reel.list(), take.item};
    const Item* item = item_of(plan.channel, entry.shows);
    if (item->kind != ItemKind::page && !can_be_shown(media.at(*item, at))) {
      ++refused;
      continue;
    }
    refused = 0;
    entry.cut = at + take.length_ms > planned.end;
    entry.end = std::min(planned.end, at + take.length_ms);
    at = entry.end;
    out.push_back(entry);
  }
  if (at < planned.end) out.push_back(stand_in(planned, at, availability));
}

Timeline::Timeline(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Timeline::Timeline(Timeline&&) noexcept = default;
Timeline& Timeline::operator=(Timeline&&) noexcept = default;
Timeline::~Timeline() = default;

Result<Timeline> Timeline::make(Channel channel, Zone zone) {
  auto plan = make_plan(std::move(channel), std::move(zone));
  if (!plan) return pass_on(std::move(plan.error()));
  return Timeline(std::make_unique<Impl>(std::move(*plan)));
}

const Channel& Timeline::channel() const {
  return impl_->plan.channel;
}

const Zone& Timeline::zone() const {
  return impl_->plan.zone;
}

std::vector<Entry> Timeline::playout(const Media& media, UtcMs from, UtcMs to) const {
  std::vector<Entry> out;
  impl_->walk(from, [&](const Entry& entry) {
    if (entry.start >= to) return false;
    if (entry.end > from) add_shown(impl_->plan, media, entry, out);
    return true;
  });
  // Stand-ins of one programme are entries of their own: those before and after are not asked for.
  std::erase_if(out, [&](const Entry& entry) { return entry.end <= from || entry.start >= to; });
  return out;
}

std::vector<Entry> Timeline::planned(UtcMs from, UtcMs to) const {
  std::vector<Entry> out;
  impl_->walk(from, [&](const Entry& entry) {
    if (entry.start >= to) return false;
    if (entry.end > from) out.push_back(entry);
    return true;
  });
  return out;
}

Entry Timeline::on_air(const Media& media, UtcMs at) const {
  const auto found = playout(media, at, at + 1);
  if (!found.empty()) return found.front();
  Entry nothing;  // before 1970 and after 2199
  nothing.start = at;
  nothing.end = at + 1;
  return nothing;
}

Since Timeline::since(UtcMs at) const {
  if (at < impl_->begins()) return impl_->plan.channel.since;
  return since_of(impl_->plan, impl_->run_at(at).state_at(at));
}

Result<std::vector<Entry>> playout(const Channel& channel, const Zone& zone, const Media& media,
                                   UtcMs from, UtcMs to) {
  auto timeline = Timeline::make(channel, zone);
  if (!timeline) return pass_on(std::move(timeline.error()));
  return timeline->playout(media, from, to);
}

}  // namespace hearth::node::channels
