#include "node/channels/weeks.h"

#include <algorithm>

namespace hearth::node::channels {

/// Of the week that begins on day `week`; bit n: its n-th day.
std::uint8_t Weeks::chosen(std::int64_t week) const {
  std::uint8_t days = 0;
  int many = 0;
  for (int n = 0; n < 7; ++n) {
    if ((weekdays >> (week_start + n) % 7 & 1) == 0) continue;
    if (months != 0 && (months >> date_of(static_cast<Day>(week + n)).month & 1) == 0) continue;
    days |= static_cast<std::uint8_t>(1U << n);
    ++many;
  }
  if (positions.empty()) return days;
  std::uint8_t kept = 0;
  for (int n = 0, place = 1; n < 7; ++n) {
    if ((days >> n & 1) == 0) continue;
    const bool taken = std::any_of(positions.begin(), positions.end(), [&](int position) {
      return position == place || position == place - many - 1;
    });
    if (taken) kept |= static_cast<std::uint8_t>(1U << n);
    ++place;
  }
  return kept;
}

void Weeks::add(Day from, Day to, std::vector<Day>& out) const {
  from = std::max(from, first);
  to = std::min(to, last);
  if (from > to) return;
  const std::int64_t stride = 7 * interval;
  const std::int64_t week_zero = first - (weekday_of(first) - week_start + 7) % 7;
  const bool always_same = months == 0 && positions.empty();
  std::uint8_t days = always_same ? chosen(week_zero) : std::uint8_t{0};
  for (std::int64_t week = week_zero + (from - week_zero) / stride * stride; week <= to;
       week += stride) {
    if (!always_same) days = chosen(week);
    for (int n = 0; n < 7; ++n) {
      const std::int64_t day = week + n;
      if ((days >> n & 1) != 0 && day >= from && day <= to) out.push_back(static_cast<Day>(day));
    }
  }
}

void Weeks::end_after(int count) {
  std::vector<Day> all;
  for (Day from = first; from <= last; from += 366) {
    add(from, std::min(from + 365, last), all);
    if (all.size() >= static_cast<std::size_t>(count)) {
      last = all[static_cast<std::size_t>(count) - 1];
      return;
    }
  }
}

}  // namespace hearth::node::channels
