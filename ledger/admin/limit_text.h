// Limits and fixed fees as operators write them in an order. Pure.
#pragma once

#include "common/money/amount.h"
#include "common/wire/json.h"

namespace hearth::ledger {

/// "5.00", "5.00 EUR" or "none", which is 0; a missing member leaves `limit` as it is.
/// Code::usage, amount_invalid, overflow, currency_unknown.
Result<void> read_limit(wire::Fields& fields, const char* name, const money::Currency& currency,
                        std::int64_t& limit);

}  // namespace hearth::ledger
