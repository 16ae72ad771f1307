// A time zone as a value: its offsets from 1970 to 2200. Made from a TZif file of the system's
// tzdata (RFC 8536; common/base/zone_files.h reads it), so that every home with the same tzdata
// has the same days. Pure.
//
// Local times that a clock change makes doubtful (RFC 5545 §3.3.5): one that does not occur is
// taken with the offset before the gap (02:30 becomes 03:30); of one that occurs twice the first.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "node/channels/civil.h"

namespace hearth::node::channels {

class Zone {
 public:
  struct Change {
    UtcMs at;                ///< from then on
    std::int32_t offset_ms;  ///< local minus UTC
  };

  /// UTC.
  Zone() : changes_{{min_utc, 0}} {}
  /// Code::corrupt with a sentence when it is not a TZif file of version 2 or later.
  static Result<Zone> from_tzif(ByteView file);

  std::int64_t offset_at(UtcMs utc) const;
  UtcMs to_utc(Day day, std::int64_t ms_of_day) const;
  Day local_day(UtcMs utc) const;
  /// Milliseconds since local 1970-01-01T00:00, as the wall clock reads.
  std::int64_t wall_ms(UtcMs utc) const { return utc + offset_at(utc); }
  /// In order of time; the first is before all times.
  const std::vector<Change>& changes() const { return changes_; }

 private:
  static constexpr UtcMs min_utc = INT64_MIN / 4;
  explicit Zone(std::vector<Change> changes) : changes_(std::move(changes)) {}
  std::vector<Change> changes_;
};

}  // namespace hearth::node::channels
