#include "tests/model/auditor.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>

namespace hearth::ledger::model {
namespace {

constexpr Money most = std::numeric_limits<std::int64_t>::max();
constexpr Money least = std::numeric_limits<std::int64_t>::min();

Place wallet(int home, int currency, int pocket = 0) {
  return {AccountKind::wallet, home, pocket, currency};
}
Place own(AccountKind kind, int currency) {
  return {kind, 0, 0, currency};
}
Place escrow(int offer, std::uint32_t epoch, int currency) {
  return {AccountKind::escrow, offer, static_cast<int>(epoch), currency};
}
bool is_wallet(const Place& place) {
  return place.kind == AccountKind::wallet;
}
std::vector<std::int64_t> numbers(const Place& place) {
  return {static_cast<std::int64_t>(place.kind), place.owner, place.slot, place.currency};
}
template <class... More>
std::vector<std::int64_t> numbers(const Place& place, More... more) {
  auto out = numbers(place);
  (out.push_back(static_cast<std::int64_t>(more)), ...);
  return out;
}

/// "2026-11-30", of the day in which a time lies.
std::string date_of(UtcMs at_ms) {
  using namespace std::chrono;
  const year_month_day date(floor<days>(sys_time<milliseconds>(milliseconds(at_ms))));
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace

Outcome Auditor::apply(const Command& c) {
  reasons_.clear();
  moved_.clear();
  then_.clear();
  consider(c);
  judge_balances();
  for (const Outcome outcome : all_outcomes())
    if (reasons_.contains(outcome)) {
      moved_.clear();
      return outcome;
    }
  for (const auto& [place, change] : moved_) now_.balances[place] += change;
  for (const auto& step : then_) step();
  return Outcome::applied;
}

void Auditor::commit() {
  committed_ = now_;
  asked_in_batch_.clear();
}
void Auditor::lose() {
  now_ = committed_;
  for (const Numbers& id : asked_in_batch_) asked_.erase(id);
  asked_in_batch_.clear();
}

void Auditor::consider(const Command& c) {
  switch (c.kind) {
    case Kind::open:
      return open(c);
    case Kind::offer:
      return offer(c);
    case Kind::deposit:
      return deposit(c);
    case Kind::withdraw:
      return withdraw(c);
    case Kind::purchase:
      return purchase(c);
    case Kind::redeem:
      return redeem(c);
    case Kind::refund:
      return refund(c);
    case Kind::exchange:
      return exchange(c);
    case Kind::adjust:
      return adjust(c);
    case Kind::transfer:
      return transfer(c);
    case Kind::state:
      return state(c);
    case Kind::limits:
      return limits(c);
    case Kind::fees:
      return fees(c);
    case Kind::epoch:
      return epoch(c);
    case Kind::commit:
    case Kind::lose:
    case Kind::restart:
      return;
  }
}

void Auditor::asked(Numbers id, Numbers content, Outcome misuse) {
  if (const auto known = asked_.find(id); known != asked_.end())
    return against(true, known->second == content ? Outcome::repeated : misuse);
  then_.push_back([this, id = std::move(id), content = std::move(content)] {
    asked_[id] = content;
    asked_in_batch_.push_back(id);
  });
}

void Auditor::in_force(Numbers what, Numbers value) {
  const auto known = now_.in_force.find(what);
  against(known != now_.in_force.end() && known->second == value, Outcome::repeated);
  then_.push_back(
      [this, what = std::move(what), value = std::move(value)] { now_.in_force[what] = value; });
}

void Auditor::kept(int currency) {
  against(currency >= currencies_kept, Outcome::currency_unknown);
}

void Auditor::pays(const Place& place) {
  against(!now_.balances.contains(place), Outcome::unknown_account);
  const auto state = now_.states.find(place);
  if (state == now_.states.end()) return;
  against(state->second == AccountState::closed, Outcome::account_closed);
  against(state->second == AccountState::frozen, Outcome::account_frozen);
}

void Auditor::receives(const Place& place) {
  Place judged = place;
  if (is_wallet(place) && !now_.balances.contains(place)) judged.slot = 0;  // a pocket to be
  against(!now_.balances.contains(judged), Outcome::unknown_account);
  const auto state = now_.states.find(judged);
  against(state != now_.states.end() && state->second == AccountState::closed,
          Outcome::account_closed);
}

void Auditor::move(const Place& place, Money change) {
  moved_[place] += change;
  against(change > most || change < least, Outcome::overflow);
}

void Auditor::judge_balances() {
  for (const auto& [place, change] : moved_) {
    const auto held = now_.balances.find(place);
    const Money after = (held == now_.balances.end() ? 0 : held->second) + change;
    against(after > most || after < least, Outcome::overflow);
    const bool may_owe = place.kind == AccountKind::cash || place.kind == AccountKind::adjustments;
    against(after < 0 && !may_owe, Outcome::insufficient_funds);
    against(after > 0 && place.kind == AccountKind::cash, Outcome::insufficient_cash);
  }
}

void Auditor::open(const Command& c) {
  form(!c.bad_form);
  bool all_there = true;
  for (int currency = 0; currency < currencies_kept; ++currency) {
    all_there = all_there && now_.balances.contains(wallet(c.home, currency));
    then_.push_back([this, place = wallet(c.home, currency)] { now_.balances[place] += 0; });
  }
  const auto name = now_.names.find(c.home);
  against(all_there && name != now_.names.end() && name->second == c.content && !c.bad_form,
          Outcome::repeated);
  then_.push_back([this, &c] { now_.names[c.home] = c.content; });
}

void Auditor::offer(const Command& c) {
  if (const auto known = now_.offers.find(c.offer); known != now_.offers.end()) {
    const Offer& terms = known->second;
    const bool same = terms.seller == c.home && terms.price == c.minor &&
                      terms.currency == c.currency && terms.homes == c.homes;
    against(true, same ? Outcome::repeated : Outcome::idempotency_mismatch);
  }
  form(c.homes >= 1 && c.homes <= 16);
  amount(c.minor >= 0);
  kept(c.currency);
  receives(wallet(c.home, c.currency));
  const auto [points, fixed] = now_.fees[c.currency];
  // floor(price x basis points / 10,000) + the fixed part, at most the price
  const Money fee = Money(c.minor) * points / 10'000 + fixed;
  const Offer terms{c.home, c.currency, c.minor,
                    static_cast<std::int64_t>(fee > c.minor ? Money(c.minor) : fee), c.homes};
  then_.push_back([this, &c, terms] { now_.offers[c.offer] = terms; });
}

void Auditor::deposit(const Command& c) {
  asked(numbers(c.account, 1, c.minor, c.id, c.content, c.bad_form), {}, Outcome::repeated);
  form(!c.bad_form && is_wallet(c.account));
  amount(c.minor > 0);
  kept(c.account.currency);
  receives(c.account);
  move(c.account, c.minor);
  move(own(AccountKind::cash, c.account.currency), -Money(c.minor));
}

void Auditor::withdraw(const Command& c) {
  asked(numbers(c.account, 2, c.minor, c.id, c.content, c.bad_form), {}, Outcome::repeated);
  form(!c.bad_form && (is_wallet(c.account) || c.account.kind == AccountKind::fees));
  amount(c.minor > 0);
  pays(c.account);
  move(c.account, -Money(c.minor));
  move(own(AccountKind::cash, c.account.currency), c.minor);
}

void Auditor::within_limits(const Command& c, const Offer& offer, Money total) {
  const auto known = now_.limited.find({c.home, offer.currency});
  if (known == now_.limited.end()) return;
  Limited spent = known->second;
  const std::string day = date_of(c.at_ms), month = day.substr(0, 7);
  if (spent.day != day) spent.on_day = 0;
  if (spent.month != month) spent.in_month = 0;
  spent.day = day, spent.month = month;
  spent.on_day = std::min(spent.on_day + total, most);
  spent.in_month = std::min(spent.in_month + total, most);
  const Limits& limits = spent.limits;
  against(limits.per_purchase > 0 && total > limits.per_purchase, Outcome::purchase_limit);
  against(limits.per_day > 0 && spent.on_day > limits.per_day, Outcome::day_limit);
  against(limits.per_month > 0 && spent.in_month > limits.per_month, Outcome::month_limit);
  then_.push_back([this, at = known->first, spent] { now_.limited[at] = spent; });
}

void Auditor::purchase(const Command& c) {
  asked({3, c.id}, {c.content}, Outcome::idempotency_mismatch);
  form(c.vouchers >= 1 && c.vouchers <= 16 && c.pocket <= 99);
  const auto offer = now_.offers.find(c.offer);
  if (offer == now_.offers.end()) return against(true, Outcome::unknown_offer);
  const Offer& terms = offer->second;
  const Money total = Money(terms.price) * c.vouchers;
  const Place held = escrow(c.offer, c.epoch, terms.currency);
  pays(wallet(c.home, terms.currency, c.pocket));
  receives(wallet(terms.seller, terms.currency));
  within_limits(c, terms, total);
  move(wallet(c.home, terms.currency, c.pocket), -total);
  move(held, total);
  then_.push_back([this, &c, held] { now_.escrows[held].bought += c.vouchers; });
}

const Auditor::Offer* Auditor::voucher(const Command& c) {
  asked({4, c.id}, {static_cast<std::int64_t>(c.kind), c.content}, Outcome::voucher_spent);
  const auto offer = now_.offers.find(c.offer);
  if (offer == now_.offers.end()) {
    against(true, Outcome::unknown_offer);
    return nullptr;
  }
  const auto held = now_.escrows.find(escrow(c.offer, c.epoch, offer->second.currency));
  if (held == now_.escrows.end() || held->second.outstanding() == 0) {
    against(true, Outcome::nothing_outstanding);
    return nullptr;
  }
  return &offer->second;
}

void Auditor::share(const Command& c, const Redeemed& before) {
  const auto& known = before.contents;
  if (c.content == known.front()) return against(true, Outcome::repeated);
  const bool is_this = before.offer == c.offer && before.epoch == c.epoch;
  if (is_this && std::find(known.begin(), known.end(), c.content) != known.end())
    return against(true, Outcome::repeated);
  const auto homes = is_this ? static_cast<std::size_t>(now_.offers.at(c.offer).homes) : 0;
  against(known.size() >= homes, Outcome::voucher_spent);
  then_.push_back([this, &c] { now_.redeemed.at(c.id).contents.push_back(c.content); });
}

void Auditor::redeem(const Command& c) {
  if (const auto known = now_.redeemed.find(c.id); known != now_.redeemed.end())
    return share(c, known->second);
  const Offer* terms = voucher(c);
  if (!terms) return;
  const Place held = escrow(c.offer, c.epoch, terms->currency);
  receives(wallet(terms->seller, terms->currency));
  move(held, -Money(terms->price));
  move(wallet(terms->seller, terms->currency), Money(terms->price) - terms->fee);
  if (terms->fee > 0) move(own(AccountKind::fees, terms->currency), terms->fee);
  then_.push_back([this, &c, held] {
    ++now_.escrows[held].redeemed;
    now_.redeemed[c.id] = {c.offer, c.epoch, {c.content}};
  });
}

void Auditor::refund(const Command& c) {
  form(is_wallet(c.account));
  const Offer* terms = voucher(c);
  if (!terms) return;
  const Place held = escrow(c.offer, c.epoch, terms->currency);
  against(c.account.currency != terms->currency, Outcome::unknown_account);
  receives(c.account);
  move(held, -Money(terms->price));
  move(c.account, terms->price);
  then_.push_back([this, held] { ++now_.escrows[held].refunded; });
}

void Auditor::exchange(const Command& c) {
  const Offer* terms = voucher(c);
  if (!terms) return;
  const Place held = escrow(c.offer, c.epoch, terms->currency);
  const Place fresh = escrow(c.offer, c.fresh_epoch, terms->currency);
  move(held, -Money(terms->price));
  move(fresh, terms->price);
  then_.push_back([this, held, fresh] {
    ++now_.escrows[held].exchanged;
    ++now_.escrows[fresh].fresh;
  });
}

void Auditor::adjust(const Command& c) {
  asked({5, c.id}, numbers(c.account, c.minor, c.content, c.bad_form),
        Outcome::idempotency_mismatch);
  form(!c.bad_form && c.account.kind != AccountKind::adjustments);
  amount(c.minor != 0);
  kept(c.account.currency);
  if (is_wallet(c.account)) receives(c.account);
  move(c.account, c.minor);
  move(own(AccountKind::adjustments, c.account.currency), -Money(c.minor));
}

void Auditor::transfer(const Command& c) {
  asked({6, c.id}, {c.content}, Outcome::idempotency_mismatch);
  form(c.pocket <= 99 && c.other <= 99 && c.pocket != c.other);
  amount(c.minor > 0);
  pays(wallet(c.home, c.currency, c.pocket));
  receives(wallet(c.home, c.currency, c.other));
  move(wallet(c.home, c.currency, c.pocket), -Money(c.minor));
  move(wallet(c.home, c.currency, c.other), c.minor);
}

void Auditor::state(const Command& c) {
  in_force(numbers(c.account, 1), {static_cast<std::int64_t>(c.state)});
  form(!c.bad_form && is_wallet(c.account));
  const auto held = now_.balances.find(c.account);
  against(held == now_.balances.end(), Outcome::unknown_account);
  against(c.state == AccountState::closed && held != now_.balances.end() && held->second != 0,
          Outcome::account_not_empty);
  then_.push_back([this, &c] { now_.states[c.account] = c.state; });
}

void Auditor::limits(const Command& c) {
  const Limits& set = c.limits;
  in_force({2, c.home, c.currency}, {set.per_purchase, set.per_day, set.per_month});
  form(!c.bad_form);
  amount(set.per_purchase >= 0 && set.per_day >= 0 && set.per_month >= 0);
  kept(c.currency);
  against(!now_.balances.contains(wallet(c.home, c.currency)), Outcome::unknown_account);
  then_.push_back([this, &c] { now_.limited[{c.home, c.currency}].limits = c.limits; });
}

void Auditor::fees(const Command& c) {
  in_force({3, c.currency}, {c.basis_points, c.minor});
  form(!c.bad_form);
  amount(c.basis_points >= 0 && c.basis_points <= 10'000 && c.minor >= 0);
  kept(c.currency);
  then_.push_back([this, &c] { now_.fees[c.currency] = {c.basis_points, c.minor}; });
}

void Auditor::epoch(const Command& c) {
  asked({7, static_cast<std::int64_t>(c.epoch)}, {c.content}, Outcome::idempotency_mismatch);
  against(c.epoch == 0 || c.epoch <= now_.last_epoch, Outcome::epoch_refused);
  then_.push_back([this, &c] { now_.last_epoch = c.epoch; });
}

std::optional<std::string> Auditor::broken() const {
  std::map<int, Money> sums;
  for (const auto& [place, balance] : now_.balances) {
    sums[place.currency] += balance;
    const bool may_owe = place.kind == AccountKind::cash || place.kind == AccountKind::adjustments;
    if (balance < 0 && !may_owe) return text(place) + " is below zero";
    if (balance > 0 && place.kind == AccountKind::cash) return text(place) + " is above zero";
  }
  for (const auto& [currency, sum] : sums)
    if (sum != 0) return std::string("money in ") + currency_codes[currency] + " is not conserved";
  for (const auto& [place, counts] : now_.escrows)
    if (Money(now_.offers.at(place.owner).price) * counts.outstanding() != now_.balances.at(place))
      return text(place) + " is not price times outstanding vouchers";
  return std::nullopt;
}

}  // namespace hearth::ledger::model
