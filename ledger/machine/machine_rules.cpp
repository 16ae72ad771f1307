// The commands that move no money: who is here, what is for sale, and what holds from now on.
#include "common/base/assert.h"
#include "common/base/names.h"
#include "ledger/machine/machine.h"
#include "ledger/machine/refused.h"

namespace hearth::ledger {
Verdict Machine::open(const OpenCommand& command, Seen seen, std::vector<money::Currency>& opened) {
  opened.clear();
  if (!checked_name(command.name)) return refused(Outcome::form_refused);
  for (const auto& currency : currencies_)
    if (!account(AccountId::wallet(command.home, currency))) opened.push_back(currency);
  if (seen == Seen::same && opened.empty()) return refused(Outcome::repeated);
  for (const auto& currency : opened) accounts_.touch(AccountId::wallet(command.home, currency));
  return {};
}

Verdict Machine::register_offer(const OfferCommand& command) {
  if (const OfferTerms* known = offer(command.offer)) {
    const bool same = known->seller == command.seller && known->price == command.price &&
                      known->homes == command.homes;
    return refused(same ? Outcome::repeated : Outcome::idempotency_mismatch);
  }
  if (command.homes < 1 || command.homes > max_homes) return refused(Outcome::form_refused);
  if (command.price.minor < 0) return refused(Outcome::amount_refused);
  if (!keeps(command.price.currency)) return refused(Outcome::currency_unknown);
  if (const Outcome seller = can_receive(AccountId::wallet(command.seller, command.price.currency));
      seller != Outcome::applied)
    return refused(seller);
  const Fees in_force = fees(command.price.currency);
  const OfferTerms terms{command.offer, command.seller, command.price,
                         money::fee_of(command.price.minor, in_force.basis_points, in_force.fixed),
                         command.homes};
  offers_.touch(command.offer, terms);
  return {};
}

Verdict Machine::set_state(const AccountStateCommand& command, Seen seen) {
  HEARTH_ASSERT(seen != Seen::other);
  if (seen == Seen::same) return refused(Outcome::repeated);
  if (command.account.kind() != AccountKind::wallet || command.state > AccountState::closed ||
      !is_text(command.reason, max_reason_bytes) || !is_text(command.by, max_by_bytes))
    return refused(Outcome::form_refused);
  const Account* held = account(command.account);
  if (!held) return refused(Outcome::unknown_account);
  if (command.state == AccountState::closed && held->balance != 0)
    return refused(Outcome::account_not_empty);
  accounts_.touch(command.account).state = command.state;
  Verdict verdict;
  verdict.balance_after = held->balance;
  return verdict;
}

Verdict Machine::set_limits(const LimitsCommand& command, Seen seen) {
  HEARTH_ASSERT(seen != Seen::other);
  if (seen == Seen::same) return refused(Outcome::repeated);
  if (!is_text(command.by, max_by_bytes)) return refused(Outcome::form_refused);
  const Limits& limits = command.limits;
  if (limits.per_purchase < 0 || limits.per_day < 0 || limits.per_month < 0)
    return refused(Outcome::amount_refused);
  if (!keeps(command.currency)) return refused(Outcome::currency_unknown);
  const AccountId main_wallet = AccountId::wallet(command.home, command.currency);
  if (!account(main_wallet)) return refused(Outcome::unknown_account);
  spendings_.touch(main_wallet).limits = limits;
  return {};
}

Verdict Machine::set_fees(const FeesCommand& command, Seen seen) {
  HEARTH_ASSERT(seen != Seen::other);
  if (seen == Seen::same) return refused(Outcome::repeated);
  if (!is_text(command.by, max_by_bytes)) return refused(Outcome::form_refused);
  const Fees& set = command.fees;
  if (set.basis_points < 0 || set.basis_points > 10'000 || set.fixed < 0)
    return refused(Outcome::amount_refused);
  if (!keeps(command.currency)) return refused(Outcome::currency_unknown);
  fees_.touch(AccountId::fees(command.currency)) = set;
  return {};
}

Verdict Machine::begin_epoch(const EpochCommand& command, Seen seen) {
  if (seen == Seen::other) return refused(Outcome::idempotency_mismatch);
  if (seen == Seen::same) return refused(Outcome::repeated);
  const std::uint32_t* last = last_epoch_.find(AccountId());
  if (command.epoch == 0 || (last && command.epoch <= *last))
    return refused(Outcome::epoch_refused);
  last_epoch_.touch(AccountId()) = command.epoch;
  return {};
}

}  // namespace hearth::ledger
