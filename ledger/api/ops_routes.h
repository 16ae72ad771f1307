// The operator's port (--metrics-listen) and the admin socket's GETs.
#pragma once

#include "common/net/server.h"
#include "ledger/api/rooms.h"

namespace hearth::ledger {

/// `homes_port`: whose connections are counted; outlives the call, which never waits.
net::Task<net::Response> handle_ops_request(RoomsPtr rooms, const net::Server& homes_port,
                                            net::Request request);

}  // namespace hearth::ledger
