#include "node/channels/reel.h"

#include <algorithm>
#include <optional>

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

const std::vector<Reel::Take>& Reel::round(std::uint64_t number) const {
  if (order_ == Order::sequence) return items_;
  Round& out = rounds_[number % 2];
  if (out.number == number) return out.order;
  const Round& before = rounds_[(number + 1) % 2];
  std::optional<std::uint32_t> last;
  if (number > 0 && before.number == number - 1) last = before.last;
  const auto order = shuffled(seed_, number, size(), last);
  out = {number, order.back(), {}};
  out.order.reserve(order.size());
  for (const std::uint32_t item : order) out.order.push_back(items_[item]);
  return out.order;
}

Reel::Take Reel::at(std::uint64_t turn) const {
  if (order_ == Order::weighted) {
    const std::uint64_t drawn = roll(seed_, turn, weights_.back());
    const auto found = std::upper_bound(weights_.begin(), weights_.end(), drawn);
    return items_[static_cast<std::size_t>(found - weights_.begin())];
  }
  const Spot spot = spot_of(turn);
  return round(spot.round)[spot.place];
}

std::uint32_t Reel::until_at_most(std::int64_t length_ms, std::uint64_t turn,
                                  std::uint32_t tries) const {
  std::uint32_t ahead = 0;
  if (order_ == Order::weighted) {
    while (ahead < tries && at(turn + ahead).length_ms > length_ms) ++ahead;
    return ahead;
  }
  Spot spot = spot_of(turn);
  while (ahead < tries) {
    const std::vector<Take>& order = round(spot.round);
    for (; spot.place < order.size() && ahead < tries; ++spot.place, ++ahead)
      if (order[spot.place].length_ms <= length_ms) return ahead;
    spot = {spot.round + 1, 0};
  }
  return ahead;
}

}  // namespace hearth::node::channels
