#include "node/channels/reel.h"

#include <algorithm>

#include "node/channels/dice.h"

namespace hearth::node::channels {

Reel::Reel(const List& list, std::int32_t position, std::uint64_t seed)
    : list_(position), order_(list.order), seed_(seed) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const std::int64_t length = length_of(list.items[i]);
    if (length < min_length_ms || length > max_length_ms) continue;
    items_.push_back({static_cast<std::int32_t>(i), length});
    sum += static_cast<std::uint64_t>(std::max(1, list.items[i].weight));
    weights_.push_back(sum);
  }
}

const Reel::Take& Reel::at(std::uint64_t turn) const {
  const std::uint64_t n = items_.size();
  switch (order_) {
    case Order::shuffle: {
      Round& round = rounds_[turn / n % 2];
      if (turn / n != round.number) {
        round.number = turn / n;
        round.order = shuffled(seed_, round.number, static_cast<std::uint32_t>(n));
      }
      return items_[round.order[turn % n]];
    }
    case Order::weighted: {
      const std::uint64_t drawn = roll(seed_, turn, weights_.back());
      const auto found = std::upper_bound(weights_.begin(), weights_.end(), drawn);
      return items_[static_cast<std::size_t>(found - weights_.begin())];
    }
    case Order::sequence:
      break;
  }
  return items_[turn % n];
}

}  // namespace hearth::node::channels
