// The ledger as homes see it: the TLS server of docs/protocol.md §8 and, if wished, the tracker
// on a plain port for stock BitTorrent clients. Books and keys are the caller's; see daemon.h.
// Threads: start() before or on the loop thread, everything else on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/net/server.h"
#include "ledger/api/rooms.h"

namespace hearth::ledger {

struct ServiceOptions {
  net::Endpoint listen;                         ///< port 0: any free one
  std::optional<net::Endpoint> tracker_listen;  ///< none: no plain port
  std::string tracker_advertise;                ///< announce URL; empty: from tracker_listen
  std::optional<net::Endpoint> metrics_listen;  ///< plain: /metrics, /readyz, /healthz
  std::optional<net::Endpoint> webhook_listen;  ///< plain, behind the operator's own TLS proxy
  Policy policy;
};

class Service {
 public:
  /// The parts outlive the service. Code::io (address in use), Code::corrupt.
  static Result<std::unique_ptr<Service>> start(net::Loop& loop, net::Pool& pool,
                                                store::Store& store, Engine& engine,
                                                const LedgerKeys& keys, Transparency& transparency,
                                                ServiceOptions options);
  std::uint16_t port() const { return server_->port(); }
  std::uint16_t tracker_port() const { return tracker_server_ ? tracker_server_->port() : 0; }
  std::uint16_t metrics_port() const { return metrics_server_ ? metrics_server_->port() : 0; }
  std::uint16_t webhook_port() const { return webhook_server_ ? webhook_server_->port() : 0; }
  /// What the metrics port answers, for the admin socket.
  net::Task<net::Response> operate(net::Request request);
  /// From here on POST /v1/operator is answered. Before or on the loop thread.
  void take_orders(std::shared_ptr<OperatorDesk> desk, net::Pool& office) {
    rooms_->desk = std::move(desk);
    rooms_->office = &office;
  }
  /// Takes no new connections, finishes what is under way within `grace_ms`, cuts the rest.
  net::Task<void> stop(std::int64_t grace_ms);

 private:
  Service() = default;
  Result<void> listen(ServiceOptions& options);
  Result<void> listen_plain(ServiceOptions& options);

  RoomsPtr rooms_;
  std::unique_ptr<net::Server> server_;
  std::unique_ptr<net::Server> tracker_server_;
  std::unique_ptr<net::Server> webhook_server_;
  std::unique_ptr<net::Server> metrics_server_;
};

}  // namespace hearth::ledger
