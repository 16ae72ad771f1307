// Periods: what an operator means by --from and --to, in UTC, and which records of the journal
// they are. Record times never go back, so a period is a range of records, and its balances are
// those before its first and before its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/engine/books_view.h"

namespace hearth::ledger {

/// from ≤ time < to; nullopt: without that bound.
struct Period {
  std::optional<UtcMs> from;
  std::optional<UtcMs> to;
};

/// "2026-11-01" (to: that day included), "2026-11" (the month) or "2026-11-01T12:30:00Z" (to: up to
/// there). Empty: no bound. Code::usage for no date of the calendar, or a period that ends before
/// it begins.
Result<Period> parse_period(std::string_view from, std::string_view to);

/// Records [first, end).
struct RecordRange {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
};
Result<RecordRange> records_of(const BooksView& books, const Period& period);
/// As above in a journal of `size` records: later ones do not count.
Result<RecordRange> records_of(const BooksView& books, const Period& period, std::uint64_t size);

/// What the account held before record `index`; 0 for one that had no entries then.
Result<std::int64_t> balance_before(const BooksView& books, const AccountId& account,
                                    std::uint64_t index);

/// "2026-11-22", in UTC.
std::string utc_date(UtcMs at);
UtcMs next_day(UtcMs at);

}  // namespace hearth::ledger
