// libtorrent's settings for a node. Only this room's .cpp files include it.
#pragma once

#include <libtorrent/ip_filter.hpp>
#include <libtorrent/settings_pack.hpp>

#include "node/swarm/swarm.h"

namespace hearth::node {

lt::settings_pack session_settings(const SwarmOptions& options);
/// Every address in the global class, local ones too: rate limits hold for all peers.
lt::ip_filter everybody_is_limited();

}  // namespace hearth::node
