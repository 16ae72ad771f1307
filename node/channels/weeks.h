// The days of a weekly rule: RFC 5545, section 3.3.10, FREQ=WEEKLY with INTERVAL, BYDAY, WKST,
// BYMONTH, BYSETPOS, COUNT and UNTIL. A week begins on WKST (Monday unless it is given); that of
// the first day counts, and every INTERVAL-th after it. Own arithmetic, as libical 3.0.16 takes the
// wrong weeks (docs/decisions/0042). Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "node/channels/civil.h"

namespace hearth::node::channels {

struct Weeks {
  Day first = 0;
  std::int64_t interval = 1;
  int week_start = 0;                   ///< as weekday_of()
  std::uint8_t weekdays = 0;            ///< BYDAY; bit n: weekday_of() n. Never 0
  std::uint16_t months = 0;             ///< BYMONTH; bit n: month n. 0: all of them
  std::vector<std::int16_t> positions;  ///< BYSETPOS. Empty: all of them
  Day last = last_day;

  /// Appends its days from `from` to `to` inclusive, ascending.
  void add(Day from, Day to, std::vector<Day>& out) const;
  /// COUNT: ends with the `count`-th day.
  void end_after(int count);

 private:
  std::uint8_t chosen(std::int64_t week) const;
};

}  // namespace hearth::node::channels
