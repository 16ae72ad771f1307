#include "ledger/engine/stats.h"

#include <algorithm>

namespace hearth::ledger {

void Histogram::add(std::uint64_t value, std::span<const std::uint64_t, 12> bounds) {
  const auto place = std::lower_bound(bounds.begin(), bounds.end(), value);
  ++counts[static_cast<std::size_t>(place - bounds.begin())];
  sum += value;
  ++count;
}

}  // namespace hearth::ledger
