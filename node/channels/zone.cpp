#include "node/channels/zone.h"

#include <algorithm>
#include <string>

#include "node/channels/zone_rule.h"

namespace hearth::node::channels {
namespace {

constexpr std::int32_t max_offset_s = 26 * 3600;
constexpr std::size_t header_size = 44;

std::int64_t big_endian(ByteView from, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | from[i];
  const std::size_t unused = 64 - size * 8;
  return static_cast<std::int64_t>(value << unused) >> unused;
}

/// The counts of a block of RFC 8536 §3.1.
struct Counts {
  std::size_t utc, standard, leaps, times, types, letters;
  std::size_t size(std::size_t time_size) const {
    return times * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard + utc;
  }
};

std::optional<Counts> read_header(ByteView file) {
  if (file.size() < header_size || as_text(file.first(4)) != "TZif" || file[4] < '2')
    return std::nullopt;
  std::size_t count[6];
  for (std::size_t i = 0; i < 6; ++i) {
    count[i] = static_cast<std::size_t>(big_endian(file.subspan(20 + i * 4), 4) & 0xffffffff);
    if (count[i] > 10'000) return std::nullopt;
  }
  return Counts{count[0], count[1], count[2], count[3], count[4], count[5]};
}

}  // namespace

Result<Zone> Zone::from_tzif(ByteView file) {
  const auto damaged = [] {
    return fail(Code::corrupt,
                "The time zone file is not a TZif file of version 2 or later. Nothing was "
                "changed; reinstall the system's tzdata.");
  };
  const auto old = read_header(file);
  if (!old || file.size() < header_size + old->size(4)) return damaged();
  file = file.subspan(header_size + old->size(4));
  const auto counts = read_header(file);
  if (!counts || counts->types == 0 || file.size() < header_size + counts->size(8))
    return damaged();
  const ByteView times = file.subspan(header_size), picks = times.subspan(counts->times * 8),
                 types = picks.subspan(counts->times);
  std::vector<std::int32_t> offsets;
  for (std::size_t i = 0; i < counts->types; ++i) {
    offsets.push_back(static_cast<std::int32_t>(big_endian(types.subspan(i * 6), 4)));
    if (std::abs(offsets.back()) > max_offset_s) return damaged();
  }
  std::vector<Change> changes = {{min_utc, offsets[0] * 1000}};
  for (std::size_t i = 0; i < counts->times; ++i) {
    const std::int64_t at = big_endian(times.subspan(i * 8), 8);
    if (picks[i] >= offsets.size()) return damaged();
    if (at < INT64_MIN / 4000 || at > INT64_MAX / 4000) return damaged();
    const std::int32_t offset = offsets[picks[i]] * 1000;
    if (at * 1000 < changes.back().at) return damaged();
    if (offset != changes.back().offset_ms) changes.push_back({at * 1000, offset});
  }
  std::string_view footer = as_text(file.subspan(header_size + counts->size(8)));
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return damaged();
  footer = footer.substr(1, footer.size() - 2);
  const auto rule = parse_zone_rule(footer);
  if (!rule && !footer.empty()) return damaged();
  if (rule) {
    const UtcMs known =
        counts->times == 0 ? min_utc : big_endian(times.subspan((counts->times - 1) * 8), 8) * 1000;
    for (const ZoneRule::Change& next : changes_of(*rule, known)) {
      if (next.offset_s * 1000 != changes.back().offset_ms)
        changes.push_back({next.at_ms, next.offset_s * 1000});
    }
  }
  return Zone(std::move(changes));
}

std::int64_t Zone::offset_at(UtcMs utc) const {
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), utc,
                                      [](UtcMs at, const Change& one) { return at < one.at; });
  return after == changes_.begin() ? after->offset_ms : std::prev(after)->offset_ms;
}

UtcMs Zone::to_utc(Day day, std::int64_t ms_of_day) const {
  const std::int64_t wall = static_cast<std::int64_t>(day) * day_ms + ms_of_day;
  // Two days before, no offset of today is in force yet. Walk on to the first change that is
  // past this wall time; in a gap none of the offsets fits, and the one before it stays.
  auto next = std::upper_bound(changes_.begin(), changes_.end(), wall - 2 * day_ms,
                               [](UtcMs at, const Change& one) { return at < one.at; });
  std::int64_t offset = next == changes_.begin() ? next->offset_ms : std::prev(next)->offset_ms;
  for (; next != changes_.end() && next->at + next->offset_ms <= wall; ++next) {
    if (wall < next->at + offset) break;  // occurs before the change: the first of two
    offset = next->offset_ms;
  }
  return wall - offset;
}

Day Zone::local_day(UtcMs utc) const {
  return static_cast<Day>(floor_div(wall_ms(utc), day_ms));
}

}  // namespace hearth::node::channels
