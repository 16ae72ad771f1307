// The channels as an M3U playlist with the attributes that Kodi, Jellyfin, VLC and others read:
// tvg-id (as in XMLTV), tvg-chno, tvg-logo, url-tvg, catchup. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/iptv/lineup.h"

namespace hearth::node {

enum class StreamForm { ts, hls };

/// `base`: the address of the outputs, without a slash at the end. Names are cleaned: no line and
/// no attribute ends in the middle of one.
std::string write_m3u(std::string_view home, const std::vector<ListedChannel>& channels,
                      std::string_view base, StreamForm form);

}  // namespace hearth::node
