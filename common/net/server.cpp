#include "common/net/server.h"

#include <chrono>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/base/assert.h"
#include "common/base/log.h"
#include "common/net/listen.h"
#include "common/net/server_state.h"

namespace hearth::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Connections beyond the limit that are still told why; those beyond these are just closed.
constexpr std::size_t refusals_at_once = 64;

Welcome welcome_of(ServerState& state, const Peer& peer) {
  const ServerLimits& limits = state.options.limits;
  const std::size_t open = state.live.size() - state.refusing;
  if (open >= limits.max_connections) {
    if (state.refusing == 0) spdlog::warn("{} connections are open; more are refused", open);
    return Welcome::too_many;
  }
  if (peer.ip.empty()) return Welcome::serve;  // a unix socket
  const std::string group = address_group(peer.ip);
  const auto here = state.per_address.find(group);
  if (limits.max_per_address != 0 && here != state.per_address.end() &&
      here->second >= limits.max_per_address) {
    return Welcome::too_many_here;
  }
  return state.connection_rates.take(group, steady_ms()) == 0 ? Welcome::serve
                                                              : Welcome::too_many_here;
}

void admit(const std::shared_ptr<ServerState>& state, PlainStream::socket_type socket, Peer peer) {
  const Welcome welcome = welcome_of(*state, peer);
  ++state->counts.accepted;
  if (welcome != Welcome::serve) {
    ++state->counts.connections_refused;
    if (state->refusing >= refusals_at_once) return;
  }
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);  // fails on unix sockets
  PlainStream plain(std::move(socket));
  if (state->tls) {
    TlsStream stream(std::move(plain), *state->tls);
    spawn(state->loop, run_tls_session(state, std::move(stream), std::move(peer), welcome),
          "serving a connection");
  } else {
    spawn(state->loop, run_plain_session(state, std::move(plain), std::move(peer), welcome),
          "serving a connection");
  }
}

Task<void> accept_on(std::shared_ptr<ServerState> state, std::shared_ptr<Acceptor> acceptor) {
  while (acceptor->is_open()) {
    error_code ec;
    GenericEndpoint from;
    PlainStream::socket_type socket(state->loop.context());
    co_await acceptor->async_accept(socket, from, asio::redirect_error(asio::use_awaitable, ec));
    if (state->stopping || ec == asio::error::operation_aborted) co_return;
    if (ec) {
      // Out of descriptors, most likely: wait until some connections have ended.
      spdlog::warn("cannot accept a connection: {}", ec.message());
      co_await sleep_ms(100);
      continue;
    }
    admit(state, std::move(socket), peer_of(from));
  }
}

class RunningServer : public Server {
 public:
  RunningServer(std::shared_ptr<ServerState> state, std::shared_ptr<Acceptor> acceptor,
                std::uint16_t port)
      : state_(std::move(state)), acceptor_(std::move(acceptor)), port_(port) {}

  ~RunningServer() override {
    stop_accepting();
    cut_all(*state_);
  }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  std::uint16_t port() const override { return port_; }

  ServerCounts counts() const override {
    ServerCounts out = state_->counts;
    out.open = state_->live.size();
    return out;
  }

  Task<void> stop(std::int64_t grace_ms) override {
    stop_accepting();
    return wind_down(state_,
                     std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms));
  }

 private:
  // Connections change the list while they end, but only when they run again.
  static void cut_all(ServerState& state) {
    for (const ServerState::Live& live : state.live) {
      if (live.cut) live.cut();
    }
  }

  static Task<void> wind_down(std::shared_ptr<ServerState> state,
                              std::chrono::steady_clock::time_point end) {
    using std::chrono::steady_clock;
    for (const ServerState::Live& live : state->live) {
      if (live.leave) live.leave();
    }
    while (!state->live.empty()) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now()).count();
      if (left <= 0) break;
      co_await state->changed.wait(left);
    }
    cut_all(*state);
  }

  void stop_accepting() {
    if (state_->stopping) return;
    state_->stopping = true;
    error_code ignored;
    acceptor_->close(ignored);
    if (!state_->options.unix_path.empty()) {
      std::filesystem::remove(state_->options.unix_path, ignored_std_);
    }
  }

  std::shared_ptr<ServerState> state_;
  std::shared_ptr<Acceptor> acceptor_;
  std::uint16_t port_;
  std::error_code ignored_std_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(Loop& loop, Options options, Handler handler,
                                              WsHandler ws_handler) {
  HEARTH_ASSERT(handler != nullptr);
  auto state = std::make_shared<ServerState>(loop, std::move(options), std::move(handler),
                                             std::move(ws_handler));
  if (state->options.tls) {
    auto context = server_context(*state->options.tls);
    if (!context) return pass_on(context.error());
    state->tls = std::move(*context);
  }
  const bool on_unix = !state->options.unix_path.empty();
  auto acceptor = on_unix ? listen_unix(loop, state->options.unix_path)
                          : listen_tcp(loop, state->options.address, state->options.port);
  if (!acceptor) return pass_on(acceptor.error());
  std::uint16_t port = 0;
  if (!on_unix) port = peer_of(acceptor->local_endpoint()).port;
  auto shared = std::make_shared<Acceptor>(std::move(*acceptor));
  spawn(loop, accept_on(state, shared), "accepting connections");
  return std::make_unique<RunningServer>(std::move(state), std::move(shared), port);
}

}  // namespace hearth::net
