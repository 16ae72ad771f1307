// What the service counts about itself, and all of it as Prometheus text (exposition format
// 0.0.4). No label ever carries a home, an offer or an address: metrics are read by more people
// than books are, and each label value costs memory for good. Labels are routes, statuses, kinds
// of command and their outcomes: closed lists. Loop thread only.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "common/net/server.h"
#include "ledger/engine/stats.h"

namespace hearth::ledger {

struct Metrics {
  /// `route` is a pattern of the router, with static lifetime.
  void count_request(std::string_view route, int status, std::int64_t took_us);

  std::map<std::pair<std::string_view, int>, std::uint64_t> requests;
  Histogram request_us;  ///< commit_bounds_us
  std::size_t in_flight = 0;
  std::uint64_t refused_busy = 0;                            ///< too many requests under way
  std::uint64_t refused_rate = 0;                            ///< 429 by a handler
  std::map<std::string_view, std::uint64_t> payment_events;  ///< by what became of them
};

/// Families and samples in the order in which they are written.
class Exposition {
 public:
  enum class Type { counter, gauge };
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  void family(std::string_view name, Type type, std::string_view help);
  /// Of the last family.
  void sample(const Labels& labels, std::uint64_t value);
  void sample(const Labels& labels, std::int64_t value);
  void one(std::string_view name, Type type, std::string_view help, std::uint64_t value);
  /// `unit`: what a stored number is divided by, e.g. 1e6 for microseconds shown as seconds.
  void histogram(std::string_view name, std::string_view help, const Histogram& histogram,
                 std::span<const std::uint64_t, 12> bounds, double unit);
  std::string take() { return std::move(out_); }

 private:
  void line(std::string_view name, const Labels& labels, std::string_view value);
  std::string out_;
  std::string family_;
};

/// Everything else that is shown beside Metrics.
struct Sizes {
  net::ServerCounts homes_port;
  std::size_t mailboxes = 0;
  std::uint64_t mailbox_bytes = 0;
  std::size_t tracker_peers = 0;
  std::size_t torrents = 0;
};
std::string write_metrics(const Metrics& metrics, const EngineStats& engine, const Sizes& sizes);

}  // namespace hearth::ledger
