// What a command can come to. The machine returns the first outcome that applies, in the order in
// which they are declared here: that order is the precedence, and a test holds it. Each refusal
// costs nobody anything. docs/accounting.md §3 has the table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/base/error.h"

namespace hearth::ledger {

/// Append only: the numbers are in logs, metrics and scripts. A new one gets the next free number
/// and stands where its precedence puts it.
enum class Outcome : std::uint8_t {
  idempotency_mismatch = 1,  ///< the request, adjustment or offer id, or epoch, with other content
  voucher_spent = 2,         ///< redeemed, refunded or exchanged already, by another request
  repeated = 3,              ///< exactly this was applied before; the first answer holds
  form_refused = 4,      ///< count, name, reference, reason, or kind of account outside the rules
  amount_refused = 5,    ///< not above zero; a price, fee or limit below; a fee above the price
  currency_unknown = 6,  ///< not a currency of these books
  epoch_refused = 13,    ///< not above the last epoch
  unknown_offer = 7,
  nothing_outstanding = 8,  ///< more vouchers given up than bought: no such voucher can exist
  unknown_account = 9,      ///< the home has no wallet here, or not that pocket
  account_closed = 14,      ///< the account, or the one that would be credited
  account_frozen = 15,      ///< money would leave a frozen account
  account_not_empty = 16,   ///< closing with a balance
  overflow = 10,            ///< a product or balance beyond int64
  purchase_limit = 17,      ///< the purchase is above the home's limit for one
  day_limit = 18,           ///< the purchase is above what is left of the day's limit
  month_limit = 19,         ///< the purchase is above what is left of the month's limit
  insufficient_funds = 11,
  insufficient_cash = 20,  ///< more would be paid out than the books show as received
  applied = 12,
};
inline constexpr std::size_t outcome_numbers = 21;  ///< all are below it

/// All of them, in order of precedence.
std::span<const Outcome> all_outcomes();
/// The one of both that stands first in that order.
Outcome first_of(Outcome a, Outcome b);
/// "insufficient_funds"
std::string_view outcome_name(Outcome outcome);
/// The wire's code for a refusal (everything but applied and repeated).
Code outcome_code(Outcome outcome);
/// The refusal as code and sentence for a person.
Error refusal(Outcome outcome);

}  // namespace hearth::ledger
