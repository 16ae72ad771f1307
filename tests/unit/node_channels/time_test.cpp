// Dates, zones and recurrence: against glibc, against libical, and against RFC 5545 word for word.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "common/base/zone_files.h"
#include "node/channels/recurrence.h"
#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node::channels;

namespace {

Day day(const char* text) {
  return parse_day(text).value();
}

std::vector<std::string> days_of(const std::string& rule, const char* first, const char* from,
                                 const char* to, std::vector<Day> except = {},
                                 std::vector<Day> also = {}) {
  const auto recurrence = Recurrence::parse(rule, day(first), std::move(except), std::move(also));
  REQUIRE_MESSAGE(recurrence, recurrence.error().sentence);
  std::vector<Day> found;
  recurrence->add_days(day(from), day(to), found);
  std::vector<std::string> out;
  for (const Day one : found) out.push_back(format_day(one).substr(5));
  return out;
}

using Days = std::vector<std::string>;

/// A daily or weekly rule as RFC 5545, section 3.3.10, puts it, day by day.
struct Spelled {
  bool weekly = false;
  int interval = 1, week_start = 0, count = 0;
  std::vector<int> weekdays, months, positions;
  Day first = 0, until = last_day;

  Day week_of(Day day) const {
    while (weekday_of(day) != week_start) --day;
    return day;
  }
  /// What BYDAY and BYMONTH leave of the week of `day`.
  std::vector<Day> in_week_of(Day day) const {
    std::vector<Day> out;
    const auto holds = [](const std::vector<int>& all, int one) {
      return std::find(all.begin(), all.end(), one) != all.end();
    };
    for (Day one = week_of(day); one < week_of(day) + 7; ++one) {
      const bool by_day = weekdays.empty() ? weekday_of(one) == weekday_of(first)
                                           : holds(weekdays, weekday_of(one));
      if (by_day && (months.empty() || holds(months, date_of(one).month))) out.push_back(one);
    }
    return out;
  }
  bool has(Day day) const {
    if (!weekly) return (day - first) % interval == 0;
    if ((week_of(day) - week_of(first)) / 7 % interval != 0) return false;
    const auto all = in_week_of(day);
    const auto at = std::find(all.begin(), all.end(), day);
    if (at == all.end() || positions.empty()) return at != all.end();
    const auto forward = static_cast<int>(at - all.begin()) + 1;
    const auto backward = forward - static_cast<int>(all.size()) - 1;
    return std::any_of(positions.begin(), positions.end(),
                       [&](int one) { return one == forward || one == backward; });
  }
  std::vector<Day> days(Day from, Day to) const {
    std::vector<Day> out;
    int seen = 0;
    for (Day day = first; day <= std::min(to, until); ++day) {
      if (!has(day)) continue;
      if (++seen > count && count > 0) break;
      if (day >= from) out.push_back(day);
    }
    return out;
  }
};

const char* const weekday_names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

/// A random one, and its text.
std::pair<Spelled, std::string> some_rule(std::mt19937_64& random) {
  Spelled rule;
  rule.first = day("2026-01-01") + static_cast<Day>(random() % 60);
  rule.weekly = random() % 3 != 0;
  std::string text = rule.weekly ? "FREQ=WEEKLY" : "FREQ=DAILY";
  const auto add_list = [&](const char* part, std::vector<int>& list, auto&& make, auto&& write) {
    for (int more = 1 + static_cast<int>(random() % 3); more > 0; --more) {
      list.push_back(make());
      text += (list.size() == 1 ? std::string(part) : ",") + write(list.back());
    }
  };
  const auto name = [](int weekday) { return std::string(weekday_names[weekday]); };
  const auto plain = [](int number) { return std::to_string(number); };
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  if (below(2) == 0) text += ";INTERVAL=" + plain(rule.interval = 1 + below(5));
  if (rule.weekly && below(4) != 0) {
    add_list(
        ";BYDAY=", rule.weekdays, [&] { return below(7); }, name);
    if (below(4) == 0)
      add_list(
          ";BYSETPOS=", rule.positions, [&] { return below(2) == 0 ? 1 : -1 - below(2); }, plain);
  }
  if (rule.weekly && below(4) == 0)
    add_list(
        ";BYMONTH=", rule.months, [&] { return 1 + below(6); }, plain);
  if (below(3) == 0) text += ";WKST=" + name(rule.week_start = below(7));
  if (const int end = below(3); end == 0) {
    rule.until = day("2026-06-01") + below(28);
    text += ";UNTIL=202606" + format_day(rule.until).substr(8);
  } else if (end == 1) {
    text += ";COUNT=" + plain(rule.count = 1 + below(30));
  }
  return {rule, text};
}

}  // namespace

