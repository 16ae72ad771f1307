#include "player/core/air_list.h"

#include <algorithm>
#include <utility>

namespace hearth::player {

void AirList::take(link::Air air) {
  air_ = std::move(air);
  std::erase_if(failures_, [&](const auto& failure) { return find(failure.first) == nullptr; });
}

void AirList::clear() {
  air_ = {};
  failures_.clear();
}

const link::AirItem* AirList::at(std::int64_t list_ms) const {
  for (const link::AirItem& item : air_.items) {
    if (item.start_ms <= list_ms && list_ms < item.end_ms) return &item;
  }
  return nullptr;
}

const link::AirItem* AirList::after(std::int64_t list_ms) const {
  for (const link::AirItem& item : air_.items) {
    if (item.start_ms > list_ms) return &item;
  }
  return nullptr;
}

const link::AirItem* AirList::find(const std::string& item) const {
  const auto found = std::find_if(air_.items.begin(), air_.items.end(),
                                  [&](const link::AirItem& one) { return one.item == item; });
  return found == air_.items.end() ? nullptr : &*found;
}

bool AirList::ends_before(std::int64_t list_ms) const {
  return air_.items.empty() || air_.items.back().end_ms <= list_ms;
}

void AirList::note_failure(const std::string& item, std::string sentence) {
  if (find(item) != nullptr) failures_[item] = std::move(sentence);
}

std::string AirList::failure(const link::AirItem& item) const {
  if (const auto found = failures_.find(item.item); found != failures_.end()) return found->second;
  if (!item.stream.empty()) return "";
  return item.sentence.empty() ? "This programme is not here." : item.sentence;
}

}  // namespace hearth::player
