#include "node/channels/recurrence.h"

#include <algorithm>
#include <memory>

#include <libical/ical.h>

#include "common/base/names.h"

namespace hearth::node::channels {

struct Recurrence::Rule {
  icalrecurrencetype type;
};

namespace {

/// libical looks for rare days for a long time: 30 February never comes.
constexpr int max_steps = 40'000;

struct FreeIterator {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};
using Iterator = std::unique_ptr<icalrecur_iterator, FreeIterator>;

/// Noon: with values that are dates only, libical 3.0.16 gives some days twice and loses others.
icaltimetype to_ical(Day day) {
  const Date date = date_of(day);
  icaltimetype out = icaltime_null_time();
  out.hour = 12;
  out.year = date.year;
  out.month = date.month;
  out.day = date.day;
  return out;
}

Day from_ical(const icaltimetype& at) {
  return day_of({at.year, at.month, at.day});
}

/// libical ends a list of values with this one.
bool given(const short* values) {
  return values[0] != ICAL_RECURRENCE_ARRAY_MAX;
}

tl::unexpected<Error> refuse(const std::string& rule, const std::string& why) {
  return fail(Code::usage, "The repetition \"" + printable(rule) + "\" was refused: " + why +
                               ". Nothing was changed; write it like FREQ=WEEKLY;BYDAY=MO,FR.");
}

std::string why_refused(const std::string& rule, const icalrecurrencetype& type) {
  if (type.freq == ICAL_NO_RECURRENCE) return "it is not a rule of RFC 5545";
  if (type.freq < ICAL_DAILY_RECURRENCE || type.freq > ICAL_YEARLY_RECURRENCE)
    return "it repeats more often than daily";
  if (given(type.by_hour) || given(type.by_minute) || given(type.by_second))
    return "the time of day is the programme's own, not the rule's";
  if (rule.find("RSCALE") != std::string::npos || rule.find("SKIP") != std::string::npos)
    return "only the Gregorian calendar is known";
  if (!icaltime_is_null_time(type.until) && !type.until.is_date)
    return "UNTIL takes a date, such as UNTIL=20261231";
  if (type.count < 0 || type.interval < 1) return "COUNT and INTERVAL begin at 1";
  return "";
}

}  // namespace

Result<Recurrence> Recurrence::parse(const std::string& rule, Day first, std::vector<Day> except,
                                     std::vector<Day> also) {
  Recurrence out;
  out.first_ = first;
  std::sort(except.begin(), except.end());
  std::sort(also.begin(), also.end());
  out.except_ = std::move(except);
  out.also_ = std::move(also);
  out.once_ = rule.empty() && out.also_.empty();
  if (rule.empty()) return out;
  const bool plain_text = std::all_of(rule.begin(), rule.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '=' || c == ';' || c == ',' ||
           c == '-' || c == '+';
  });
  if (rule.size() > max_rule_text || !plain_text)
    return refuse(rule, "it holds letters that no rule has, or more than 200");
  auto read = std::make_shared<Rule>();
  read->type = icalrecurrencetype_from_string(rule.c_str());
  icalerror_clear_errno();
  const std::string why = why_refused(rule, read->type);
  if (!why.empty()) return refuse(rule, why);
  icalrecurrencetype& type = read->type;
  if (!icaltime_is_null_time(type.until)) type.until = to_ical(from_ical(type.until));
  if (!Iterator(icalrecur_iterator_new(type, to_ical(first)))) {
    icalerror_clear_errno();
    return refuse(rule, "it names a day that never comes");
  }
  const bool no_other_parts = !given(type.by_month_day) && !given(type.by_year_day) &&
                              !given(type.by_week_no) && !given(type.by_month) &&
                              !given(type.by_set_pos) && type.count == 0;
  const bool daily = type.freq == ICAL_DAILY_RECURRENCE && !given(type.by_day);
  const bool weekly = type.freq == ICAL_WEEKLY_RECURRENCE;
  out.is_plain_ = no_other_parts && (daily || weekly);
  out.plain_.weekly = weekly;
  out.plain_.interval = type.interval;
  for (const short* day = type.by_day; weekly && *day != ICAL_RECURRENCE_ARRAY_MAX; ++day) {
    if (icalrecurrencetype_day_position(*day) != 0) out.is_plain_ = false;
    out.plain_.weekdays |=
        static_cast<std::uint8_t>(1U << ((icalrecurrencetype_day_day_of_week(*day) + 5) % 7));
  }
  if (out.plain_.weekdays == 0)
    out.plain_.weekdays = static_cast<std::uint8_t>(1U << weekday_of(first));
  out.plain_.week_start = (static_cast<int>(type.week_start) + 5) % 7;
  if (!icaltime_is_null_time(type.until)) out.plain_.last = from_ical(type.until);
  out.rule_ = std::move(read);
  return out;
}

