#include "common/net/listen.h"

#include <cerrno>
#include <cstring>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace hearth::net {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using boost::system::error_code;

namespace {

tl::unexpected<Error> cannot_listen(const std::string& where, const error_code& ec) {
  std::string what_to_do = "Choose another address or port.";
  if (ec == asio::error::address_in_use)
    what_to_do = "Another program listens there: stop it, or choose another port.";
  if (ec == asio::error::access_denied) {
    what_to_do = "This user may not listen there; ports below 1024 need privileges.";
  }
  return fail(Code::io, "Cannot listen on " + where + " (" + ec.message() +
                            "); nothing was started. " + what_to_do);
}

/// Removes the socket file of a program that is gone.
Result<void> make_way(Loop& loop, const fs::path& path) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) return {};
  if (!S_ISSOCK(info.st_mode)) {
    return fail(Code::io, path.string() + " is in the way: it is not a socket. Move it away.");
  }
  asio::local::stream_protocol::socket probe(loop.context());
  error_code ec;
  probe.connect(asio::local::stream_protocol::endpoint(path.string()), ec);
  if (!ec) {
    return fail(Code::locked, "Another program listens on " + path.string() +
                                  ". Nothing was started; stop that program first.");
  }
  std::error_code ignored;
  if (ec == asio::error::connection_refused) fs::remove(path, ignored);
  return {};
}

}  // namespace

Result<Acceptor> listen_tcp(Loop& loop, const std::string& address, std::uint16_t port) {
  error_code ec;
  const auto ip = asio::ip::make_address(address, ec);
  const std::string where = address + ":" + std::to_string(port);
  if (ec) return cannot_listen(where, ec);
  const asio::ip::tcp::endpoint endpoint(ip, port);
  Acceptor acceptor(loop.context());
  acceptor.open(GenericEndpoint(endpoint).protocol(), ec);
  if (!ec) acceptor.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor.bind(GenericEndpoint(endpoint), ec);
  if (!ec) acceptor.listen(1024, ec);
  if (ec) return cannot_listen(where, ec);
  return acceptor;
}

Result<Acceptor> listen_unix(Loop& loop, const fs::path& path) {
  if (path.native().size() >= sizeof(sockaddr_un::sun_path)) {
    return fail(Code::usage, "The path of the socket " + path.string() +
                                 " is longer than the 107 bytes that the system allows. Choose a "
                                 "data directory with a shorter path.");
  }
  if (auto free = make_way(loop, path); !free) return pass_on(free.error());
  const asio::local::stream_protocol::endpoint endpoint(path.string());
  error_code ec;
  Acceptor acceptor(loop.context());
  acceptor.open(GenericEndpoint(endpoint).protocol(), ec);
  if (!ec) acceptor.bind(GenericEndpoint(endpoint), ec);
  // Until listen() nobody can connect, so nobody meets the file with other permissions.
  if (!ec && chmod(path.c_str(), 0600) != 0) ec.assign(errno, boost::system::system_category());
  if (!ec) acceptor.listen(128, ec);
  if (ec) return cannot_listen(path.string(), ec);
  return acceptor;
}

Peer peer_of(const GenericEndpoint& endpoint) {
  asio::ip::tcp::endpoint tcp;
  const auto family = endpoint.data()->sa_family;
  if (family != AF_INET && family != AF_INET6) return {};
  if (endpoint.size() > tcp.capacity()) return {};
  std::memcpy(tcp.data(), endpoint.data(), endpoint.size());
  return {tcp.address().to_string(), tcp.port()};
}

}  // namespace hearth::net
