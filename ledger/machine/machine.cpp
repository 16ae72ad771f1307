#include "ledger/machine/machine.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/names.h"

namespace hearth::ledger {
namespace {

Verdict refused(Outcome outcome) {
  return {outcome, {}, 0};
}

}  // namespace

void Postings::add(const AccountId& account, std::int64_t delta) {
  HEARTH_ASSERT(count_ < limit);
  items_[count_++] = {account, delta};
}

bool Postings::operator==(const Postings& other) const {
  return std::equal(begin(), end(), other.begin(), other.end());
}

Machine::Machine(std::vector<money::Currency> currencies) : currencies_(std::move(currencies)) {}

void Machine::load_account(const AccountId& id, const Account& account) {
  HEARTH_ASSERT(changed_.empty());
  accounts_[id] = account;
}

void Machine::load_offer(const OfferTerms& terms) {
  HEARTH_ASSERT(added_.empty());
  offers_.insert_or_assign(terms.offer, terms);
}

Verdict Machine::open(const OpenCommand& command, Seen seen, std::vector<money::Currency>& opened) {
  opened.clear();
  if (!checked_name(command.name)) return refused(Outcome::form_refused);
  for (const auto& currency : currencies_)
    if (!account(AccountId::wallet(command.home, currency))) opened.push_back(currency);
  if (seen == Seen::same && opened.empty()) return refused(Outcome::repeated);
  for (const auto& currency : opened) touch(AccountId::wallet(command.home, currency));
  return {};
}

Verdict Machine::register_offer(const OfferTerms& terms) {
  if (const OfferTerms* known = offer(terms.offer))
    return refused(*known == terms ? Outcome::repeated : Outcome::idempotency_mismatch);
  if (terms.price.minor < 0 || terms.fee_minor < 0 || terms.fee_minor > terms.price.minor)
    return refused(Outcome::amount_refused);
  if (!keeps(terms.price.currency)) return refused(Outcome::currency_unknown);
  if (!account(AccountId::wallet(terms.seller, terms.price.currency)))
    return refused(Outcome::unknown_account);
  added_.emplace(terms.offer, terms);
  return {};
}

Verdict Machine::deposit(const DepositCommand& command, Seen seen) {
  HEARTH_ASSERT(seen != Seen::other);  // home, amount and reference are the whole identity
  if (seen == Seen::same) return refused(Outcome::repeated);
  if (!checked_note(command.reference, max_reference_bytes)) return refused(Outcome::form_refused);
  if (command.amount.minor <= 0) return refused(Outcome::amount_refused);
  if (!keeps(command.amount.currency)) return refused(Outcome::currency_unknown);
  const AccountId wallet = AccountId::wallet(command.home, command.amount.currency);
  if (!account(wallet)) return refused(Outcome::unknown_account);
  Verdict verdict;
  verdict.postings.add(AccountId::cash(command.amount.currency), -command.amount.minor);
  verdict.postings.add(wallet, command.amount.minor);
  if (!post(verdict.postings)) return refused(Outcome::overflow);
  verdict.balance_after = account(wallet)->balance;
  return verdict;
}

Verdict Machine::purchase(const PurchaseCommand& command, Seen seen) {
  if (seen == Seen::other) return refused(Outcome::idempotency_mismatch);
  if (seen == Seen::same) return refused(Outcome::repeated);
  if (command.vouchers < 1 || command.vouchers > max_vouchers)
    return refused(Outcome::form_refused);
  const OfferTerms* terms = offer(command.offer);
  if (!terms) return refused(Outcome::unknown_offer);
  const AccountId wallet = AccountId::wallet(command.home, terms->price.currency);
  const Account* payer = account(wallet);
  if (!payer) return refused(Outcome::unknown_account);
  const auto total = money::checked_mul(terms->price.minor, command.vouchers);
  if (!total) return refused(Outcome::overflow);
  if (payer->balance < *total) return refused(Outcome::insufficient_funds);

  const AccountId escrow = AccountId::escrow(command.offer, command.epoch, terms->price.currency);
  Verdict verdict;
  verdict.postings.add(wallet, -*total);
  verdict.postings.add(escrow, *total);
  if (!post(verdict.postings)) return refused(Outcome::overflow);
  touch(escrow).bought += static_cast<std::uint64_t>(command.vouchers);
  check_escrow(escrow, *terms);
  verdict.balance_after = account(wallet)->balance;
  return verdict;
}

Verdict Machine::redeem(const RedeemCommand& command, Seen seen) {
  if (seen == Seen::other) return refused(Outcome::voucher_spent);
  if (seen == Seen::same) return refused(Outcome::repeated);
  const OfferTerms* terms = offer(command.offer);
  if (!terms) return refused(Outcome::unknown_offer);
  const AccountId escrow = AccountId::escrow(command.offer, command.epoch, terms->price.currency);
  const Account* held = account(escrow);
  if (!held || held->outstanding() == 0) return refused(Outcome::nothing_outstanding);

  Verdict verdict;
  verdict.postings.add(escrow, -terms->price.minor);
  verdict.postings.add(AccountId::wallet(terms->seller, terms->price.currency),
                       terms->price.minor - terms->fee_minor);
  if (terms->fee_minor > 0)
    verdict.postings.add(AccountId::fees(terms->price.currency), terms->fee_minor);
  if (!post(verdict.postings)) return refused(Outcome::overflow);
  touch(escrow).redeemed += 1;
  check_escrow(escrow, *terms);
  return verdict;
}

void Machine::merge() {
  for (const auto& [id, account] : changed_) accounts_[id] = account;
  for (const auto& [id, terms] : added_) offers_.emplace(id, terms);
  drop();
}

void Machine::drop() {
  changed_.clear();
  added_.clear();
}

const Account* Machine::account(const AccountId& id) const {
  if (const auto found = changed_.find(id); found != changed_.end()) return &found->second;
  if (const auto found = accounts_.find(id); found != accounts_.end()) return &found->second;
  return nullptr;
}

const OfferTerms* Machine::offer(const OfferId& id) const {
  if (const auto found = added_.find(id); found != added_.end()) return &found->second;
  if (const auto found = offers_.find(id); found != offers_.end()) return &found->second;
  return nullptr;
}

bool Machine::keeps(const money::Currency& currency) const {
  return std::find(currencies_.begin(), currencies_.end(), currency) != currencies_.end();
}

Account& Machine::touch(const AccountId& id) {
  const auto [place, fresh] = changed_.try_emplace(id);
  if (fresh)
    if (const auto committed = accounts_.find(id); committed != accounts_.end())
      place->second = committed->second;
  return place->second;
}

bool Machine::post(const Postings& postings) {
  std::array<std::int64_t, Postings::limit> after{};
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < postings.size(); ++i) {
    const Account* before = account(postings[i].account);
    const auto balance = money::checked_add(before ? before->balance : 0, postings[i].delta);
    if (!balance) return false;
    after[i] = *balance;
    sum += postings[i].delta;  // two of opposite sign, or parts of one amount: cannot overflow
  }
  HEARTH_ASSERT(sum == 0);
  for (std::size_t i = 0; i < postings.size(); ++i) {
    HEARTH_ASSERT(after[i] >= 0 || postings[i].account.kind() == AccountKind::cash);
    touch(postings[i].account).balance = after[i];
  }
  return true;
}

void Machine::check_escrow(const AccountId& id, const OfferTerms& terms) const {
  const Account* held = account(id);
  HEARTH_ASSERT(held && held->redeemed <= held->bought);
  const auto due =
      money::checked_mul(terms.price.minor, static_cast<std::int64_t>(held->outstanding()));
  HEARTH_ASSERT(due && *due == held->balance);
}

}  // namespace hearth::ledger
