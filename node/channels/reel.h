// A list in the order in which it is taken: by its turn, the first, second, … item for ever.
// Which item a turn gives is worked out from the turn alone. Items without a length are left out.
// Pure; room-internal. One thread: the shuffles of two rounds are kept.
#pragma once

#include <cstdint>
#include <vector>

#include "node/channels/channel.h"

namespace hearth::node::channels {

class Reel {
 public:
  struct Take {
    std::int32_t item = -1;  ///< position in the list
    std::int64_t length_ms = 0;
  };
  Reel() = default;
  Reel(const List& list, std::int32_t position, std::uint64_t seed);
  bool empty() const { return items_.empty(); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(items_.size()); }
  std::int32_t list() const { return list_; }
  Take at(std::uint64_t turn) const;
  /// How many turns after `turn` the first one is that is at most so long; `tries`, which is not
  /// above size(): none of so many.
  std::uint32_t until_at_most(std::int64_t length_ms, std::uint64_t turn,
                              std::uint32_t tries) const;
  std::int64_t shortest_ms() const { return shortest_ms_; }

 private:
  struct Spot {
    std::uint64_t round, place;
  };
  Spot spot_of(std::uint64_t turn) const;
  /// In the order of that round; not for weighted lists.
  const std::vector<Take>& round(std::uint64_t number) const;

  std::int32_t list_ = -1;
  Order order_ = Order::sequence;
  std::uint64_t seed_ = 0;
  std::vector<Take> items_;
  std::int64_t shortest_ms_ = INT64_MAX;
  std::vector<std::uint64_t> weights_;  ///< sums, ascending
  struct Round {
    std::uint64_t number = UINT64_MAX;
    std::uint32_t last = 0;  ///< of its items
    std::vector<Take> order;
  };
  mutable std::uint64_t round_ = 0, round_begin_ = 0;  ///< of the last division
  mutable Round rounds_[2];  ///< one and the next: fillers are looked for ahead
};

}  // namespace hearth::node::channels
