// On which days a programme returns: RFC 5545 recurrence by days, read and worked out by libical
// (recurrence.cpp alone includes it). Pure.
//
// The time of day belongs to the slot, so the rule has days only: FREQ=DAILY, WEEKLY, MONTHLY or
// YEARLY with INTERVAL, COUNT, UNTIL (a date), BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS and so on.
// COUNT counts the days of the rule; `except` takes days away afterwards, `also` adds some.
// Weeks (weeks.h) and every n-th day are worked out without libical, whose iterator takes 5 µs a
// day and the wrong weeks; a test holds the two against each other (docs/decisions/0042).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "node/channels/civil.h"
#include "node/channels/weeks.h"

namespace hearth::node::channels {

inline constexpr std::size_t max_rule_text = 200;
inline constexpr std::size_t max_rule_days = 366;  ///< of `except` and of `also`

class Recurrence {
 public:
  /// An empty rule: the first day alone. Code::usage with the sentence.
  static Result<Recurrence> parse(const std::string& rule, Day first, std::vector<Day> except = {},
                                  std::vector<Day> also = {});
  /// Appends its days from `from` to `to` inclusive, ascending. Never one before the first day,
  /// but for those of `also`.
  void add_days(Day from, Day to, std::vector<Day>& out) const;
  /// Always by libical, for tests: wrong for weekly rules with INTERVAL or BYSETPOS.
  void add_days_by_libical(Day from, Day to, std::vector<Day>& out) const;
  /// Nothing repeats: an empty rule without `also`.
  bool once() const { return once_; }

 private:
  /// FREQ=DAILY without parts that choose among the days.
  struct Daily {
    std::int64_t interval = 1;
    Day last = last_day;
  };
  struct Rule;  ///< libical's
  void add_daily(Day from, Day to, std::vector<Day>& out) const;
  void add_rule(Day from, Day to, std::vector<Day>& out) const;
  void finish(Day from, Day to, std::size_t begin, std::vector<Day>& out) const;

  Day first_ = 0;
  bool once_ = true;
  std::optional<Daily> daily_;
  std::optional<Weeks> weeks_;
  std::shared_ptr<const Rule> rule_;
  std::vector<Day> except_, also_;  ///< sorted
};

}  // namespace hearth::node::channels
