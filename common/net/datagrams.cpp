#include "common/net/datagrams.h"

#include <array>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hearth::net {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;

constexpr std::size_t max_packet = 2048;
constexpr Rate answers{20, 20};

struct Socket {
  Socket(Loop& loop, Datagrams::Handler h) : socket(loop.context()), handler(std::move(h)) {}
  udp::socket socket;
  Datagrams::Handler handler;
  TokenBucket rate;
};

Task<void> serve(std::shared_ptr<Socket> self) {
  std::array<std::uint8_t, max_packet> packet{};
  while (self->socket.is_open()) {
    udp::endpoint from;
    boost::system::error_code ec;
    const std::size_t size = co_await self->socket.async_receive_from(
        asio::buffer(packet), from, asio::redirect_error(asio::use_awaitable, ec));
    if (ec == asio::error::operation_aborted || !self->socket.is_open()) co_return;
    if (ec) continue;  // what an earlier answer came to: somebody who is not there any more
    const auto answer = self->handler(ByteView(packet).first(size), from.address().to_string());
    if (!answer || self->rate.take(answers, steady_ms()) > 0) continue;
    // Into the system's buffer or nowhere: an answer that finds no room is lost like any other.
    self->socket.send_to(asio::buffer(*answer), from, 0, ec);
  }
}

class Listening final : public Datagrams {
 public:
  Listening(std::shared_ptr<Socket> socket, std::uint16_t port)
      : socket_(std::move(socket)), port_(port) {}
  ~Listening() override {
    boost::system::error_code ignored;
    socket_->socket.close(ignored);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  std::uint16_t port() const override { return port_; }

 private:
  std::shared_ptr<Socket> socket_;
  std::uint16_t port_;
};

}  // namespace

Result<std::unique_ptr<Datagrams>> Datagrams::listen(Loop& loop, const Endpoint& endpoint,
                                                     Handler handler) {
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(endpoint.address, ec);
  auto socket = std::make_shared<Socket>(loop, std::move(handler));
  const udp::endpoint at(address, endpoint.port);
  if (!ec) socket->socket.open(at.protocol(), ec);
  if (!ec) socket->socket.bind(at, ec);
  if (!ec) socket->socket.non_blocking(true, ec);
  if (ec) {
    return fail(Code::io, "Cannot listen for packets on " + endpoint.address + ":" +
                              std::to_string(endpoint.port) + ": " + ec.message() +
                              ". Nothing was started; choose another address or port.");
  }
  const std::uint16_t port = socket->socket.local_endpoint(ec).port();
  spawn(loop, serve(socket), "answering packets");
  return std::make_unique<Listening>(std::move(socket), port);
}

}  // namespace hearth::net
