// On which days a programme returns: RFC 5545 recurrence by days, read and worked out by libical
// (recurrence.cpp alone includes it). Pure.
//
// The time of day belongs to the slot, so the rule has days only: FREQ=DAILY, WEEKLY, MONTHLY or
// YEARLY with INTERVAL, COUNT, UNTIL (a date), BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS and so on.
// COUNT counts the days of the rule; `except` takes days away afterwards, `also` adds some.
// Every day of every week is worked out without libical, whose iterator takes 5 µs a day; a test
// holds the two against each other (docs/decisions/0042).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "node/channels/civil.h"

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
  /// Always by libical: what add_days is held against.
  void add_days_by_libical(Day from, Day to, std::vector<Day>& out) const;
  /// Nothing repeats: an empty rule without `also`.
  bool once() const { return once_; }

 private:
  /// Of a rule of weekdays in every n-th week, or of every n-th day.
  struct Plain {
    bool weekly = false;
    std::int32_t interval = 1;
    std::uint8_t weekdays = 0;  ///< bit n: weekday_of() n
    int week_start = 0;
    Day last = last_day;
  };
  struct Rule;  ///< libical's
  void add_plain(Day from, Day to, std::vector<Day>& out) const;
  void add_rule(Day from, Day to, std::vector<Day>& out) const;
  void finish(Day from, Day to, std::size_t begin, std::vector<Day>& out) const;

  Day first_ = 0;
  bool once_ = true, is_plain_ = false;
  Plain plain_;
  std::shared_ptr<const Rule> rule_;
  std::vector<Day> except_, also_;  ///< sorted
};

}  // namespace hearth::node::channels
