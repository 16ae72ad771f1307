#include "ledger/machine/limits.h"

#include <limits>

namespace hearth::ledger {
namespace {

constexpr std::int64_t day_ms = 24LL * 60 * 60 * 1000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

std::int64_t capped_sum(std::int64_t a, std::int64_t b) {
  return money::checked_add(a, b).value_or(std::numeric_limits<std::int64_t>::max());
}

}  // namespace

std::int64_t utc_day(UtcMs at_ms) {
  return floor_div(at_ms, day_ms);
}

std::int64_t utc_month(UtcMs at_ms) {
  // The Gregorian calendar in years that begin on 1 March, in eras of 400 years.
  const std::int64_t days = utc_day(at_ms) + 719'468;
  const std::int64_t era = floor_div(days, 146'097);
  const std::int64_t of_era = days - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t months_from_march = (5 * of_year + 2) / 153;
  return (year + era * 400) * 12 + months_from_march + 2 - 1970 * 12;
}

Spent spend(const Spent& before, UtcMs at_ms, std::int64_t minor) {
  Spent after = before;
  if (const std::int64_t day = utc_day(at_ms); day > before.day) after.day = day, after.on_day = 0;
  if (const std::int64_t month = utc_month(at_ms); month > before.month)
    after.month = month, after.in_month = 0;
  after.on_day = capped_sum(after.on_day, minor);
  after.in_month = capped_sum(after.in_month, minor);
  return after;
}

Outcome check_limits(const Limits& limits, const Spent& after, std::int64_t minor) {
  if (limits.per_purchase > 0 && minor > limits.per_purchase) return Outcome::purchase_limit;
  if (limits.per_day > 0 && after.on_day > limits.per_day) return Outcome::day_limit;
  if (limits.per_month > 0 && after.in_month > limits.per_month) return Outcome::month_limit;
  return Outcome::applied;
}

}  // namespace hearth::ledger
