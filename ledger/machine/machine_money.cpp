// The commands by which money comes, goes, and is corrected.
#include "common/base/assert.h"
#include "ledger/machine/machine.h"
#include "ledger/machine/refused.h"

namespace hearth::ledger {
namespace {

bool is_wallet(const AccountId& id) {
  return id.kind() == AccountKind::wallet;
}

}  // namespace

Verdict Machine::deposit(const DepositCommand& command, Seen seen) {
  HEARTH_ASSERT(seen != Seen::other);  // account, amount and reference are the whole identity
  if (seen == Seen::same) return refused(Outcome::repeated);
  if (!is_wallet(command.account) || !checked_note(command.reference, max_reference_bytes) ||
      !is_text(command.by, max_by_bytes))
    return refused(Outcome::form_refused);
  if (command.minor <= 0) return refused(Outcome::amount_refused);
  const money::Currency currency = command.account.currency();
  if (!keeps(currency)) return refused(Outcome::currency_unknown);
  if (const Outcome open = can_receive(command.account); open != Outcome::applied)
    return refused(open);
  Verdict verdict;
  verdict.postings.add(AccountId::cash(currency), -command.minor);
  verdict.postings.add(command.account, command.minor);
  if (const Outcome posted = post(verdict); posted != Outcome::applied) return refused(posted);
  verdict.balance_after = verdict.after[1];
  return verdict;
}

Verdict Machine::withdraw(const WithdrawCommand& command, Seen seen) {
  HEARTH_ASSERT(seen != Seen::other);
  if (seen == Seen::same) return refused(Outcome::repeated);
  const bool is_fees = command.account.kind() == AccountKind::fees;
  if (!(is_wallet(command.account) || is_fees) ||
      !checked_note(command.reference, max_reference_bytes) || !is_text(command.by, max_by_bytes))
    return refused(Outcome::form_refused);
  if (command.minor <= 0) return refused(Outcome::amount_refused);
  // The currency need not be kept any more: what people have in it they get back.
  if (const Outcome open = can_pay(command.account); open != Outcome::applied) return refused(open);
  Verdict verdict;
  verdict.postings.add(AccountId::cash(command.account.currency()), command.minor);
  verdict.postings.add(command.account, -command.minor);
  if (const Outcome posted = post(verdict); posted != Outcome::applied) return refused(posted);
  verdict.balance_after = verdict.after[1];
  return verdict;
}

Verdict Machine::adjust(const AdjustCommand& command, Seen seen) {
  if (seen == Seen::other) return refused(Outcome::idempotency_mismatch);
  if (seen == Seen::same) return refused(Outcome::repeated);
  const AccountKind kind = command.account.kind();
  const bool is_own = kind == AccountKind::cash || kind == AccountKind::fees;
  if (!(is_wallet(command.account) || is_own) || !is_text(command.reason, max_reason_bytes) ||
      !is_text(command.by, max_by_bytes))
    return refused(Outcome::form_refused);
  if (command.minor == 0) return refused(Outcome::amount_refused);
  const money::Currency currency = command.account.currency();
  if (!keeps(currency)) return refused(Outcome::currency_unknown);
  // The ledger's own accounts come to be with their first posting.
  if (const Outcome open = can_receive(command.account); !is_own && open != Outcome::applied)
    return refused(open);
  const auto against = money::checked_sub(0, command.minor);
  if (!against) return refused(Outcome::overflow);
  Verdict verdict;
  verdict.postings.add(AccountId::adjustments(currency), *against);
  verdict.postings.add(command.account, command.minor);
  if (const Outcome posted = post(verdict); posted != Outcome::applied) return refused(posted);
  verdict.balance_after = verdict.after[1];
  return verdict;
}

Verdict Machine::transfer(const TransferCommand& command, Seen seen) {
  if (seen == Seen::other) return refused(Outcome::idempotency_mismatch);
  if (seen == Seen::same) return refused(Outcome::repeated);
  if (command.from_pocket > max_pocket || command.to_pocket > max_pocket ||
      command.from_pocket == command.to_pocket)
    return refused(Outcome::form_refused);
  if (command.amount.minor <= 0) return refused(Outcome::amount_refused);
  const AccountId from =
      AccountId::wallet(command.home, command.amount.currency, command.from_pocket);
  const AccountId to = AccountId::wallet(command.home, command.amount.currency, command.to_pocket);
  if (const Outcome open = first_of(can_pay(from), can_receive(to)); open != Outcome::applied)
    return refused(open);
  Verdict verdict;
  verdict.postings.add(from, -command.amount.minor);
  verdict.postings.add(to, command.amount.minor);
  if (const Outcome posted = post(verdict); posted != Outcome::applied) return refused(posted);
  verdict.balance_after = verdict.after[0];
  return verdict;
}

}  // namespace hearth::ledger
