// What the routes work on: the rooms of the ledger, put together. One per service, owned by the
// loop thread; every coroutine that uses it holds a shared_ptr.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/base/guarded.h"
#include "common/net/http.h"
#include "common/net/task.h"
#include "ledger/access/access.h"
#include "ledger/api/limits.h"
#include "ledger/api/metrics.h"
#include "ledger/api/turns.h"
#include "ledger/catalogue/catalogue.h"
#include "ledger/mailbox/mailboxes.h"
#include "ledger/payments/configured.h"
#include "ledger/tracker/tracker.h"
#include "ledger/transparency/transparency.h"

namespace hearth::ledger {

class OperatorDesk;

/// What the operator decides.
struct Policy {
  std::vector<std::string> currencies{"EUR"};
  std::optional<Fees> fees;  ///< configured; nullopt: as the books have it, 5 % in new ones
  MailboxLimits mailbox_limits;
  ServiceLimits limits;
  payments::Providers providers;  ///< by name
  std::function<UtcMs()> now = now_ms;
  Evaluate evaluate{};  ///< see AccessSources
};

struct Rooms {
  net::Loop& loop;
  net::Pool& pool;
  store::Store& store;
  Engine& engine;
  const LedgerKeys& keys;
  Transparency& transparency;
  Policy policy;
  Catalogue catalogue;
  Guarded<Tracker> tracker;  ///< the pool asks it for sources
  Mailboxes mailboxes;
  std::string tracker_url;  ///< for stock clients; listed with the keys
  /// Open connections of mailbox owners, woken by drops.
  std::multimap<MailboxKey, std::shared_ptr<net::Signal>> owners;
  /// Open connections of mirrors, woken by torrents.
  std::list<std::shared_ptr<net::Signal>> mirrors;
  Metrics metrics{};
  HomeRates home_rates{policy.limits.rate_per_home};
  /// Issued: the newest of each home's lists of devices that are on their way to the disk.
  std::multimap<identity::HomeAddress, UtcMs> device_lists{};
  Turns directory_turns{loop};  ///< one list of the directory after the other
  net::RateTable<std::string> directory_rates{
      {directory_asks_per_s, directory_asks_per_s * directory_burst_s}};  ///< by address
  std::set<std::string> events_under_way{};  ///< of payment providers
  std::shared_ptr<OperatorDesk> desk{};      ///< takes operators' orders; null: nobody does
  net::Pool* office = nullptr;               ///< where it works

  /// For pool threads; the rooms outlive their work.
  AccessSources access() {
    return {keys,
            engine,
            store,
            [this](const identity::HomeAddress& home) { return admit(home); },
            [this](const wire::InfoHash& title, UtcMs now) {
              return tracker->complete_sources(title, now) > 0;
            },
            policy.evaluate};
  }
  /// Code::rate_limited. Any thread.
  Result<void> admit(const identity::HomeAddress& home) {
    return home_rates.admit(home, net::steady_ms());
  }
  UtcMs now() const { return policy.now(); }
};
using RoomsPtr = std::shared_ptr<Rooms>;

/// One route's work; errors become problem documents in the router. `parts` is the split path.
using RouteResult = net::Task<Result<net::Response>>;
using RouteHandler = RouteResult (*)(RoomsPtr rooms, net::Request request,
                                     std::vector<std::string> parts);

}  // namespace hearth::ledger
