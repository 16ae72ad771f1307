#include "node/iptv/hls.h"

#include <cstdio>

#include "node/iptv/iptv_route.h"

namespace hearth::node {
namespace {

/// No segment is longer (ts_joiner.cpp), and it may not change.
constexpr int target_seconds = 10;

std::string seconds(std::int64_t ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(ms) / 1000);
  return text;
}

/// "2026-11-22T12:00:00.250Z"
std::string with_milliseconds(UtcMs at) {
  std::string out = format_utc(at);
  char text[8];
  std::snprintf(text, sizeof text, ".%03dZ", static_cast<int>(at % 1000));
  out.back() = text[0];
  return out + (text + 1);
}

}  // namespace

std::string write_playlist(const HlsWindow& window, const std::string& folder) {
  std::string out =
      "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:" + std::to_string(target_seconds) + "\n";
  const std::uint64_t first = window.segments.empty() ? 0 : window.segments.front().number;
  out += "#EXT-X-MEDIA-SEQUENCE:" + std::to_string(first) +
         "\n#EXT-X-DISCONTINUITY-SEQUENCE:" + std::to_string(window.fresh_before) + "\n";
  for (const HlsSegment& one : window.segments) {
    if (one.fresh) out += "#EXT-X-DISCONTINUITY\n";
    out += "#EXT-X-PROGRAM-DATE-TIME:" + with_milliseconds(one.begins) +
           "\n#EXTINF:" + seconds(one.length_ms) + ",\n" + folder +
           segment_name(window.run, one.number) + "\n";
  }
  return out;
}

}  // namespace hearth::node
