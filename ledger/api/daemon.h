// hearth-ledgerd: the data directory, its lock, keys and books, the service for homes and the
// admin socket for the operator, from start to SIGTERM. Members end in the reverse order of
// their making: nobody outlives what it uses, and the engine finishes what it took.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "common/base/files.h"
#include "ledger/admin/progress_board.h"
#include "ledger/api/service.h"

namespace hearth::ledger {

struct DaemonOptions {
  std::filesystem::path dir;
  std::string listen = "127.0.0.1:7440";
  std::string advertise;          ///< URL for cards; empty: https:// and the address listened at
  std::string tracker_listen;     ///< empty: no plain port
  std::string tracker_advertise;  ///< announce URL; empty: from tracker_listen
  /// -1: as the books have it (`hearth-ledger fees`); new books begin with 5 % and nothing fixed.
  std::int64_t fee_basis_points = -1;
  std::int64_t fee_fixed = -1;
  std::string currencies = "EUR";  ///< separated by commas
  std::string metrics_listen;      ///< empty: on the admin socket only
  std::string webhook_listen;      ///< empty: on the port of homes only
  ServiceLimits limits;
  std::map<std::string, payments::Settings> payments;  ///< [payments.NAME]
  bool accept_restored = false;                        ///< see Transparency::open()
  Evaluate evaluate{};                                 ///< see AccessSources
};

class Daemon {
 public:
  /// Each error is one sentence for the operator.
  static Result<std::unique_ptr<Daemon>> start(const DaemonOptions& options);
  ~Daemon();
  /// Serves until SIGINT or SIGTERM.
  void run();
  const std::string& url() const { return url_; }

 private:
  Daemon() = default;
  Result<void> open(const LedgerDir& dir, const Policy& policy, bool accept_restored);
  Result<void> serve(ServiceOptions service);
  Result<void> serve_admin();
  Result<void> tell(const DaemonOptions& options);
  net::Task<void> stop();

  std::int64_t stop_ms_ = 0;

  std::optional<DirLock> lock_;
  LedgerDir dir_;
  LedgerKeys keys_;
  ProgressBoard board_;
  net::Loop loop_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Transparency> transparency_;
  std::unique_ptr<net::Pool> pool_;    ///< its work uses all of the above
  std::unique_ptr<net::Pool> office_;  ///< the operators' work
  std::unique_ptr<Service> service_;
  std::unique_ptr<net::Server> admin_;
  std::string url_;
};

}  // namespace hearth::ledger
