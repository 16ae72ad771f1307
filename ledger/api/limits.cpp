#include "ledger/api/limits.h"

#include <iterator>

namespace hearth::ledger {
namespace {

struct Limit {
  const char* key;
  std::int64_t ServiceLimits::*value;
  std::int64_t min;
  std::int64_t max;
  const char* help;
};

constexpr std::int64_t day_ms = 24 * 3600 * 1000;

const Limit limits_table[] = {
    {"max_connections", &ServiceLimits::max_connections, 1, 1'000'000, "Connections at a time"},
    {"max_connections_per_address", &ServiceLimits::max_connections_per_address, 0, 1'000'000,
     "Of them, of one address (IPv6: of one /64); 0: no bound"},
    {"rate_per_address", &ServiceLimits::rate_per_address, 0, 1'000'000,
     "New connections of one address a second, ten seconds' worth at once; 0: no bound"},
    {"rate_per_connection", &ServiceLimits::rate_per_connection, 0, 1'000'000,
     "Requests over one connection a second, ten seconds' worth at once; 0: no bound"},
    {"rate_per_home", &ServiceLimits::rate_per_home, 0, 1'000'000,
     "Signed requests of one home a second, ten seconds' worth at once; 0: no bound"},
    {"max_requests", &ServiceLimits::max_requests, 1, 1'000'000, "Requests under way at a time"},
    {"header_timeout_ms", &ServiceLimits::header_timeout_ms, 100, day_ms,
     "For a TLS handshake, and for a request's header"},
    {"request_timeout_ms", &ServiceLimits::request_timeout_ms, 100, day_ms,
     "For a request's body, a second more for each 16 KiB, and for each part of an answer"},
    {"idle_timeout_ms", &ServiceLimits::idle_timeout_ms, 100, day_ms,
     "Between requests; half of it between the pings of an event connection"},
    {"stop_timeout_ms", &ServiceLimits::stop_timeout_ms, 0, day_ms,
     "For requests under way when the ledger stops"},
};

}  // namespace

void add_limits(Config& config, ServiceLimits& limits) {
  for (const Limit& limit : limits_table) config.add(limit.key, limits.*limit.value, limit.help);
}

Result<void> check_limits(const ServiceLimits& limits) {
  for (const Limit& limit : limits_table) {
    const std::int64_t value = limits.*limit.value;
    if (value >= limit.min && value <= limit.max) continue;
    return fail(Code::usage, std::string(limit.key) + " goes from " + std::to_string(limit.min) +
                                 " to " + std::to_string(limit.max) + ". Nothing was started.");
  }
  return {};
}

net::ServerLimits server_limits(const ServiceLimits& limits) {
  const auto rate = [](std::int64_t per_s) {
    const auto rate_of = static_cast<double>(per_s);
    return net::Rate{rate_of, rate_of * burst_s};
  };
  net::ServerLimits out;
  out.max_connections = static_cast<std::size_t>(limits.max_connections);
  out.max_per_address = static_cast<std::size_t>(limits.max_connections_per_address);
  out.requests = rate(limits.rate_per_connection);
  out.connections = rate(limits.rate_per_address);
  out.header_ms = limits.header_timeout_ms;
  out.request_ms = limits.request_timeout_ms;
  out.idle_ms = limits.idle_timeout_ms;
  return out;
}

HomeRates::HomeRates(std::int64_t per_s)
    : table_({static_cast<double>(per_s), static_cast<double>(per_s) * burst_s}) {}

Result<void> HomeRates::admit(const identity::HomeAddress& home, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (table_.take(home, now_ms) == 0) return {};
  return fail(Code::rate_limited,
              "This home asks too often. Nothing was done; send the same request again in a "
              "moment.");
}

}  // namespace hearth::ledger
