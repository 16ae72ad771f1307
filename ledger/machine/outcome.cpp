#include "ledger/machine/outcome.h"

#include <array>

#include "common/base/assert.h"

namespace hearth::ledger {
namespace {

struct Row {
  Outcome outcome;
  std::string_view name;
  Code code;
  std::string_view sentence;
};

/// In order of precedence.
constexpr Row rows[] = {
    {Outcome::idempotency_mismatch, "idempotency_mismatch", Code::idempotency_mismatch,
     "This id was used before with other content. Nothing was charged; use a new id."},
    {Outcome::voucher_spent, "voucher_spent", Code::voucher_spent,
     "This voucher was redeemed, refunded or exchanged already, by another request. Nothing was "
     "moved."},
    {Outcome::repeated, "repeated", Code::internal, "This was applied before."},
    {Outcome::form_refused, "form_refused", Code::usage,
     "The ledger takes 1 to 16 vouchers a purchase, printable names, short references and reasons, "
     "and accounts of the kind that the command is for; nothing was changed."},
    {Outcome::amount_refused, "amount_refused", Code::amount_invalid,
     "An amount that moves must be above zero, a price, fee or limit not below zero and a fee at "
     "most the price; nothing was changed."},
    {Outcome::currency_unknown, "currency_unknown", Code::currency_unknown,
     "This ledger does not keep that currency; nothing was changed."},
    {Outcome::epoch_refused, "epoch_refused", Code::unknown_epoch,
     "A new epoch must be above all that the books know; nothing was changed."},
    {Outcome::unknown_offer, "unknown_offer", Code::unknown_offer,
     "This ledger has no such offer; nothing was charged."},
    {Outcome::nothing_outstanding, "nothing_outstanding", Code::voucher_invalid,
     "No voucher for this offer and epoch is outstanding, so this cannot be one; "
     "nothing was moved."},
    {Outcome::unknown_account, "unknown_account", Code::unknown_account,
     "The home has no such account at this ledger; nothing was charged. Register the home first."},
    {Outcome::account_closed, "account_closed", Code::account_closed,
     "An account that this would pay from or to is closed; nothing was moved. Ask the ledger's "
     "operator."},
    {Outcome::account_frozen, "account_frozen", Code::account_frozen,
     "The account is frozen, so no money leaves it; nothing was moved. Ask the ledger's operator."},
    {Outcome::account_not_empty, "account_not_empty", Code::account_not_empty,
     "An account is closed only when its balance is zero; nothing was changed. Withdraw the money "
     "first."},
    {Outcome::overflow, "overflow", Code::overflow,
     "The amount is larger than the books can hold; nothing was charged."},
    {Outcome::purchase_limit, "purchase_limit", Code::limit_exceeded,
     "The purchase costs more than this home may spend at once; nothing was charged. The ledger's "
     "operator can change the limit."},
    {Outcome::day_limit, "day_limit", Code::limit_exceeded,
     "The purchase costs more than is left of what this home may spend in a day; nothing was "
     "charged. Buy again tomorrow (UTC), or ask the ledger's operator to change the limit."},
    {Outcome::month_limit, "month_limit", Code::limit_exceeded,
     "The purchase costs more than is left of what this home may spend in a month; nothing was "
     "charged. Buy again next month, or ask the ledger's operator to change the limit."},
    {Outcome::insufficient_funds, "insufficient_funds", Code::insufficient_funds,
     "The account holds less than that; nothing was charged. Ask the ledger's operator for a "
     "deposit."},
    {Outcome::insufficient_cash, "insufficient_cash", Code::insufficient_funds,
     "The books show less cash than that: money would be paid out that was never booked as "
     "received. Nothing was moved; book it into cash first."},
    {Outcome::applied, "applied", Code::internal, "This was applied."},
};

constexpr auto in_order = [] {
  std::array<Outcome, std::size(rows)> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = rows[i].outcome;
  return out;
}();

const Row& row_of(Outcome outcome) {
  for (const Row& row : rows)
    if (row.outcome == outcome) return row;
  HEARTH_ASSERT(!"an outcome without a row");
  return rows[0];
}

}  // namespace

std::span<const Outcome> all_outcomes() {
  return in_order;
}
Outcome first_of(Outcome a, Outcome b) {
  for (const Outcome outcome : in_order)
    if (a == outcome || b == outcome) return outcome;
  return a;
}

std::string_view outcome_name(Outcome outcome) {
  return row_of(outcome).name;
}
Code outcome_code(Outcome outcome) {
  return row_of(outcome).code;
}

Error refusal(Outcome outcome) {
  HEARTH_ASSERT(outcome != Outcome::applied && outcome != Outcome::repeated);
  const Row& row = row_of(outcome);
  return {row.code, std::string(row.sentence)};
}

}  // namespace hearth::ledger
