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
    shortest_ms_ = std::min(shortest_ms_, length);
    sum += static_cast<std::uint64_t>(std::max(1, list.items[i].weight));
    weights_.push_back(sum);
  }
}

/// Turns are asked for one after the other: a division a round is enough.
Reel::Spot Reel::spot_of(std::uint64_t turn) const {
  const std::uint64_t n = items_.size();
  if (turn < round_begin_ || turn - round_begin_ >= 2 * n) {
    round_ = turn / n;
    round_begin_ = round_ * n;
  }
  const std::uint64_t place = turn - round_begin_;
  return place < n ? Spot{round_, place} : Spot{round_ + 1, place - n};
}

const Reel::Take& Reel::at(std::uint64_t turn) const {
  switch (order_) {
    case Order::shuffle: {
      const Spot spot = spot_of(turn);
      Round& round = rounds_[spot.round % 2];
      if (spot.round != round.number) {
        round.number = spot.round;
        round.order = shuffled(seed_, round.number, size());
      }
      return items_[round.order[spot.place]];
    }
    case Order::weighted: {
      const std::uint64_t drawn = roll(seed_, turn, weights_.back());
      const auto found = std::upper_bound(weights_.begin(), weights_.end(), drawn);
      return items_[static_cast<std::size_t>(found - weights_.begin())];
    }
    case Order::sequence:
      break;
  }
  return items_[spot_of(turn).place];
}

}  // namespace hearth::node::channels
