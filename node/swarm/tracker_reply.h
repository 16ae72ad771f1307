// The answer to an announce (BEP 3, 7, 23), bencoded by a stranger: bounded before it is read.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/error.h"
#include "common/net/server.h"

namespace hearth::node {

struct TrackerReply {
  std::int64_t interval_s = 30;
  std::vector<net::Endpoint> peers;  ///< at most 200
};
/// Code::bad_answer; a failure reason becomes Code::unknown_torrent with the reason in it.
Result<TrackerReply> read_tracker_reply(ByteView body);

}  // namespace hearth::node
