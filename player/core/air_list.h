// The part of a channel's list that the node has told, and what of it could not be shown. Pure;
// all times are list times (common/link/channels.h).
#pragma once

#include <map>
#include <string>

#include "common/link/channels.h"

namespace hearth::player {

class AirList {
 public:
  void take(link::Air air);
  void clear();
  const link::Air& air() const { return air_; }
  /// What is on then; nullptr: dead air, or not told.
  const link::AirItem* at(std::int64_t list_ms) const;
  /// The first that begins after that moment; nullptr: not told.
  const link::AirItem* after(std::int64_t list_ms) const;
  const link::AirItem* find(const std::string& item) const;
  /// The node has told nothing about this moment and what follows.
  bool ends_before(std::int64_t list_ms) const;

  void note_failure(const std::string& item, std::string sentence);
  /// Why it cannot be shown; empty: it can.
  std::string failure(const link::AirItem& item) const;

 private:
  link::Air air_;
  std::map<std::string, std::string> failures_;  ///< of items that are still in the list
};

/// Where in its media an item is at a moment of the list.
inline std::int64_t position_in(const link::AirItem& item, std::int64_t list_ms) {
  return item.in_point_ms + list_ms - item.start_ms;
}

}  // namespace hearth::player
