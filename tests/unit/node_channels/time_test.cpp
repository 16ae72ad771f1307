// Dates, zones and recurrence: against glibc, and against libical.
#include <cstdlib>
#include <ctime>
#include <random>

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
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY\nRDATE:1"}) {
    CAPTURE(wrong);
    const auto rule = Recurrence::parse(wrong, day("2026-03-01"));
    REQUIRE_FALSE(rule);
    CHECK(rule.error().code == Code::usage);
    CHECK(rule.error().sentence.find("Nothing was changed") != std::string::npos);
  }
}

TEST_CASE("every day and every week are worked out as libical does") {
  const char* const weekdays[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::string rule = random() % 3 == 0 ? "FREQ=DAILY" : "FREQ=WEEKLY";
    if (random() % 2 == 0) rule += ";INTERVAL=" + std::to_string(1 + random() % 5);
    if (rule.find("WEEKLY") != std::string::npos && random() % 4 != 0) {
      rule += ";BYDAY=";
      rule += weekdays[random() % 7];
      for (int more = static_cast<int>(random() % 3); more > 0; --more)
        rule += std::string(",") + weekdays[random() % 7];
    }
    if (random() % 3 == 0) rule += std::string(";WKST=") + weekdays[random() % 7];
    if (random() % 3 == 0) rule += ";UNTIL=20260" + std::to_string(601 + random() % 28);
    CAPTURE(rule);
    const Day first = day("2026-01-01") + static_cast<Day>(random() % 60);
    const auto recurrence = Recurrence::parse(rule, first);
    REQUIRE(recurrence);
    const Day from = first + static_cast<Day>(random() % 200) - 30;
    std::vector<Day> ours, theirs;
    recurrence->add_days(from, from + 120, ours);
    recurrence->add_days_by_libical(from, from + 120, theirs);
    CHECK(ours == theirs);
  }
}
