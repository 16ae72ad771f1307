#include "node/channels/civil.h"

#include <cstdio>

namespace hearth::node::channels {
namespace {

std::optional<int> number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Years begin in March here, so that the leap day is the last one.
Day day_of(Date date) {
  const int year = date.year - (date.month <= 2 ? 1 : 0);
  const auto era = static_cast<int>(floor_div(year, 400));
  const int of_era = year - era * 400;
  const int of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

Date date_of(Day day) {
  const int since = day + 719468;
  const auto era = static_cast<int>(floor_div(since, 146097));
  const int of_era = since - era * 146097;
  const int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int of_year = of_era - (365 * year + year / 4 - year / 100);
  const int month = (5 * of_year + 2) / 153;
  Date date;
  date.day = of_year - (153 * month + 2) / 5 + 1;
  date.month = month + (month < 10 ? 3 : -9);
  date.year = year + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

int weekday_of(Day day) {
  return static_cast<int>(day + 3 - 7 * floor_div(day + 3, 7));  // 1970-01-01 was a Thursday
}

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number(text.substr(0, 4)), month = number(text.substr(5, 2)),
             day = number(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1) return std::nullopt;
  const Day found = day_of({*year, *month, *day});
  const Date back = date_of(found);
  const bool exists = back.month == *month && back.day == *day;
  if (!exists || found < first_day || found > last_day) return std::nullopt;
  return found;
}

std::string format_day(Day day) {
  const Date date = date_of(day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
  return text;
}

std::optional<std::int64_t> parse_clock(std::string_view text) {
  const std::size_t size = text.size();
  if ((size != 5 && size != 8 && size != 12) || text[2] != ':') return std::nullopt;
  if ((size >= 8 && text[5] != ':') || (size == 12 && text[8] != '.')) return std::nullopt;
  const auto hours = number(text.substr(0, 2)), minutes = number(text.substr(3, 2)),
             seconds = size >= 8 ? number(text.substr(6, 2)) : 0,
             ms = size == 12 ? number(text.substr(9, 3)) : 0;
  if (!hours || !minutes || !seconds || !ms) return std::nullopt;
  if (*hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
  return *hours * hour_ms + *minutes * minute_ms + *seconds * second_ms + *ms;
}

std::string format_clock(std::int64_t ms_of_day) {
  const auto ms = static_cast<int>(ms_of_day);
  char text[64];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d.%03d", ms / 3'600'000, ms / 60'000 % 60,
                ms / 1000 % 60, ms % 1000);
  if (ms % 1000 != 0) return text;
  return std::string(text, ms % 60'000 != 0 ? 8 : 5);
}

}  // namespace hearth::node::channels
