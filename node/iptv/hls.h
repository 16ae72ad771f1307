// A channel's latest segments as an HLS playlist (RFC 8216). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.h"

namespace hearth::node {

struct HlsSegment {
  std::uint64_t number = 0;
  std::int64_t length_ms = 0;
  UtcMs begins = 0;    ///< when the list has it
  bool fresh = false;  ///< the first one of its item: other codecs, perhaps
};

struct HlsWindow {
  std::uint64_t run = 0;           ///< names the segments
  std::uint64_t fresh_before = 0;  ///< items that began before the first segment listed
  std::vector<HlsSegment> segments;
};

/// `folder`: what stands before the segments' names, with a slash at the end.
std::string write_playlist(const HlsWindow& window, const std::string& folder);

}  // namespace hearth::node
