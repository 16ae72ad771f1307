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
  for (const short* month = type.by_month; *month != ICAL_RECURRENCE_ARRAY_MAX; ++month) {
    if (*month < 1 || *month > 12) return "only the Gregorian calendar is known";
  }
  if (!icaltime_is_null_time(type.until) && !type.until.is_date)
    return "UNTIL takes a date, such as UNTIL=20261231";
  if (type.count < 0 || type.interval < 1) return "COUNT and INTERVAL begin at 1";
  for (const short* day = type.by_day; *day != ICAL_RECURRENCE_ARRAY_MAX; ++day) {
    if (type.freq < ICAL_MONTHLY_RECURRENCE && icalrecurrencetype_day_position(*day) != 0)
      return "a weekday with a number, such as 1MO, is for months and years";
  }
  return "";
}

bool chooses_nothing(const icalrecurrencetype& type) {
  return !given(type.by_day) && !given(type.by_month_day) && !given(type.by_year_day) &&
         !given(type.by_week_no) && !given(type.by_month) && !given(type.by_set_pos);
}

/// libical counts weekdays from Sunday, 1.
int weekday_from(int of_ical) {
  return (of_ical + 5) % 7;
}

Weeks weeks_of(const icalrecurrencetype& type, Day first, Day last) {
  Weeks out;
  out.first = first;
  out.interval = type.interval;
  out.week_start = weekday_from(type.week_start);
  out.last = last;
  for (const short* day = type.by_day; *day != ICAL_RECURRENCE_ARRAY_MAX; ++day)
    out.weekdays |=
        static_cast<std::uint8_t>(1U << weekday_from(icalrecurrencetype_day_day_of_week(*day)));
  if (out.weekdays == 0) out.weekdays = static_cast<std::uint8_t>(1U << weekday_of(first));
  for (const short* month = type.by_month; *month != ICAL_RECURRENCE_ARRAY_MAX; ++month)
    out.months |= static_cast<std::uint16_t>(1U << *month);
  for (const short* place = type.by_set_pos; *place != ICAL_RECURRENCE_ARRAY_MAX; ++place)
    out.positions.push_back(*place);
  if (type.count > 0) out.end_after(type.count);
  return out;
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
  const Day last = icaltime_is_null_time(type.until) ? last_day : from_ical(type.until);
  if (type.freq == ICAL_WEEKLY_RECURRENCE) {
    if (given(type.by_month_day) || given(type.by_year_day) || given(type.by_week_no))
      return refuse(rule, "a week has no BYMONTHDAY, BYYEARDAY or BYWEEKNO");
    out.weeks_ = weeks_of(type, first, last);
  } else if (type.freq == ICAL_DAILY_RECURRENCE && chooses_nothing(type)) {
    out.daily_ = Daily{type.interval, last};
    if (type.count > 0)
      out.daily_->last = static_cast<Day>(
          std::min<std::int64_t>(last_day, first + out.daily_->interval * (type.count - 1)));
  } else if (!Iterator(icalrecur_iterator_new(type, to_ical(first)))) {
    // Costs as much as reading a whole channel, so only what is worked out by libical is tried.
    icalerror_clear_errno();
    return refuse(rule, "it names a day that never comes");
  }
  out.rule_ = std::move(read);
  return out;
}

void Recurrence::add_daily(Day from, Day to, std::vector<Day>& out) const {
  to = std::min(to, daily_->last);
  from = std::max(from, first_);
  const std::int64_t interval = daily_->interval;
  std::int64_t day = first_ + (from - first_ + interval - 1) / interval * interval;
  for (; day <= to; day += interval) out.push_back(static_cast<Day>(day));
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
  } else if (weeks_) {
    weeks_->add(from, to, out);
  } else if (daily_) {
    add_daily(from, to, out);
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
