// Where orders of operators arrive (POST /v1/operator): who signed, whether the role allows it,
// whether it was done before, and then run_admin(). A change is noted in the store as begun
// before it runs and as done after, under its request id: a retry or a replay gets the first
// answer, also after a crash. Reads are not remembered.
//
// Threads: any pool thread, several at a time; it blocks as long as the command takes.
#pragma once

#include <mutex>
#include <set>
#include <string_view>

#include "ledger/admin/admin.h"
#include "ledger/operators/operator_rows.h"

namespace hearth::ledger {

class OperatorDesk {
 public:
  /// `context` is of a running ledger (it has an engine); `ledger` is its public key.
  OperatorDesk(AdminContext context, const crypto::SignPublicKey& ledger)
      : context_(std::move(context)), ledger_(ledger) {}

  /// The command's document. Code::not_allowed (unknown key, role, another ledger's order),
  /// Code::stale_request, Code::idempotency_mismatch, Code::busy (the same order is being done),
  /// and the command's own errors.
  Result<wire::Json> answer(std::string_view jws, UtcMs now);

 private:
  Result<wire::Json> run(const ReceivedOrder& order, const std::string& name);
  Result<wire::Json> change_once(const ReceivedOrder& order, const CommandRule& rule,
                                 const std::string& name, UtcMs now);
  Result<void> note(const ReceivedOrder& order, const OrderRow& row);
  Result<void> forget(const ReceivedOrder& order);

  const AdminContext context_;
  const crypto::SignPublicKey ledger_;
  std::mutex mutex_;
  std::set<std::pair<crypto::SignPublicKey, OrderId>> under_way_;  // Guards: mutex_
};

}  // namespace hearth::ledger
