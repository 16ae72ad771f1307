#include <set>

#include "node/channels/channel_json.h"

namespace hearth::node::channels {
namespace {

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(Code::usage, "The channel was refused: " + what + ". Nothing was changed.");
}

std::string quoted(const std::string& id) {
  return "\"" + id + "\"";
}

/// "" or what is wrong with the ids.
std::string ids_wrong(const Channel& channel) {
  std::set<std::string_view> lists, items, others;
  std::size_t pictures = 0;
  for (const List& list : channel.lists) {
    if (!lists.insert(list.id).second) return "two lists have the id " + quoted(list.id);
    for (const Item& item : list.items) {
      if (!items.insert(item.id).second) return "two items have the id " + quoted(item.id);
      pictures += item.pictures.size();
    }
  }
  if (items.size() > max_items) return "it has more than 10,000 items";
  if (pictures > max_pictures) return "its albums have more than 10,000 pictures";
  for (const Slot& slot : channel.slots) {
    if (!others.insert(slot.id).second) return "two slots have the id " + quoted(slot.id);
  }
  for (const Filler& filler : channel.fillers) {
    if (!others.insert(filler.id).second)
      return "two fillers, or a slot and a filler, have the id " + quoted(filler.id);
  }
  return "";
}

std::string link_wrong(const Channel& channel, const Slot& slot) {
  if (slot.link == Link::none) {
    if (channel.find_list(slot.list) == nullptr)
      return "the slot " + quoted(slot.id) + " shows a list that is not there";
    return "";
  }
  const Slot* at = channel.find_slot(slot.linked);
  if (at == nullptr) return "the slot " + quoted(slot.id) + " is linked to one that is not there";
  if (at->link == Link::reruns)
    return "the slot " + quoted(slot.id) + " is linked to a rerun; link it to the original";
  for (std::size_t steps = 0; at != nullptr && at->link != Link::none; ++steps) {
    if (steps > channel.slots.size() || at == &slot)
      return "the links of slot " + quoted(slot.id) + " run in a circle";
    at = channel.find_slot(at->linked);
  }
  if (at == &slot) return "the slot " + quoted(slot.id) + " is linked to itself";
  return "";
}

std::string fillers_wrong(const Channel& channel, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (channel.find_filler(id) == nullptr) return "the filler " + quoted(id) + " is not there";
  }
  return "";
}

/// "Europe/Berlin", never a path out of the zones' folder.
bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.back() == '/') return false;
  for (const char c : name) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '/' || c == '_' || c == '-' || c == '+';
    if (!fine) return false;
  }
  return true;
}

}  // namespace

Result<void> consistent(const Channel& channel) {
  if (!is_zone_name(channel.zone)) return refuse("its time zone is not a name like Europe/Berlin");
  std::string wrong = ids_wrong(channel);
  for (auto slot = channel.slots.begin(); wrong.empty() && slot != channel.slots.end(); ++slot) {
    wrong = link_wrong(channel, *slot);
    if (wrong.empty() && slot->fillers) wrong = fillers_wrong(channel, *slot->fillers);
  }
  for (auto one = channel.fillers.begin(); wrong.empty() && one != channel.fillers.end(); ++one) {
    if (channel.find_list(one->list) == nullptr)
      wrong = "the filler " + quoted(one->id) + " shows a list that is not there";
  }
  if (wrong.empty()) wrong = fillers_wrong(channel, channel.usual_fillers);
  if (!wrong.empty()) return refuse(wrong);
  return {};
}

}  // namespace hearth::node::channels
