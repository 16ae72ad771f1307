// What a home may spend on purchases, and what it has spent: per currency, over all its pockets,
// counted from when limits were first set for it. A refund does not give back what was counted:
// whoever holds a voucher can have it refunded to any wallet, so the ledger cannot know whose
// spending it was. Days and months are UTC's. Pure. docs/accounting.md §2.
#pragma once

#include <cstdint>

#include "common/base/clock.h"
#include "ledger/machine/commands.h"
#include "ledger/machine/outcome.h"

namespace hearth::ledger {

/// Days since 1970-01-01, and months since 1970-01, in which a time lies.
std::int64_t utc_day(UtcMs at_ms);
std::int64_t utc_month(UtcMs at_ms);

struct Spent {
  std::int64_t day = 0, on_day = 0;      ///< utc_day, minor units
  std::int64_t month = 0, in_month = 0;  ///< utc_month, minor units
  bool operator==(const Spent&) const = default;
};

/// With `minor` more at `at_ms`. A time before the counted day or month counts for that one; a sum
/// beyond int64 stays at its end.
Spent spend(const Spent& before, UtcMs at_ms, std::int64_t minor);
/// applied, or the first limit that spending `minor` to come to `after` exceeds.
Outcome check_limits(const Limits& limits, const Spent& after, std::int64_t minor);

}  // namespace hearth::ledger
