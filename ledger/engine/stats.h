// What the engine tells about itself, for `watch`, `status` and metrics. A copy: reading it costs
// the writer nothing but a short lock. Counters begin with the process; totals are the books'.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/clock.h"
#include "ledger/journal/record.h"

namespace hearth::ledger {

/// Counts by upper bound; the last bucket has none.
struct Histogram {
  static constexpr std::array<std::uint64_t, 12> batch_bounds{1,   2,   5,   10,   20,   50,
                                                              100, 200, 500, 1000, 2000, 5000};
  static constexpr std::array<std::uint64_t, 12> commit_bounds_us{
      50, 100, 200, 500, 1000, 2000, 5000, 10'000, 20'000, 50'000, 100'000, 1'000'000};
  std::array<std::uint64_t, 13> counts{};
  std::uint64_t sum = 0;
  std::uint64_t count = 0;
  void add(std::uint64_t value, std::span<const std::uint64_t, 12> bounds);
};

struct EngineStats {
  /// What commands came to, by kind of record (kind_name, 1..) and number of the outcome.
  std::array<std::array<std::uint64_t, outcome_numbers>, record_kinds + 1> outcomes{};
  std::uint64_t commands = 0;  ///< taken from the queue, side writes included
  std::uint64_t refused_busy = 0;
  Histogram batch_size;  ///< commands of each batch; batch_bounds
  Histogram commit_us;   ///< time of each commit that wrote; commit_bounds_us
  std::uint64_t commits_failed = 0;
  std::size_t queue_length = 0;  ///< now
  std::size_t queue_limit = 0;
  bool ready = true;

  std::uint64_t records = 0;  ///< size of the journal
  UtcMs last_record_ms = 0;
  std::uint64_t homes = 0, accounts = 0, offers = 0;
  std::uint64_t bought = 0, redeemed = 0, refunded = 0, exchanged = 0, fresh = 0;
  std::uint64_t outstanding = 0;
  struct OfCurrency {
    money::Currency currency;
    std::int64_t wallets = 0, escrow = 0, cash = 0, fees = 0, adjustments = 0;
  };
  std::vector<OfCurrency> totals;
};

}  // namespace hearth::ledger
