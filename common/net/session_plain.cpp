#include "common/net/session.h"

namespace hearth::net {

template class WsConnection<PlainStream>;

Task<void> run_plain_session(std::shared_ptr<ServerState> server, PlainStream stream, Peer peer,
                             Welcome welcome) {
  Session<PlainStream> session(std::move(server), std::move(stream), std::move(peer), welcome);
  co_await session.run(welcome);
}

}  // namespace hearth::net
