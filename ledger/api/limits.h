// What the service takes before it says "later" (docs/decisions/0014-service.md). Each is a flag of
// hearth-ledgerd and a key of config.toml; a rate of 0 is no bound. A refusal costs its sender
// nothing: nothing was done, and the same request later gets its one answer.
#pragma once

#include <cstdint>
#include <mutex>

#include "common/base/config.h"
#include "common/identity/home.h"
#include "common/net/server.h"

namespace hearth::ledger {

struct ServiceLimits {
  std::int64_t max_connections = 20'000;
  std::int64_t max_connections_per_address = 512;
  std::int64_t rate_per_address = 200;     ///< new connections a second
  std::int64_t rate_per_connection = 100;  ///< requests a second
  std::int64_t rate_per_home = 50;         ///< signed requests a second
  std::int64_t max_requests = 4096;        ///< under way at a time, of all connections
  std::int64_t header_timeout_ms = 10'000;
  std::int64_t request_timeout_ms = 30'000;
  std::int64_t idle_timeout_ms = 60'000;
  std::int64_t stop_timeout_ms = 10'000;  ///< for requests under way when the service stops
};
/// Looking into the directory, of one address: enough for a person, too little to search it through.
inline constexpr double directory_asks_per_s = 0.2;
inline constexpr double directory_burst_s = 150;

inline constexpr double burst_s = 10;  ///< a bucket holds what its rate brings in that time

void add_limits(Config& config, ServiceLimits& limits);
/// Code::usage with the name of the first that is out of range.
Result<void> check_limits(const ServiceLimits& limits);
net::ServerLimits server_limits(const ServiceLimits& limits);

/// Requests of each home, known by their signature. Any thread.
class HomeRates {
 public:
  explicit HomeRates(std::int64_t per_s);
  /// Code::rate_limited.
  Result<void> admit(const identity::HomeAddress& home, std::int64_t now_ms);

 private:
  std::mutex mutex_;
  net::RateTable<identity::HomeAddress> table_;  // Guards: mutex_
};

}  // namespace hearth::ledger