void Recurrence::add_plain(Day from, Day to, std::vector<Day>& out) const {
  to = std::min(to, plain_.last);
  from = std::max(from, first_);
  if (!plain_.weekly) {
    const auto past =
        static_cast<Day>(floor_div(from - first_ + plain_.interval - 1, plain_.interval));
    for (std::int64_t day = first_ + std::int64_t{past} * plain_.interval; day <= to;
         day += plain_.interval)
      out.push_back(static_cast<Day>(day));
    return;
  }
  const Day week_zero = first_ - (weekday_of(first_) - plain_.week_start + 7) % 7;
  for (Day day = from; day <= to; ++day) {
    const bool week_counts = (day - week_zero) / 7 % plain_.interval == 0;
    if (week_counts && (plain_.weekdays >> weekday_of(day) & 1) != 0) out.push_back(day);
  }
}

void Recurrence::add_rule(Day from, Day to, std::vector<Day>& out) const {
  const Iterator iterator(icalrecur_iterator_new(rule_->type, to_ical(first_)));
  if (!iterator) return;
  const std::size_t begin = out.size();
  // With COUNT the days before count as well; without it they can be left out.
  if (rule_->type.count == 0 && from > first_)
    icalrecur_iterator_set_start(iterator.get(), to_ical(from));
  for (int step = 0; step < max_steps; ++step) {
    const icaltimetype next = icalrecur_iterator_next(iterator.get());
    if (icaltime_is_null_time(next)) break;
    const Day day = from_ical(next);
    if (day > to) break;
    // BYDAY=MO,MO is the same day twice for libical.
    const bool twice = out.size() > begin && out.back() == day;
    if (day >= from && day >= first_ && !twice) out.push_back(day);
  }
  icalerror_clear_errno();
}

void Recurrence::finish(Day from, Day to, std::size_t begin, std::vector<Day>& out) const {
  const auto added = out.begin() + static_cast<long>(begin);
  if (!except_.empty()) {
    out.erase(std::remove_if(
                  added, out.end(),
                  [&](Day day) { return std::binary_search(except_.begin(), except_.end(), day); }),
              out.end());
  }
  if (also_.empty()) return;
  for (const Day day : also_) {
    if (day >= from && day <= to) out.push_back(day);
  }
  std::sort(out.begin() + static_cast<long>(begin), out.end());
  out.erase(std::unique(out.begin() + static_cast<long>(begin), out.end()), out.end());
}

void Recurrence::add_days(Day from, Day to, std::vector<Day>& out) const {
  const std::size_t begin = out.size();
  if (!rule_) {
    if (first_ >= from && first_ <= to) out.push_back(first_);
  } else if (is_plain_) {
    add_plain(from, to, out);
  } else {
    add_rule(from, to, out);
  }
  finish(from, to, begin, out);
}

void Recurrence::add_days_by_libical(Day from, Day to, std::vector<Day>& out) const {
  const std::size_t begin = out.size();
  if (rule_) {
    add_rule(from, to, out);
  } else if (first_ >= from && first_ <= to) {
    out.push_back(first_);
  }
  finish(from, to, begin, out);
}

}  // namespace hearth::node::channels
