// The commands about vouchers: bought, redeemed, refunded, exchanged. A voucher's money lies in the
// escrow of its offer and epoch until one of the latter three takes it out, once.
#include "ledger/machine/machine.h"
#include "ledger/machine/refused.h"

namespace hearth::ledger {
namespace {

Outcome seen_voucher(Seen seen) {
  return seen == Seen::other  ? Outcome::voucher_spent
         : seen == Seen::same ? Outcome::repeated
                              : Outcome::applied;
}

}  // namespace

Verdict Machine::purchase(const PurchaseCommand& command, Seen seen) {
  if (seen == Seen::other) return refused(Outcome::idempotency_mismatch);
  if (seen == Seen::same) return refused(Outcome::repeated);
  if (command.vouchers < 1 || command.vouchers > max_vouchers || command.pocket > max_pocket)
    return refused(Outcome::form_refused);
  const OfferTerms* terms = offer(command.offer);
  if (!terms) return refused(Outcome::unknown_offer);
  const money::Currency& currency = terms->price.currency;
  const AccountId wallet = AccountId::wallet(command.home, currency, command.pocket);
  const Outcome pays = can_pay(wallet);
  const Outcome receives = can_receive(AccountId::wallet(terms->seller, currency));
  if (pays != Outcome::applied || receives != Outcome::applied)
    return refused(first_of(pays, receives));
  const auto total = money::checked_mul(terms->price.minor, command.vouchers);
  if (!total) return refused(Outcome::overflow);

  const AccountId escrow = AccountId::escrow(command.offer, command.epoch, currency);
  Verdict verdict;
  verdict.postings.add(wallet, -*total);
  verdict.postings.add(escrow, *total);
  if (!plan(verdict)) return refused(Outcome::overflow);
  const AccountId main_wallet = AccountId::wallet(command.home, currency);
  const Spending* limited = spending(main_wallet);
  Spent spent;
  if (limited) {
    spent = spend(limited->spent, command.at_ms, *total);
    if (const Outcome within = check_limits(limited->limits, spent, *total);
        within != Outcome::applied)
      return refused(within);
  }
  if (const Outcome funded = covered(verdict); funded != Outcome::applied) return refused(funded);
  keep(verdict);
  if (limited) spendings_.touch(main_wallet).spent = spent;
  Account& held = accounts_.touch(verdict.held[1]);
  held.bought += static_cast<std::uint64_t>(command.vouchers);
  check_escrow(held, *terms);
  verdict.balance_after = verdict.after[0];
  return verdict;
}

Verdict Machine::redeem(const RedeemCommand& command, Seen seen) {
  if (const Outcome known = seen_voucher(seen); known != Outcome::applied) return refused(known);
  const OfferTerms* terms = offer(command.offer);
  if (const Outcome held = has_voucher(terms, command.epoch); held != Outcome::applied)
    return refused(held);
  const money::Currency& currency = terms->price.currency;
  const AccountId escrow = AccountId::escrow(command.offer, command.epoch, currency);
  const AccountId seller = AccountId::wallet(terms->seller, currency);
  if (const Outcome open = can_receive(seller); open != Outcome::applied) return refused(open);

  Verdict verdict;
  verdict.postings.add(escrow, -terms->price.minor);
  verdict.postings.add(seller, terms->price.minor - terms->fee_minor);
  if (terms->fee_minor > 0) verdict.postings.add(AccountId::fees(currency), terms->fee_minor);
  if (const Outcome posted = post(verdict); posted != Outcome::applied) return refused(posted);
  Account& held = accounts_.touch(verdict.held[0]);
  held.redeemed += 1;
  check_escrow(held, *terms);
  return verdict;
}

Verdict Machine::share(const RedeemCommand& command, Seen seen, std::int64_t before) {
  if (const Outcome known = seen_voucher(seen); known != Outcome::applied) return refused(known);
  const OfferTerms* terms = offer(command.offer);
  if (!terms) return refused(Outcome::unknown_offer);
  if (before >= terms->homes) return refused(Outcome::voucher_spent);
  return {};
}

Verdict Machine::refund(const RefundCommand& command, Seen seen) {
  if (const Outcome known = seen_voucher(seen); known != Outcome::applied) return refused(known);
  if (command.credited.kind() != AccountKind::wallet) return refused(Outcome::form_refused);
  const OfferTerms* terms = offer(command.offer);
  if (const Outcome held = has_voucher(terms, command.epoch); held != Outcome::applied)
    return refused(held);
  if (!command.credited.is_in(terms->price.currency)) return refused(Outcome::unknown_account);
  if (const Outcome open = can_receive(command.credited); open != Outcome::applied)
    return refused(open);
  const AccountId escrow = AccountId::escrow(command.offer, command.epoch, terms->price.currency);

  Verdict verdict;
  verdict.postings.add(escrow, -terms->price.minor);
  verdict.postings.add(command.credited, terms->price.minor);
  if (const Outcome posted = post(verdict); posted != Outcome::applied) return refused(posted);
  Account& held = accounts_.touch(verdict.held[0]);
  held.refunded += 1;
  check_escrow(held, *terms);
  verdict.balance_after = verdict.after[1];
  return verdict;
}

Verdict Machine::exchange(const ExchangeCommand& command, Seen seen) {
  if (const Outcome known = seen_voucher(seen); known != Outcome::applied) return refused(known);
  const OfferTerms* terms = offer(command.offer);
  if (const Outcome held = has_voucher(terms, command.epoch); held != Outcome::applied)
    return refused(held);
  const money::Currency& currency = terms->price.currency;
  const AccountId old_escrow = AccountId::escrow(command.offer, command.epoch, currency);
  const AccountId escrow = AccountId::escrow(command.offer, command.fresh_epoch, currency);

  Verdict verdict;
  if (old_escrow == escrow) {
    verdict.postings.add(escrow, 0);  // the money stays; the exchange stands in the entries
  } else {
    verdict.postings.add(old_escrow, -terms->price.minor);
    verdict.postings.add(escrow, terms->price.minor);
  }
  if (const Outcome posted = post(verdict); posted != Outcome::applied) return refused(posted);
  Account& given_up = accounts_.touch(verdict.held[0]);
  Account& fresh = accounts_.touch(verdict.held[verdict.postings.size() - 1]);
  given_up.exchanged += 1;
  fresh.fresh += 1;
  check_escrow(given_up, *terms);
  check_escrow(fresh, *terms);
  verdict.balance_after = verdict.after[verdict.postings.size() - 1];
  return verdict;
}

}  // namespace hearth::ledger
