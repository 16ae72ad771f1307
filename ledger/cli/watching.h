// Long work of a running ledger (audit, backup) with its progress on the terminal: the order
// carries a random word, and `progress` is asked under that word beside it. An interrupt ends the
// watching alone: the ledger goes on with the work.
#pragma once

#include <functional>

#include "ledger/operators/order.h"

namespace hearth::ledger {

/// Whether the command may take so long that somebody wants to see how far it is.
bool is_long_work(std::string_view command);

/// `ask` blocks until the answer is there; it is called from two threads at once. Without a
/// terminal on standard error it is called once.
Result<wire::Json> ask_watched(const Order& order,
                               const std::function<Result<wire::Json>(const Order&)>& ask);

}  // namespace hearth::ledger
