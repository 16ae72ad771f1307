#include "node/channels/channel.h"

#include <algorithm>

namespace hearth::node::channels {
namespace {

template <class T>
const T* find_by_id(const std::vector<T>& all, std::string_view id) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(ItemKind kind) {
  constexpr std::string_view names[] = {"", "title", "offer", "album", "music", "page"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Order order) {
  constexpr std::string_view names[] = {"", "sequence", "shuffle", "weighted"};
  return names[static_cast<std::size_t>(order)];
}

std::string_view name_of(Take take) {
  constexpr std::string_view names[] = {"", "one", "multiple", "duration", "flood"};
  return names[static_cast<std::size_t>(take)];
}

std::string_view name_of(Link link) {
  constexpr std::string_view names[] = {"none", "follows", "reruns"};
  return names[static_cast<std::size_t>(link)];
}

std::string_view name_of(Place place) {
  constexpr std::string_view names[] = {"", "pre", "mid", "post", "tail", "fallback"};
  return names[static_cast<std::size_t>(place)];
}

std::string_view name_of(Amount amount) {
  constexpr std::string_view names[] = {"", "count", "duration", "pad", "all"};
  return names[static_cast<std::size_t>(amount)];
}

std::string_view name_of(Transition transition) {
  constexpr std::string_view names[] = {"", "cut", "fade"};
  return names[static_cast<std::size_t>(transition)];
}

std::string_view name_of(Corner corner) {
  constexpr std::string_view names[] = {"", "top_left", "top_right", "bottom_left", "bottom_right"};
  return names[static_cast<std::size_t>(corner)];
}

std::int64_t length_of(const Item& item) {
  if (item.kind != ItemKind::album) return item.length_ms;
  return static_cast<std::int64_t>(item.pictures.size()) * item.picture_ms;
}

const List* Channel::find_list(std::string_view list) const {
  return find_by_id(lists, list);
}

const Slot* Channel::find_slot(std::string_view slot) const {
  return find_by_id(slots, slot);
}

const Filler* Channel::find_filler(std::string_view filler) const {
  return find_by_id(fillers, filler);
}

}  // namespace hearth::node::channels
