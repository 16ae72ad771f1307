// What a command can come to. The machine returns the first outcome that applies, in the order in
// which they are declared here: that order is the precedence, and a test holds it. Each refusal
// costs nobody anything. docs/accounting.md §3 has the table.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/error.h"

namespace hearth::ledger {

/// Append only: the numbers are in logs and scripts. A new one gets the next free number and stands
/// where its precedence puts it.
enum class Outcome : std::uint8_t {
  idempotency_mismatch = 1,  ///< the request id or offer id is known, with other content
  voucher_spent = 2,         ///< redeemed already, by another request
  repeated = 3,              ///< exactly this was applied before; the first answer holds
  form_refused = 4,          ///< voucher count, name or reference outside the limits
  amount_refused = 5,        ///< a deposit not above zero, a negative price, a fee above the price
  currency_unknown = 6,      ///< not a currency of these books
  unknown_offer = 7,
  nothing_outstanding = 8,  ///< more redemptions than purchases: no such voucher can exist
  unknown_account = 9,      ///< the home has no wallet here
  overflow = 10,            ///< a product or balance beyond int64
  insufficient_funds = 11,
  applied = 12,
};

/// "insufficient_funds"
std::string_view outcome_name(Outcome outcome);
/// The wire's code for a refusal (everything but applied and repeated).
Code outcome_code(Outcome outcome);
/// The refusal as code and sentence for a person.
Error refusal(Outcome outcome);

}  // namespace hearth::ledger