TEST_CASE("dates") {
  CHECK(format_day(day("2024-02-29")) == "2024-02-29");
  CHECK(weekday_of(day("2026-11-27")) == 4);  // a Friday
  CHECK(weekday_of(day("1970-01-01")) == 3);
  for (const char* wrong : {"2026-02-29", "2026-13-01", "1969-12-31", "2200-01-01", "26-01-01"})
    CHECK_FALSE(parse_day(wrong));
  for (Day one = first_day; one <= last_day; ++one) REQUIRE(day_of(date_of(one)) == one);
  CHECK(format_clock(parse_clock("20:15").value()) == "20:15");
  CHECK(format_clock(parse_clock("20:15:30").value()) == "20:15:30");
  CHECK(format_clock(parse_clock("20:15:30.250").value()) == "20:15:30.250");
  for (const char* wrong : {"24:00", "20:60", "2:15", "20.15", "20:15:60", "20:15:30.1"})
    CHECK_FALSE(parse_clock(wrong));
}

TEST_CASE("offsets are those of the C library, for 60 years") {
  const std::string before = std::getenv("TZ") == nullptr ? "" : std::getenv("TZ");
  for (const char* name : {"Europe/Berlin",       "America/New_York",
                           "Australia/Lord_Howe", "Europe/London",
                           "Europe/Dublin",       "Africa/Casablanca",
                           "Africa/Cairo",        "Asia/Tehran",
                           "Asia/Gaza",           "Asia/Kolkata",
                           "Asia/Kathmandu",      "Asia/Beirut",
                           "America/Sao_Paulo",   "America/Santiago",
                           "America/Nuuk",        "America/Havana",
                           "Pacific/Apia",        "Pacific/Chatham",
                           "Antarctica/Troll",    "Asia/Tokyo",
                           "Australia/Sydney",    "UTC"}) {
    CAPTURE(name);
    const Zone zone = test::zone(name);
    setenv("TZ", name, 1);
    tzset();
    int wrong = 0;
    for (std::time_t at = 946'684'800; at < 2'840'140'800; at += 7 * 3600 + 1800) {
      std::tm there{};
      localtime_r(&at, &there);
      if (zone.offset_at(at * std::int64_t{1000}) != there.tm_gmtoff * 1000) ++wrong;
    }
    CHECK(wrong == 0);
  }
  if (before.empty()) {
    unsetenv("TZ");
  } else {
    setenv("TZ", before.c_str(), 1);
  }
  tzset();
}

