// What the routes work on: the rooms of the ledger, put together. One per service, owned by the
// loop thread; every coroutine that uses it holds a shared_ptr.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/net/http.h"
#include "common/net/task.h"
#include "ledger/access/access.h"
#include "ledger/catalogue/catalogue.h"
#include "ledger/mailbox/mailboxes.h"
#include "ledger/tracker/tracker.h"

namespace hearth::ledger {

/// What the operator decides.
struct Policy {
  std::vector<std::string> currencies{"EUR"};
  int fee_basis_points = 500;  ///< of each voucher's price, when its offer is registered
  std::int64_t fee_fixed = 0;  ///< minor units, on top
  MailboxLimits mailbox_limits;
  std::function<UtcMs()> now = now_ms;
};

struct Rooms {
  net::Loop& loop;
  net::Pool& pool;
  store::Store& store;
  Engine& engine;
  const LedgerKeys& keys;
  Policy policy;
  Catalogue catalogue;
  Tracker tracker;
  Mailboxes mailboxes;
  std::string keys_jws;  ///< the answer to /v1/keys
  /// Open connections of mailbox owners, woken by drops.
  std::multimap<MailboxKey, std::shared_ptr<net::Signal>> owners;
  /// Open connections of mirrors, woken by torrents.
  std::list<std::shared_ptr<net::Signal>> mirrors;

  AccessSources access() const { return {keys, engine, store}; }
  UtcMs now() const { return policy.now(); }
};
using RoomsPtr = std::shared_ptr<Rooms>;

/// One route's work; errors become problem documents in the router. `parts` is the split path.
using RouteResult = net::Task<Result<net::Response>>;
using RouteHandler = RouteResult (*)(RoomsPtr rooms, net::Request request,
                                     std::vector<std::string> parts);

}  // namespace hearth::ledger
