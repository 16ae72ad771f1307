#include "node/channels/edit.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "node/channels/edit_steps.h"

namespace hearth::node::channels {
namespace {

const List* list_of(const Channel& channel, const Slot& slot) {
  const Slot* at = &slot;
  while (at != nullptr && at->link != Link::none) at = channel.find_slot(at->linked);
  return at == nullptr ? nullptr : channel.find_list(at->list);
}

std::vector<std::string> shown_items(const List& list) {
  std::vector<std::string> out;
  for (const Item& item : list.items) {
    if (length_of(item) >= min_length_ms) out.push_back(item.id);
  }
  return out;
}

std::vector<std::string> from_turn(const List& list, std::int64_t turn) {
  std::vector<std::string> items = shown_items(list);
  if (items.empty()) return items;
  const auto n = static_cast<std::int64_t>(items.size());
  std::rotate(items.begin(), items.begin() + turn % n, items.end());
  return items;
}

/// The turn that gives the first of `coming` that is still in the list.
std::int64_t turn_of(const List& list, const std::vector<std::string>& coming) {
  const std::vector<std::string> items = shown_items(list);
  for (const std::string& id : coming) {
    const auto found = std::find(items.begin(), items.end(), id);
    if (found != items.end()) return found - items.begin();
  }
  return 0;
}

/// Lists in sequence go on with the item that would have come next, whatever was put in or out.
void keep_places(const Channel& before, Channel& after) {
  for (Progress& one : after.since.progress) {
    const Slot* old_slot = before.find_slot(one.id);
    const Slot* new_slot = after.find_slot(one.id);
    if (old_slot == nullptr || new_slot == nullptr) continue;
    const List* old_list = list_of(before, *old_slot);
    const List* new_list = list_of(after, *new_slot);
    if (old_list == nullptr || new_list == nullptr || *old_list == *new_list) continue;
    if (old_list->id != new_list->id) {
      one.next = one.first = 0;
    } else if (new_list->order == Order::sequence && old_list->order == Order::sequence) {
      one.next = turn_of(*new_list, from_turn(*old_list, one.next));
      one.first = turn_of(*new_list, from_turn(*old_list, one.first));
    }
  }
  std::erase_if(after.since.progress, [&](const Progress& one) {
    return after.find_slot(one.id) == nullptr && after.find_filler(one.id) == nullptr;
  });
  const auto gone = [&](const std::optional<Running>& running) {
    return running && after.find_slot(running->slot) == nullptr;
  };
  if (gone(after.since.on_air)) after.since.on_air.reset();
  if (gone(after.since.floating)) after.since.floating.reset();
}

Result<void> same_version(const Channel& channel, std::int64_t expected) {
  if (channel.version == expected) return {};
  return fail(Code::changed_meanwhile,
              "The channel was changed in the meantime: it is at version " +
                  std::to_string(channel.version) + ", and the change was made to version " +
                  std::to_string(expected) +
                  ". Nothing was changed; look at it again and repeat the change.");
}

std::string called(const GuideEntry& entry, const Channel& channel) {
  const Item* item = item_of(channel, entry.item);
  return item == nullptr ? std::string() : item->id;
}

}  // namespace

Channel new_channel(std::string id, std::int32_t number, std::string name, std::string zone,
                    std::uint64_t seed, UtcMs at) {
  Channel channel;
  channel.id = std::move(id);
  channel.number = number;
  channel.name = std::move(name);
  channel.zone = std::move(zone);
  channel.seed = seed;
  channel.since.at = at;
  channel.since.handled = at - 1;
  return channel;
}

Result<Channel> edited(const Timeline& now, std::int64_t expected_version, UtcMs at,
                       const std::vector<Change>& changes) {
  const Channel& before = now.channel();
  if (const auto same = same_version(before, expected_version); !same) return pass_on(same.error());
  Channel after = before;
  after.since = now.since(at);
  for (const Change& change : changes) {
    if (const auto done = change(after); !done) return pass_on(done.error());
  }
  keep_places(before, after);
  if (const auto whole = consistent(after); !whole) return pass_on(whole.error());
  ++after.version;
  return after;
}

Result<Channel> restored(const Timeline& now, std::int64_t expected_version, UtcMs at,
                         const Channel& older) {
  return edited(now, expected_version, at, {[&older](Channel& channel) -> Result<void> {
                  const std::int64_t version = channel.version;
                  Since since = std::move(channel.since);
                  channel = older;
                  channel.version = version;
                  channel.since = std::move(since);
                  return {};
                }});
}

std::string fresh_id(const Channel& channel, char prefix) {
  std::set<std::string_view> taken;
  for (const List& list : channel.lists) {
    taken.insert(list.id);
    for (const Item& item : list.items) taken.insert(item.id);
  }
  for (const Slot& slot : channel.slots) taken.insert(slot.id);
  for (const Filler& filler : channel.fillers) taken.insert(filler.id);
  for (std::size_t number = taken.size() + 1;; ++number) {
    std::string id = prefix + std::to_string(number);
    if (taken.count(id) == 0) return id;
  }
}

DryRun dry_run(const Timeline& before, const Timeline& after, const Media& media, UtcMs from,
               UtcMs to) {
  using Key = std::tuple<UtcMs, UtcMs, EntryKind, std::string, bool>;
  const auto key = [](const GuideEntry& entry, const Channel& channel) {
    return Key(entry.start, entry.end, entry.kind, called(entry, channel), entry.shown);
  };
  const auto old_guide = before.guide(media, from, to), new_guide = after.guide(media, from, to);
  std::set<Key> old_keys, new_keys;
  for (const auto& entry : old_guide) old_keys.insert(key(entry, before.channel()));
  for (const auto& entry : new_guide) new_keys.insert(key(entry, after.channel()));
  DryRun out;
  for (const auto& entry : old_guide) {
    if (new_keys.count(key(entry, before.channel())) == 0) out.gone.push_back(entry);
  }
  for (const auto& entry : new_guide) {
    if (old_keys.count(key(entry, after.channel())) == 0) out.fresh.push_back(entry);
  }
  out.warnings = check(after, media, from);
  return out;
}

// The changes.

namespace {

/// Item by id, in whichever list.
std::pair<List*, std::size_t> find_item(Channel& channel, const std::string& id) {
  for (List& list : channel.lists) {
    const auto found = find_by_id(list.items, id);
    if (found != list.items.end())
      return {&list, static_cast<std::size_t>(found - list.items.begin())};
  }
  return {nullptr, 0};
}

Item completed(const Channel& channel, Item item, const Media& media) {
  if (item.id.empty()) item.id = fresh_id(channel, 'i');
  const Facts* facts = item.media.empty() ? nullptr : media.find(item.media);
  if (facts == nullptr) return item;
  if (item.name.empty()) item.name = facts->name;
  if (item.length_ms == 0 && facts->length_ms >= min_length_ms)
    item.length_ms = std::min(facts->length_ms, max_length_ms);
  return item;
}

}  // namespace

Change add_items(std::string list, std::vector<Item> items, std::string before,
                 const Media& media) {
  return [list = std::move(list), items = std::move(items), before = std::move(before),
          &media](Channel& channel) -> Result<void> {
    const auto into = find_by_id(channel.lists, list);
    if (into == channel.lists.end()) return not_there("list", list);
    for (const Item& one : items) {
      Item item = completed(channel, one, media);
      if (const auto fine = readable(item, item_from_json); !fine) return fine;
      into->items.insert(find_by_id(into->items, before), std::move(item));
    }
    return {};
  };
}

Change move_item(std::string item, std::string list, std::string before) {
  return [=](Channel& channel) -> Result<void> {
    const auto [from, position] = find_item(channel, item);
    const auto into = find_by_id(channel.lists, list);
    if (from == nullptr) return not_there("item", item);
    if (into == channel.lists.end()) return not_there("list", list);
    if (before == item) return {};
    Item moved = std::move(from->items[position]);
    from->items.erase(from->items.begin() + static_cast<long>(position));
    into->items.insert(find_by_id(into->items, before), std::move(moved));
    return {};
  };
}

Change remove_item(std::string item) {
  return [=](Channel& channel) -> Result<void> {
    const auto [list, position] = find_item(channel, item);
    if (list == nullptr) return not_there("item", item);
    list->items.erase(list->items.begin() + static_cast<long>(position));
    return {};
  };
}

Change set_item(std::string item, wire::Json members) {
  return [=](Channel& channel) -> Result<void> {
    const auto [list, position] = find_item(channel, item);
    if (list == nullptr) return not_there("item", item);
    return put_members(list->items[position], members, item_from_json);
  };
}

Change set_channel(wire::Json members) {
  return [=](Channel& channel) -> Result<void> {
    constexpr std::string_view may_change[] = {
        "number",   "name",      "logo",   "colour",          "zone",         "seed",
        "dead_air", "watermark", "budget", "max_lateness_ms", "usual_fillers"};
    if (!members.is_object())
      return fail(Code::usage, "The members to set are not a JSON object. Nothing was changed.");
    for (const auto& [name, value] : members.items()) {
      if (std::find(std::begin(may_change), std::end(may_change), name) == std::end(may_change))
        return fail(Code::usage, "A channel's \"" + printable(name) +
                                     "\" cannot be set like this. Nothing was changed.");
    }
    return put_members(channel, members, channel_from_json);
  };
}

}  // namespace hearth::node::channels
