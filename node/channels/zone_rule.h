// The footer of a TZif file: a POSIX TZ string with the extensions of RFC 8536 §3.3.1, e.g.
// "CET-1CEST,M3.5.0,M10.5.0/3". It rules all times after the file's last change. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hearth::node::channels {

struct ZoneRule {
  /// A change of clocks in each year.
  struct Turn {
    enum class Kind { julian, day_of_year, month_week_day };
    Kind kind = Kind::julian;
    int month = 0, week = 0, day = 0;
    std::int64_t time_s = 2 * 3600;  ///< of the wall clock before the change
  };
  struct Change {
    std::int64_t at_ms;
    std::int32_t offset_s;
  };
  std::int32_t standard_s = 0, summer_s = 0;  ///< local minus UTC
  bool has_summer = false;
  Turn to_summer, to_standard;
};

std::optional<ZoneRule> parse_zone_rule(std::string_view text);
/// The offset right after `after_ms`, and the changes from then to the end of 2199.
std::vector<ZoneRule::Change> changes_of(const ZoneRule& rule, std::int64_t after_ms);

}  // namespace hearth::node::channels
