#include "common/net/session.h"

namespace hearth::net {

template class WsConnection<TlsStream>;

Task<void> run_tls_session(std::shared_ptr<ServerState> server, TlsStream stream, Peer peer,
                           Welcome welcome) {
  Session<TlsStream> session(std::move(server), std::move(stream), std::move(peer), welcome);
  co_await session.run(welcome);
}

}  // namespace hearth::net