TEST_CASE("a local time that does not occur, or occurs twice") {
  struct Row {
    const char* zone;
    const char* local;
    const char* utc;
  };
  const Row rows[] = {
      {"Europe/Berlin", "2026-03-29 01:59", "2026-03-29T00:59:00Z"},
      {"Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:30:00Z"},  // the gap: 03:30 summer time
      {"Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00:00Z"},
      {"Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30:00Z"},  // twice: the first
      {"Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00:00Z"},
      {"America/New_York", "2026-03-08 02:30", "2026-03-08T07:30:00Z"},
      {"America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00Z"},
      {"Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:45:00Z"},  // half an hour
      {"Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00Z"},
      {"America/Santiago", "2026-09-06 00:00", "2026-09-06T04:00:00Z"},  // no midnight that day
      {"Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z"},      // a day that was not
      {"Europe/Berlin", "2150-07-01 20:15", "2150-07-01T18:15:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.zone);
    CAPTURE(row.local);
    CHECK(format_utc(test::local(test::zone(row.zone), row.local)) == row.utc);
  }
}

TEST_CASE("zone files that are none") {
  CHECK(read_zone_file("../../etc/passwd").error().code == Code::not_found);
  CHECK(read_zone_file("Europe/Atlantis").error().code == Code::not_found);
  Bytes file = read_zone_file("Europe/Berlin").value();
  CHECK(Zone::from_tzif(file));
  for (std::size_t size = 0; size < file.size(); size += 97)
    CHECK_FALSE(Zone::from_tzif(ByteView(file).first(size)));
  file[0] = 'x';
  CHECK(Zone::from_tzif(file).error().code == Code::corrupt);
}

TEST_CASE("days of a rule") {
  CHECK(days_of("", "2026-03-02", "2026-01-01", "2026-12-31") == Days{"03-02"});
  CHECK(days_of("FREQ=DAILY;INTERVAL=2", "2026-03-28", "2026-03-27", "2026-04-02") ==
        Days{"03-28", "03-30", "04-01"});
  CHECK(days_of("FREQ=WEEKLY;BYDAY=MO,FR", "2026-03-28", "2026-03-28", "2026-04-07") ==
        Days{"03-30", "04-03", "04-06"});
  CHECK(days_of("FREQ=WEEKLY", "2026-03-28", "2026-03-28", "2026-04-12") ==
        Days{"03-28", "04-04", "04-11"});
  CHECK(days_of("FREQ=DAILY;UNTIL=20260330", "2026-03-28", "2026-03-01", "2026-04-30") ==
        Days{"03-28", "03-29", "03-30"});
  // COUNT counts from the first day, wherever one looks; exceptions are taken away afterwards.
  CHECK(days_of("FREQ=DAILY;COUNT=4", "2026-03-28", "2026-03-30", "2026-04-30",
                {day("2026-03-31")}) == Days{"03-30"});
  CHECK(days_of("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "2026-03-28", "2026-01-01", "2026-12-31") ==
        Days{"04-24", "05-29", "06-26"});
  CHECK(days_of("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", "2026-01-01", "2026-06-30") ==
        Days{"01-31", "03-31", "05-31"});
  CHECK(days_of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29", "2025-01-01", "2032-12-31") ==
        Days{"02-29", "02-29"});
  CHECK(days_of("FREQ=DAILY;INTERVAL=7", "2026-03-01", "2026-03-02", "2026-03-20", {},
                {day("2026-03-04"), day("2026-03-08")}) == Days{"03-04", "03-08", "03-15"});
}

TEST_CASE("rules that are none") {
  for (const char* wrong :
       {"FREQ=HOURLY", "FREQ=SECONDLY", "FREQ=NOPE", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;FOO=1", "FREQ=DAILY;COUNT=2;UNTIL=20270101", "FREQ=DAILY;BYHOUR=8",
        "FREQ=DAILY;UNTIL=20270101T000000Z", "RSCALE=CHINESE;FREQ=YEARLY", "nonsense",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY\nRDATE:1", "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;BYDAY=-1FR", "FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=WEEKLY;BYMONTH=5L"}) {
    CAPTURE(wrong);
    const auto rule = Recurrence::parse(wrong, day("2026-03-01"));
    REQUIRE_FALSE(rule);
    CHECK(rule.error().code == Code::usage);
    CHECK(rule.error().sentence.find("Nothing was changed") != std::string::npos);
  }
}

TEST_CASE("weeks begin on WKST, and every n-th from that of the first day counts") {
  // RFC 5545, section 3.8.5.3: "An example where the days generated makes a difference because of
  // WKST", with COUNT=4.
  CHECK(days_of("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-01-01",
                "1997-12-31") == Days{"08-05", "08-10", "08-19", "08-24"});
  CHECK(days_of("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-01-01",
                "1997-12-31") == Days{"08-05", "08-17", "08-19", "08-31"});
  // Friday 23 January 2026 is in the week from Monday the 19th to Sunday the 25th.
  CHECK(days_of("FREQ=WEEKLY;INTERVAL=3;BYDAY=SU", "2026-01-23", "2026-01-01", "2026-03-10") ==
        Days{"01-25", "02-15", "03-08"});
  // With WKST=SA it is in that from Saturday the 17th: Wednesday the 21st is before the first day.
  CHECK(days_of("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,WE;WKST=SA", "2026-01-23", "2026-01-01",
                "2026-02-20") == Days{"01-23", "02-04", "02-06", "02-18", "02-20"});
  CHECK(days_of("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR,SU;BYSETPOS=-1;COUNT=2", "2026-01-23",
                "2026-01-01", "2026-12-31") == Days{"01-25", "02-08"});
  CHECK(days_of("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "2026-01-23", "2026-01-01", "2026-12-31") ==
        Days{});
}

TEST_CASE("every day and every week are worked out as the RFC says, and as libical does") {
  int by_libical = 0;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const auto [spelled, rule] = some_rule(random);
    CAPTURE(rule);
    const auto recurrence = Recurrence::parse(rule, spelled.first);
    REQUIRE(recurrence);
    const Day from = spelled.first + static_cast<Day>(random() % 200) - 30;
    std::vector<Day> ours, theirs;
    recurrence->add_days(from, from + 120, ours);
    CHECK(ours == spelled.days(from, from + 120));
    // libical 3.0.16 moves the first day to a weekday of the rule in the week that begins on
    // Sunday, so that with INTERVAL other weeks count; BYSETPOS it leaves out; a day that BYDAY
    // names twice counts twice (docs/decisions/0042).
    if (spelled.weekly && (spelled.interval > 1 || !spelled.positions.empty())) continue;
    const std::set<int> weekdays(spelled.weekdays.begin(), spelled.weekdays.end());
    if (spelled.count > 0 && weekdays.size() != spelled.weekdays.size()) continue;
    recurrence->add_days_by_libical(from, from + 120, theirs);
    CHECK(ours == theirs);
    ++by_libical;
  }
  CHECK(by_libical > 800);
}
