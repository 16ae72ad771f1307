// The home as an HDHomeRun tuner, for programs that find channels that way (Jellyfin, Plex, Kodi):
// its documents, and the discovery over UDP (port 65001). Pure; the form of the packets is
// libhdhomerun's hdhomerun_pkt.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "node/iptv/lineup.h"

namespace hearth::node {

struct TunerFace {
  std::uint32_t device = 0;  ///< tuner_device()
  std::string name;          ///< of the home
  std::string base;          ///< address of the outputs, without a slash at the end
  int streams = 0;           ///< at a time
};

/// A device id with the check digit that clients look at, always the same for a home.
std::uint32_t tuner_device(ByteView home);
bool is_tuner_device(std::uint32_t device);

std::string discover_document(const TunerFace& face);
std::string lineup_document(const std::vector<ListedChannel>& channels, std::string_view base);
std::string lineup_status_document();
/// UPnP's description of the device.
std::string device_document(const TunerFace& face);

/// Whether the packet asks for this device: any tuner, or the one of that id. False for anything
/// else, damaged packets included.
bool asks_for_tuner(ByteView packet, std::uint32_t device);
Bytes discover_reply(const TunerFace& face);

}  // namespace hearth::node
