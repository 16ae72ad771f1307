#include "ledger/machine/outcome.h"

#include "common/base/assert.h"

namespace hearth::ledger {
namespace {

struct Row {
  Outcome outcome;
  std::string_view name;
  Code code;
  std::string_view sentence;
};

constexpr Row rows[] = {
    {Outcome::idempotency_mismatch, "idempotency_mismatch", Code::idempotency_mismatch,
     "This id was used before with other content. Nothing was charged; use a new id."},
    {Outcome::voucher_spent, "voucher_spent", Code::voucher_spent,
     "This voucher was redeemed already, by another request. Nothing was moved."},
    {Outcome::repeated, "repeated", Code::internal, "This was applied before."},
    {Outcome::form_refused, "form_refused", Code::usage,
     "The ledger takes 1 to 16 vouchers a purchase, printable names and short references; "
     "nothing was changed."},
    {Outcome::amount_refused, "amount_refused", Code::amount_invalid,
     "A deposit must be above zero, a price not below zero and a fee at most the price; "
     "nothing was changed."},
    {Outcome::currency_unknown, "currency_unknown", Code::currency_unknown,
     "This ledger does not keep that currency; nothing was changed."},
    {Outcome::unknown_offer, "unknown_offer", Code::unknown_offer,
     "This ledger has no such offer; nothing was charged."},
    {Outcome::nothing_outstanding, "nothing_outstanding", Code::voucher_invalid,
     "No voucher for this offer and epoch is outstanding, so this cannot be one; "
     "nothing was moved."},
    {Outcome::unknown_account, "unknown_account", Code::unknown_account,
     "The home has no account at this ledger; nothing was charged. Register the home first."},
    {Outcome::overflow, "overflow", Code::overflow,
     "The amount is larger than the books can hold; nothing was charged."},
    {Outcome::insufficient_funds, "insufficient_funds", Code::insufficient_funds,
     "The wallet holds less than the price; nothing was charged. Ask the ledger's operator for "
     "a deposit."},
    {Outcome::applied, "applied", Code::internal, "This was applied."},
};

const Row& row_of(Outcome outcome) {
  for (const Row& row : rows)
    if (row.outcome == outcome) return row;
  HEARTH_ASSERT(!"an outcome without a row");
  return rows[0];
}

}  // namespace

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
