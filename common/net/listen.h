// Inside net/ only: sockets that listen.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include "common/net/server_state.h"

namespace hearth::net {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;
using GenericEndpoint = boost::asio::generic::stream_protocol::endpoint;

Result<Acceptor> listen_tcp(Loop& loop, const std::string& address, std::uint16_t port);
/// The socket file is 0600 before anybody can connect. A file that a dead program left behind is
/// replaced; Code::locked when something answers there.
Result<Acceptor> listen_unix(Loop& loop, const std::filesystem::path& path);

Peer peer_of(const GenericEndpoint& endpoint);

}  // namespace hearth::net
