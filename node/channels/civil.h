// Dates of the proleptic Gregorian calendar as numbers, and times of a day as people write them.
// Pure arithmetic; time zones are zone.h's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::node::channels {

/// Days since 1970-01-01, of somebody's local calendar.
using Day = std::int32_t;

inline constexpr std::int64_t second_ms = 1000, minute_ms = 60 * second_ms,
                              hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;

struct Date {
  int year = 1970, month = 1, day = 1;
};

Day day_of(Date date);
Date date_of(Day day);
/// 0 Monday … 6 Sunday.
int weekday_of(Day day);
/// Quotient and remainder that round down, for times before 1970.
std::int64_t floor_div(std::int64_t a, std::int64_t b);

/// "2026-11-27"; years 1970 to 2199.
std::optional<Day> parse_day(std::string_view text);
std::string format_day(Day day);
/// "20:15", "20:15:30" or "20:15:30.500" as milliseconds of the day, and back (the shortest).
std::optional<std::int64_t> parse_clock(std::string_view text);
std::string format_clock(std::int64_t ms);

inline constexpr Day first_day = 0, last_day = 84005;  ///< 2199-12-31

}  // namespace hearth::node::channels
