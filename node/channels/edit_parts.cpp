// Changes of lists, slots and fillers.
#include "node/channels/edit.h"
#include "node/channels/edit_steps.h"
#include "node/channels/recurrence.h"

namespace hearth::node::channels {
namespace {

template <class T>
Result<void> remove(std::vector<T>& all, const char* what, const std::string& id) {
  const auto found = find_by_id(all, id);
  if (found == all.end()) return not_there(what, id);
  all.erase(found);
  return {};
}

/// Changes the slot through `change`, which gets its fixed part.
template <class F>
Change change_fixed(std::string slot, F change) {
  return [=](Channel& channel) -> Result<void> {
    const auto found = find_by_id(channel.slots, slot);
    if (found == channel.slots.end()) return not_there("slot", slot);
    if (!found->fixed)
      return fail(Code::usage, "The slot \"" + slot +
                                   "\" floats: it has no day and no time. Nothing was changed; "
                                   "set its \"at\" and \"first\" before.");
    change(*found->fixed);
    return readable(*found, slot_from_json);
  };
}

}  // namespace

Change add_list(List list) {
  return [list = std::move(list)](Channel& channel) -> Result<void> {
    List added = list;
    if (added.id.empty()) added.id = fresh_id(channel, 'l');
    if (const auto fine = readable(added, list_from_json); !fine) return fine;
    channel.lists.push_back(std::move(added));
    return {};
  };
}

Change set_list(std::string list, wire::Json members) {
  return [=](Channel& channel) -> Result<void> {
    const auto found = find_by_id(channel.lists, list);
    if (found == channel.lists.end()) return not_there("list", list);
    return put_members(*found, members, list_from_json);
  };
}

Change remove_list(std::string list) {
  return [=](Channel& channel) -> Result<void> {
    const auto takes = [&](const auto& one) { return one.list == list; };
    const bool used = std::any_of(channel.slots.begin(), channel.slots.end(), takes) ||
                      std::any_of(channel.fillers.begin(), channel.fillers.end(), takes);
    if (used)
      return fail(Code::usage, "The list \"" + printable(list) +
                                   "\" is in use by a slot or a filler. Nothing was changed; "
                                   "remove that first.");
    return remove(channel.lists, "list", list);
  };
}

Change add_slot(Slot slot, std::string before) {
  return [slot = std::move(slot), before = std::move(before)](Channel& channel) -> Result<void> {
    Slot added = slot;
    if (added.id.empty()) added.id = fresh_id(channel, 's');
    if (const auto fine = readable(added, slot_from_json); !fine) return fine;
    channel.slots.insert(find_by_id(channel.slots, before), std::move(added));
    return {};
  };
}

Change move_slot(std::string slot, std::string before) {
  return [=](Channel& channel) -> Result<void> {
    const auto found = find_by_id(channel.slots, slot);
    if (found == channel.slots.end()) return not_there("slot", slot);
    if (before == slot) return {};
    Slot moved = std::move(*found);
    channel.slots.erase(found);
    channel.slots.insert(find_by_id(channel.slots, before), std::move(moved));
    return {};
  };
}

Change set_slot(std::string slot, wire::Json members) {
  return [=](Channel& channel) -> Result<void> {
    const auto found = find_by_id(channel.slots, slot);
    if (found == channel.slots.end()) return not_there("slot", slot);
    return put_members(*found, members, slot_from_json);
  };
}

Change remove_slot(std::string slot) {
  return [=](Channel& channel) -> Result<void> {
    for (const Slot& one : channel.slots) {
      if (one.link == Link::none || one.linked != slot) continue;
      return fail(Code::usage, "The slot \"" + printable(one.id) +
                                   "\" is linked to it. Nothing was changed; remove that first.");
    }
    return remove(channel.slots, "slot", slot);
  };
}

Change repeat_slot(std::string slot, std::string rule) {
  return change_fixed(std::move(slot), [=](Fixed& fixed) { fixed.rule = rule; });
}

Change skip_day(std::string slot, Day day) {
  return change_fixed(std::move(slot), [=](Fixed& fixed) {
    std::erase(fixed.also, day);
    if (std::find(fixed.except.begin(), fixed.except.end(), day) == fixed.except.end())
      fixed.except.push_back(day);
  });
}

Change add_filler(Filler filler) {
  return [filler = std::move(filler)](Channel& channel) -> Result<void> {
    Filler added = filler;
    if (added.id.empty()) added.id = fresh_id(channel, 'f');
    if (const auto fine = readable(added, filler_from_json); !fine) return fine;
    channel.fillers.push_back(std::move(added));
    return {};
  };
}

Change set_filler(std::string filler, wire::Json members) {
  return [=](Channel& channel) -> Result<void> {
    const auto found = find_by_id(channel.fillers, filler);
    if (found == channel.fillers.end()) return not_there("filler", filler);
    return put_members(*found, members, filler_from_json);
  };
}

Change remove_filler(std::string filler) {
  return [=](Channel& channel) -> Result<void> {
    std::erase(channel.usual_fillers, filler);
    for (Slot& slot : channel.slots) {
      if (slot.fillers) std::erase(*slot.fillers, filler);
    }
    return remove(channel.fillers, "filler", filler);
  };
}

}  // namespace hearth::node::channels
