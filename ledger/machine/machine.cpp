#include "ledger/machine/machine.h"

#include <algorithm>
#include <utility>

#include "common/base/assert.h"

namespace hearth::ledger {

Machine::Machine(std::vector<money::Currency> currencies) : currencies_(std::move(currencies)) {}

void Machine::load_account(const AccountId& id, const Account& account) {
  accounts_.load(id, account);
  totals_.change(id, nullptr, account);
}
void Machine::load_offer(const OfferTerms& terms) {
  offers_.load(terms.offer, terms);
}
void Machine::load_spending(const AccountId& main_wallet, const Spending& spending) {
  spendings_.load(main_wallet, spending);
}
void Machine::load_fees(const money::Currency& currency, const Fees& fees) {
  fees_.load(AccountId::fees(currency), fees);
}
void Machine::load_epoch(std::uint32_t epoch) {
  last_epoch_.load(AccountId(), epoch);
}

std::array<Machine::Entered, Postings::limit> Machine::enter(const Verdict& verdict,
                                                             std::uint64_t index) {
  std::array<Entered, Postings::limit> out{};
  for (std::size_t i = 0; i < verdict.postings.size(); ++i) {
    Account& account = accounts_.touch(verdict.held[i]);
    out[i] = {++account.entries, std::exchange(account.last_entry, index)};
  }
  return out;
}

void Machine::seal() {
  sealed_.push_back(totals());
  for (const auto& change : accounts_.changes())
    sealed_.back().change(*change.key, change.before ? &*change.before : nullptr, *change.now);
  accounts_.seal();
  offers_.seal();
  spendings_.seal();
  fees_.seal();
  last_epoch_.seal();
}

void Machine::merge() {
  HEARTH_ASSERT(!sealed_.empty());
  totals_ = std::move(sealed_.front());
  sealed_.pop_front();
  accounts_.merge();
  offers_.merge();
  spendings_.merge();
  fees_.merge();
  last_epoch_.merge();
}

void Machine::drop() {
  sealed_.clear();
  accounts_.drop();
  offers_.drop();
  spendings_.drop();
  fees_.drop();
  last_epoch_.drop();
}

Fees Machine::fees(const money::Currency& currency) const {
  const Fees* found = fees_.find(AccountId::fees(currency));
  return found ? *found : Fees{};
}

bool Machine::keeps(const money::Currency& currency) const {
  return std::find(currencies_.begin(), currencies_.end(), currency) != currencies_.end();
}

Outcome Machine::can_receive(const AccountId& id) const {
  const Account* held = account(id);
  if (!held && id.kind() == AccountKind::wallet && id.pocket() != 0)
    held = account(AccountId::wallet(id.home(), id.currency()));
  if (!held) return Outcome::unknown_account;
  return held->state == AccountState::closed ? Outcome::account_closed : Outcome::applied;
}

Outcome Machine::can_pay(const AccountId& id) const {
  const Account* held = account(id);
  if (!held) return Outcome::unknown_account;
  if (held->state == AccountState::closed) return Outcome::account_closed;
  return held->state == AccountState::frozen ? Outcome::account_frozen : Outcome::applied;
}

bool Machine::plan(Verdict& verdict) {
  __int128 sum = 0;
  for (std::size_t i = 0; i < verdict.postings.size(); ++i) {
    const auto& [id, delta] = verdict.postings[i];
    const Accounts::Place held = verdict.held[i] = accounts_.place(id);
    const auto balance = money::checked_add(held ? Accounts::value(held).balance : 0, delta);
    if (!balance) return false;
    verdict.after[i] = *balance;
    sum += delta;
  }
  HEARTH_ASSERT(sum == 0);
  return true;
}

Outcome Machine::covered(const Verdict& verdict) const {
  Outcome outcome = Outcome::applied;
  for (std::size_t i = 0; i < verdict.postings.size(); ++i) {
    const AccountKind kind = verdict.postings[i].account.kind();
    const bool may_owe = kind == AccountKind::cash || kind == AccountKind::adjustments;
    if (verdict.after[i] < 0 && !may_owe) return Outcome::insufficient_funds;
    if (verdict.after[i] > 0 && kind == AccountKind::cash) outcome = Outcome::insufficient_cash;
  }
  return outcome;
}

void Machine::keep(Verdict& verdict) {
  for (std::size_t i = 0; i < verdict.postings.size(); ++i) {
    Accounts::Place& held = verdict.held[i];
    if (!held) held = accounts_.make(verdict.postings[i].account);
    accounts_.touch(held).balance = verdict.after[i];
  }
}

Outcome Machine::post(Verdict& verdict) {
  if (!plan(verdict)) return Outcome::overflow;
  const Outcome outcome = covered(verdict);
  if (outcome == Outcome::applied) keep(verdict);
  return outcome;
}

Outcome Machine::has_voucher(const OfferTerms* terms, std::uint32_t epoch) const {
  if (!terms) return Outcome::unknown_offer;
  const Account* held = account(AccountId::escrow(terms->offer, epoch, terms->price.currency));
  return held && held->outstanding() > 0 ? Outcome::applied : Outcome::nothing_outstanding;
}

void Machine::check_escrow(const Account& held, const OfferTerms& terms) {
  HEARTH_ASSERT(held.redeemed + held.refunded + held.exchanged <= held.bought + held.fresh);
  const __int128 due = static_cast<__int128>(terms.price.minor) * held.outstanding();
  HEARTH_ASSERT(due == held.balance);
}

}  // namespace hearth::ledger
