#include "node/channels/zone_rule.h"

#include <algorithm>

#include "node/channels/civil.h"

namespace hearth::node::channels {
namespace {

/// Reads a TZ string from left to right; after the first mistake `ok` is false.
struct TzText {
  std::string_view left;
  bool ok = true;

  bool take(char c) {
    if (left.empty() || left.front() != c) return false;
    left.remove_prefix(1);
    return true;
  }
  void name() {
    const bool quoted = take('<');
    std::size_t size = 0;
    const auto in_name = [&](char c) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      return letter || (quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'));
    };
    while (size < left.size() && in_name(left[size])) ++size;
    ok = ok && size >= 3;
    left.remove_prefix(size);
    if (quoted) ok = take('>') && ok;
  }
  int number(int min, int max) {
    std::size_t size = 0;
    int value = 0;
    while (size < left.size() && size < 4 && left[size] >= '0' && left[size] <= '9')
      value = value * 10 + (left[size++] - '0');
    ok = ok && size > 0 && value >= min && value <= max;
    left.remove_prefix(size);
    return value;
  }
  std::int64_t time() {
    const bool minus = take('-');
    if (!minus) take('+');
    std::int64_t seconds = number(0, 167) * 3600;
    if (take(':')) seconds += number(0, 59) * 60;
    if (take(':')) seconds += number(0, 59);
    return minus ? -seconds : seconds;
  }
  ZoneRule::Turn turn() {
    ZoneRule::Turn turn;
    if (take('M')) {
      turn.kind = ZoneRule::Turn::Kind::month_week_day;
      turn.month = number(1, 12);
      ok = take('.') && ok;
      turn.week = number(1, 5);
      ok = take('.') && ok;
      turn.day = number(0, 6);
    } else if (take('J')) {
      turn.day = number(1, 365);
    } else {
      turn.kind = ZoneRule::Turn::Kind::day_of_year;
      turn.day = number(0, 365);
    }
    if (take('/')) turn.time_s = time();
    return turn;
  }
};

Day day_in(int year, const ZoneRule::Turn& turn) {
  const Day new_year = day_of({year, 1, 1});
  switch (turn.kind) {
    case ZoneRule::Turn::Kind::day_of_year:
      return new_year + turn.day;
    case ZoneRule::Turn::Kind::julian: {
      const bool leap = day_of({year + 1, 1, 1}) - new_year == 366;
      return new_year + turn.day - 1 + (leap && turn.day >= 60 ? 1 : 0);
    }
    case ZoneRule::Turn::Kind::month_week_day:
      break;
  }
  const Day first = day_of({year, turn.month, 1});
  const Day next_month =
      turn.month == 12 ? day_of({year + 1, 1, 1}) : day_of({year, turn.month + 1, 1});
  const int wanted = (turn.day + 6) % 7;  // POSIX counts from Sunday
  Day day = first + (wanted - weekday_of(first) + 7) % 7 + (turn.week - 1) * 7;
  while (day >= next_month) day -= 7;
  return day;
}

std::int64_t utc_ms(int year, const ZoneRule::Turn& turn, std::int32_t offset_before_s) {
  return (day_in(year, turn) * std::int64_t{86400} + turn.time_s - offset_before_s) * 1000;
}

}  // namespace

std::optional<ZoneRule> parse_zone_rule(std::string_view text) {
  TzText in{text};
  ZoneRule rule;
  in.name();
  rule.standard_s = static_cast<std::int32_t>(-in.time());
  if (!in.left.empty()) {
    rule.has_summer = true;
    in.name();
    const bool stated = !in.left.empty() && in.left.front() != ',';
    rule.summer_s = stated ? static_cast<std::int32_t>(-in.time()) : rule.standard_s + 3600;
    in.ok = in.take(',') && in.ok;
    rule.to_summer = in.turn();
    in.ok = in.take(',') && in.ok;
    rule.to_standard = in.turn();
  }
  if (!in.ok || !in.left.empty()) return std::nullopt;
  return rule;
}

std::vector<ZoneRule::Change> changes_of(const ZoneRule& rule, std::int64_t after_ms) {
  if (!rule.has_summer) return {{after_ms, rule.standard_s}};
  const int from = after_ms < 0 ? 1970 : date_of(static_cast<Day>(after_ms / day_ms)).year;
  std::vector<ZoneRule::Change> out;
  for (int year = from - 1; year < 2200; ++year) {
    out.push_back({utc_ms(year, rule.to_summer, rule.standard_s), rule.summer_s});
    out.push_back({utc_ms(year, rule.to_standard, rule.summer_s), rule.standard_s});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.at_ms < b.at_ms; });
  const auto first = std::partition_point(out.begin(), out.end(),
                                          [&](const auto& one) { return one.at_ms <= after_ms; });
  out.erase(out.begin(), first);
  return out;
}

}  // namespace hearth::node::channels
