// Operators and their orders in the store, beside the books (the journal names operators, but who
// was one is the directory's business):
//   op/k public key         → name, role, when added
//   op/r public key, id     → what the order with this request id came to
// Reading any view; changes are put into a batch that the engine commits as a side write.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/store/store.h"
#include "ledger/operators/order.h"
#include "ledger/operators/roles.h"

namespace hearth::ledger {

struct Operator {
  crypto::SignPublicKey key{};
  std::string name;
  Role role = Role::auditor;
  UtcMs added_ms = 0;
};

/// A name stands in records: 1..40 of a-z 0-9 . _ - and a letter first; not "owner", which is the
/// command line at the ledger itself. Code::name_refused.
Result<std::string> checked_operator_name(std::string_view text);

/// Code::corrupt when a row cannot be read.
Result<std::optional<Operator>> find_operator(const store::View& view,
                                              const crypto::SignPublicKey& key);
/// By name.
Result<std::vector<Operator>> list_operators(const store::View& view);
void put_operator(store::Batch& batch, const Operator& who);
void erase_operator(store::Batch& batch, const crypto::SignPublicKey& key);

/// An order's fate. `answer` is a JSON document, or a problem document when it was refused;
/// empty: begun, and whether it was done is not known.
struct OrderRow {
  crypto::Sha256Digest hash{};
  UtcMs at_ms = 0;
  bool refused = false;
  std::string answer;
};
Result<std::optional<OrderRow>> find_order(const store::View& view,
                                           const crypto::SignPublicKey& key, const OrderId& id);
void put_order(store::Batch& batch, const crypto::SignPublicKey& key, const OrderId& id,
               const OrderRow& row);
void erase_order(store::Batch& batch, const crypto::SignPublicKey& key, const OrderId& id);
/// Deletes those from before `until`.
Result<void> erase_old_orders(const store::View& view, store::Batch& batch, UtcMs until);

}  // namespace hearth::ledger
