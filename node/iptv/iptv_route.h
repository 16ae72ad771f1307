// Where a request below /iptv/ goes. Strangers write it: total, bounded by the header's size, no
// path names a file. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.h"

namespace hearth::node {

struct IptvRoute {
  enum class What {
    nothing,
    m3u,
    xmltv,
    discover,
    lineup,
    lineup_status,
    scan,
    device,
    logo,
    live,
    from_start,
    playlist,
    segment,
    catch_up
  };
  What what = What::nothing;
  std::string token;    ///< as sent, never empty unless `nothing`
  std::string channel;  ///< of the last six and of logo: letters, digits, '-' and '_'
  std::uint64_t run = 0, segment = 0;  ///< of a segment
  UtcMs from = 0;                      ///< of catch-up, as is `length_ms`
  std::int64_t length_ms = 0;
  bool operator==(const IptvRoute&) const = default;
};

inline constexpr std::string_view iptv_prefix = "/iptv/";

/// Paths are compared as they are sent: an escaped one names nothing.
IptvRoute iptv_route(std::string_view method, std::string_view path);
/// The path of a segment, below the outputs' address.
std::string segment_name(std::uint64_t run, std::uint64_t segment);

}  // namespace hearth::node
