#include "ledger/export/period.h"

#include <array>
#include <charconv>
#include <vector>

#include "common/base/names.h"

namespace hearth::ledger {
namespace {

constexpr UtcMs day_ms = 24 * 60 * 60 * 1000LL;

/// Days since 1970 of a date of the Gregorian calendar (H. Hinnant's algorithm).
std::int64_t days_of(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto of_era = static_cast<unsigned>(year - era * 400);
  const unsigned of_year = (153 * (month + (month > 2 ? -3u : 9u)) + 2) / 5 + day - 1;
  const unsigned days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
  return era * 146'097 + static_cast<std::int64_t>(days) - 719'468;
}

unsigned days_in(unsigned year, unsigned month) {
  static constexpr std::array<unsigned, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

/// The digits of `text` where `form` has '9'; nullopt unless all else is equal.
std::optional<std::vector<unsigned>> numbers(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return std::nullopt;
  std::vector<unsigned> out;
  bool in_number = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (form[i] != '9') {
      if (text[i] != form[i]) return std::nullopt;
      in_number = false;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    if (!in_number) out.push_back(0);
    in_number = true;
    out.back() = out.back() * 10 + static_cast<unsigned>(text[i] - '0');
  }
  return out;
}

/// Begin and end of what the text names: a day, a month or one moment.
struct Named {
  UtcMs begin = 0, end = 0;
};

std::optional<Named> parse_named(std::string_view text) {
  const auto is_date = [](const std::vector<unsigned>& n) {
    return n[0] >= 1970 && n[1] >= 1 && n[1] <= 12 &&
           (n.size() < 3 || (n[2] >= 1 && n[2] <= days_in(n[0], n[1])));
  };
  if (const auto n = numbers(text, "9999-99"); n && is_date(*n)) {
    const UtcMs begin = days_of((*n)[0], (*n)[1], 1) * day_ms;
    return Named{begin, begin + days_in((*n)[0], (*n)[1]) * day_ms};
  }
  if (const auto n = numbers(text, "9999-99-99"); n && is_date(*n)) {
    const UtcMs begin = days_of((*n)[0], (*n)[1], (*n)[2]) * day_ms;
    return Named{begin, begin + day_ms};
  }
  if (const auto n = numbers(text, "9999-99-99T99:99:99Z"); n && is_date(*n)) {
    if ((*n)[3] > 23 || (*n)[4] > 59 || (*n)[5] > 59) return std::nullopt;
    const UtcMs seconds = ((*n)[3] * 60LL + (*n)[4]) * 60LL + (*n)[5];
    const UtcMs at = days_of((*n)[0], (*n)[1], (*n)[2]) * day_ms + seconds * 1000;
    return Named{at, at};
  }
  return std::nullopt;
}

tl::unexpected<Error> no_date(std::string_view text) {
  return fail(Code::usage, "'" + printable(text, 40) +
                               "' is no date. Write 2026-11-22, 2026-11 or 2026-11-22T08:00:00Z; "
                               "dates are in UTC.");
}

/// The time of a record; a missing or damaged one ends with Code::corrupt.
Result<UtcMs> time_of(const BooksView& books, std::uint64_t index) {
  const auto record = books.record(index);
  if (!record) return pass_on(record.error());
  if (!*record)
    return fail(Code::corrupt, "The journal has no record " + std::to_string(index) +
                                   ". Nothing was changed; run `hearth-ledger audit`.");
  return (*record)->at_ms;
}

/// The first of `size` records at or after `at`.
Result<std::uint64_t> first_at(const BooksView& books, UtcMs at, std::uint64_t size) {
  std::uint64_t low = 0, high = size;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto time = time_of(books, middle);
    if (!time) return pass_on(time.error());
    if (*time < at)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

}  // namespace

Result<Period> parse_period(std::string_view from, std::string_view to) {
  Period out;
  std::optional<UtcMs> last;  // the beginning of what `to` names
  if (!from.empty()) {
    const auto named = parse_named(from);
    if (!named) return no_date(from);
    out.from = named->begin;
  }
  if (!to.empty()) {
    const auto named = parse_named(to);
    if (!named) return no_date(to);
    out.to = named->end;
    last = named->begin;
  }
  if (out.from && last && *last < *out.from)
    return fail(Code::usage, "The period ends (" + std::string(to) + ") before it begins (" +
                                 std::string(from) + ").");
  return out;
}

Result<RecordRange> records_of(const BooksView& books, const Period& period, std::uint64_t size) {
  RecordRange out{0, size};
  if (period.from) {
    const auto first = first_at(books, *period.from, size);
    if (!first) return pass_on(first.error());
    out.first = *first;
  }
  if (period.to) {
    const auto end = first_at(books, *period.to, size);
    if (!end) return pass_on(end.error());
    out.end = *end;
  }
  return out;
}

Result<RecordRange> records_of(const BooksView& books, const Period& period) {
  const auto tree = books.tree();
  if (!tree) return pass_on(tree.error());
  return records_of(books, period, tree->size());
}

std::string utc_date(UtcMs at) {
  return format_utc(at).substr(0, 10);
}

UtcMs next_day(UtcMs at) {
  return at / day_ms * day_ms + day_ms;
}

}  // namespace hearth::ledger
