#include "common/net/frames.h"

#include <set>
#include <system_error>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/log.h"

namespace hearth::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

/// Cancels what the socket does when time is over.
class Deadline {
 public:
  Deadline(Local::socket& socket, std::int64_t timeout_ms)
      : timer_(socket.get_executor()), state_(std::make_shared<State>()) {
    timer_.expires_after(std::chrono::milliseconds(timeout_ms));
    timer_.async_wait([state = state_, &socket](error_code ec) {
      // An expiry that was queued already is delivered after the wait it belonged to.
      if (ec || state->finished) return;
      state->over = true;
      error_code ignored;
      socket.cancel(ignored);
    });
  }
  ~Deadline() { state_->finished = true; }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  bool over() const { return state_->over; }

 private:
  struct State {
    bool over = false, finished = false;
  };
  asio::steady_timer timer_;
  std::shared_ptr<State> state_;
};

tl::unexpected<Error> failure(const Deadline& deadline, const error_code& ec) {
  if (deadline.over()) return fail(Code::timeout, "The player did not answer in time.");
  return fail(Code::unreachable, "The connection to the player ended: " + ec.message() + ".");
}

class Connection final : public FrameConnection {
 public:
  explicit Connection(Local::socket socket) : socket_(std::move(socket)) {}

  Task<Result<link::Frame>> read(std::size_t limit, std::int64_t timeout_ms) override {
    const Deadline deadline(socket_, timeout_ms);
    error_code ec;
    link::HeaderBytes bytes{};
    co_await asio::async_read(socket_, asio::buffer(bytes),
                              asio::redirect_error(asio::use_awaitable, ec));
    if (ec) co_return failure(deadline, ec);
    const auto header = link::parse_frame_header(bytes, limit);
    if (!header) co_return pass_on(header.error());
    link::Frame frame{header->type, Bytes(header->body_size)};
    co_await asio::async_read(socket_, asio::buffer(frame.body),
                              asio::redirect_error(asio::use_awaitable, ec));
    if (ec) co_return failure(deadline, ec);
    co_return frame;
  }

  Task<Result<void>> write(link::FrameType type, Bytes body, std::int64_t timeout_ms) override {
    const Deadline deadline(socket_, timeout_ms);
    error_code ec;
    const link::HeaderBytes header = link::frame_header(type, body.size());
    const std::array<asio::const_buffer, 2> parts = {asio::buffer(header), asio::buffer(body)};
    co_await asio::async_write(socket_, parts, asio::redirect_error(asio::use_awaitable, ec));
    if (ec) co_return failure(deadline, ec);
    co_return Result<void>{};
  }

  bool gone() override {
    if (!socket_.is_open()) return true;
    char byte = 0;
    const ssize_t n = recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  Local::socket socket_;
};

class Listening final : public FrameServer {
 public:
  struct State {
    State(Loop& l, Handler h, std::size_t most)
        : loop(l), acceptor(l.context()), handler(std::move(h)), max_connections(most) {}
    Loop& loop;
    Local::acceptor acceptor;
    Handler handler;
    std::size_t max_connections;
    std::set<std::shared_ptr<Connection>> connections;
  };

  Listening(std::shared_ptr<State> state, std::filesystem::path path)
      : state_(std::move(state)), path_(std::move(path)) {}
  ~Listening() override { stop(); }

  void stop() override {
    if (!state_->acceptor.is_open()) return;
    error_code ignored;
    state_->acceptor.close(ignored);
    for (const auto& connection : state_->connections) connection->close();
    unlink(path_.c_str());
  }

  static Task<void> accept_all(std::shared_ptr<State> state) {
    while (state->acceptor.is_open()) {
      error_code ec;
      Local::socket socket(state->loop.context());
      co_await state->acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, ec));
      if (!state->acceptor.is_open()) co_return;
      if (ec) {
        // Out of descriptors, most likely; they come back.
        spdlog::warn("a connection of the player was not taken: {}", ec.message());
        co_await sleep_ms(100);
        continue;
      }
      if (state->connections.size() >= state->max_connections) continue;
      auto connection = std::make_shared<Connection>(std::move(socket));
      state->connections.insert(connection);
      spawn(state->loop, serve(state, std::move(connection)), "a connection of the player");
    }
  }

  static Task<void> serve(std::shared_ptr<State> state, std::shared_ptr<Connection> connection) {
    co_await state->handler(connection);
    connection->close();
    state->connections.erase(connection);
  }

 private:
  std::shared_ptr<State> state_;
  std::filesystem::path path_;
};

}  // namespace

Result<std::unique_ptr<FrameServer>> FrameServer::start(Loop& loop, std::filesystem::path path,
                                                        std::size_t max_connections,
                                                        Handler handler) {
  const auto refused = [&](const std::string& why) {
    return fail(Code::io, "The player's socket " + path.string() + " cannot be made: " + why + ".");
  };
  auto state = std::make_shared<Listening::State>(loop, std::move(handler), max_connections);
  try {
    const Local::endpoint endpoint(path.string());
    std::error_code ec;
    if (std::filesystem::is_socket(path, ec)) std::filesystem::remove(path, ec);
    state->acceptor.open(endpoint.protocol());
    state->acceptor.bind(endpoint);
    // Before listen(), so that nobody else can ever connect.
    if (chmod(path.c_str(), 0600) != 0) return refused("its mode cannot be set");
    state->acceptor.listen();
  } catch (const boost::system::system_error& e) {
    return refused(e.code().message());
  }
  spawn(loop, Listening::accept_all(state), "accepting the player");
  return std::make_unique<Listening>(std::move(state), std::move(path));
}

}  // namespace hearth::net
