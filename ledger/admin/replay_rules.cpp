// The rules of docs/accounting.md §2 to §7 once more, record by record, written apart from
// ledger/machine on purpose. Do not share code between them.
#include <algorithm>
#include <chrono>
#include <limits>

#include "ledger/admin/replay.h"

namespace hearth::ledger {
namespace {

/// Sums to accounts that a record must post, none twice.
using Expected = std::initializer_list<std::pair<AccountId, __int128>>;

/// The same sums to the same accounts. An account that gets nothing may be left out.
bool posts_exactly(const Postings& postings, Expected expected) {
  const auto posted_to = [&postings](const AccountId& account) {
    __int128 sum = 0;
    for (const Posting& posting : postings)
      if (posting.account == account) sum += posting.delta;
    return sum;
  };
  const auto is_expected = [&expected](const Posting& posting) {
    return std::any_of(expected.begin(), expected.end(),
                       [&](const auto& one) { return one.first == posting.account; });
  };
  return std::all_of(postings.begin(), postings.end(), is_expected) &&
         std::all_of(expected.begin(), expected.end(),
                     [&](const auto& one) { return posted_to(one.first) == one.second; });
}

std::string first_broken(std::initializer_list<std::string> sentences) {
  for (const std::string& sentence : sentences)
    if (!sentence.empty()) return sentence;
  return {};
}

struct CalendarDay {
  std::int64_t day, month;  ///< since 1970-01-01, UTC
};
CalendarDay calendar_day(UtcMs at_ms) {
  using namespace std::chrono;
  const sys_days day = floor<days>(sys_time<milliseconds>(milliseconds(at_ms)));
  const year_month_day date(day);
  return {day.time_since_epoch().count(),
          (static_cast<int>(date.year()) - 1970) * 12LL + static_cast<unsigned>(date.month()) - 1};
}

}  // namespace

Replay::Broken Replay::check_kind(const Record& record, const CurrenciesKept& what) {
  if (record.postings.size() != 0) return "a record of currencies posts money";
  currencies_ = what.currencies;
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const HomeOpened& what) {
  if (record.postings.size() != 0) return "a record of a home posts money";
  for (const auto& currency : what.wallets) {
    const AccountId id = AccountId::wallet(what.home, currency);
    if (!keeps(currency)) return "account " + id.text() + " is in a currency that is not kept";
    const auto [wallet, fresh] = accounts_.try_emplace(id);
    if (!fresh) return "account " + id.text() + " is opened a second time";
    wallet->value.last_index = record.index;
  }
  Home& home = homes_.try_emplace(what.home.key, Home{record.index, 0, {}, false}).first->value;
  home.last_index = record.index;
  home.name = what.name;
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const OfferRegistered& what) {
  const OfferTerms& terms = what.terms;
  if (record.postings.size() != 0) return "a record of an offer posts money";
  if (terms.price.minor < 0) return "the offer's price is below zero";
  if (terms.homes < 1 || terms.homes > 16) return "the offer's vouchers are for no number of homes";
  if (!keeps(terms.price.currency)) return "the offer is in a currency that is not kept";
  if (auto broken = receives(AccountId::wallet(terms.seller, terms.price.currency));
      !broken.empty())
    return broken;
  const auto set = fees_.find(terms.price.currency);
  const Fees fees = set == fees_.end() ? Fees{} : set->second;
  __int128 fee = static_cast<__int128>(terms.price.minor) * fees.basis_points / 10'000;
  fee = std::min<__int128>(fee + fees.fixed, terms.price.minor);
  if (fee != terms.fee_minor) return "the offer's fee is not the one in force";
  if (!offers_.try_emplace(terms.offer, Offer{record.index, terms, false}).second)
    return "the offer is registered a second time";
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const Deposited& what) {
  ++counts_.deposits;
  if (what.account.kind() != AccountKind::wallet) return "the deposit is not to a wallet";
  if (what.minor <= 0) return "the deposit is not above zero";
  const money::Currency currency = what.account.currency();
  if (!keeps(currency)) return "the deposit is in a currency that is not kept";
  if (auto broken =
          first_broken({receives(what.account), sum_postings(record), check_balances(record)});
      !broken.empty())
    return broken;
  if (!posts_exactly(record.postings,
                     {{AccountId::cash(currency), -static_cast<__int128>(what.minor)},
                      {what.account, what.minor}}))
    return "the postings are not those of this deposit";
  expect(record, "the stored answer of the deposit",
         books::booking_key(books::deposits, what.account, what.minor, what.reference),
         books::encode(books::BookingRow{record.index, balance(what.account)}));
  expect_waypoints(record);
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const Withdrawn& what) {
  const AccountKind kind = what.account.kind();
  if (kind != AccountKind::wallet && kind != AccountKind::fees)
    return "the withdrawal is neither from a wallet nor from the fees";
  if (what.minor <= 0) return "the withdrawal is not above zero";
  if (auto broken =
          first_broken({pays(what.account), sum_postings(record), check_balances(record)});
      !broken.empty())
    return broken;
  if (!posts_exactly(record.postings, {{AccountId::cash(what.account.currency()), what.minor},
                                       {what.account, -static_cast<__int128>(what.minor)}}))
    return "the postings are not those of this withdrawal";
  expect(record, "the stored answer of the withdrawal",
         books::booking_key(books::withdrawals, what.account, what.minor, what.reference),
         books::encode(books::BookingRow{record.index, balance(what.account)}));
  expect_waypoints(record);
  return {};
}

Replay::Broken Replay::check_limits(const Record& record, const AccountId& main_wallet,
                                    __int128 total) {
  const auto found = spent_.find(main_wallet);
  if (found == spent_.end()) return {};
  Spent& spent = found->second;
  const auto [day, month] = calendar_day(record.at_ms);
  if (day > spent.day) spent.day = day, spent.on_day = 0;
  if (month > spent.month) spent.month = month, spent.in_month = 0;
  constexpr __int128 most = std::numeric_limits<std::int64_t>::max();
  spent.on_day = static_cast<std::int64_t>(std::min(spent.on_day + total, most));
  spent.in_month = static_cast<std::int64_t>(std::min(spent.in_month + total, most));
  const Limits& limits = limits_.at(main_wallet);
  if (limits.per_purchase > 0 && total > limits.per_purchase)
    return "the purchase is above the home's limit for one";
  if (limits.per_day > 0 && spent.on_day > limits.per_day)
    return "the purchase is above the home's limit for a day";
  if (limits.per_month > 0 && spent.in_month > limits.per_month)
    return "the purchase is above the home's limit for a month";
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const Purchased& what) {
  ++counts_.purchases;
  const auto offer = offers_.find(what.offer);
  if (offer == offers_.end()) return "the purchase is of an unknown offer";
  if (what.vouchers < 1 || what.vouchers > 16) return "the purchase is not of 1 to 16 vouchers";
  const OfferTerms& terms = offer->second.terms;
  const money::Currency& currency = terms.price.currency;
  const AccountId wallet = AccountId::wallet(what.home, currency, what.pocket);
  const AccountId escrow = AccountId::escrow(what.offer, what.epoch, currency);
  const __int128 total = static_cast<__int128>(terms.price.minor) * what.vouchers;
  if (auto broken =
          first_broken({pays(wallet), receives(AccountId::wallet(terms.seller, currency)),
                        check_limits(record, AccountId::wallet(what.home, currency), total)});
      !broken.empty())
    return broken;
  counts_of(escrow).bought += static_cast<std::uint64_t>(what.vouchers);
  if (auto broken = sum_postings(record); !broken.empty()) return broken;
  if (!posts_exactly(record.postings, {{wallet, -total}, {escrow, total}}))
    return "the postings are not those of this purchase";
  if (auto broken = check_balances(record); !broken.empty()) return broken;
  expect(record, "the stored receipt", books::key(books::requests, what.request_id),
         books::encode(books::RequestRow{record.index}));
  expect_waypoints(record);
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const Redeemed& what) {
  ++counts_.redemptions;
  const auto offer = offers_.find(what.offer);
  if (offer == offers_.end()) return "the redemption is of an unknown offer";
  const OfferTerms& terms = offer->second.terms;
  const money::Currency& currency = terms.price.currency;
  const AccountId escrow = AccountId::escrow(what.offer, what.epoch, currency);
  const AccountId seller = AccountId::wallet(terms.seller, currency);
  if (auto broken = receives(seller); !broken.empty()) return broken;
  counts_of(escrow).redeemed += 1;
  if (auto broken = sum_postings(record); !broken.empty()) return broken;
  if (!posts_exactly(record.postings, {{escrow, -terms.price.minor},
                                       {seller, terms.price.minor - terms.fee_minor},
                                       {AccountId::fees(currency), terms.fee_minor}}))
    return "the postings are not those of this redemption";
  if (auto broken = check_balances(record); !broken.empty()) return broken;
  expect(record, "the spent voucher", books::key(books::spent, what.voucher),
         books::encode(books::SpentRow{VoucherEnd::redeemed, record.index, what.request_hash, {}}));
  if (terms.homes > 1) redeemed_by_[what.voucher] = {what.offer, what.epoch, 1};
  expect_waypoints(record);
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const Shared& what) {
  if (record.postings.size() != 0) return "a record of a further home's redemption posts money";
  const auto found = redeemed_by_.find(what.voucher);
  if (found == redeemed_by_.end() || found->second.offer != what.offer ||
      found->second.epoch != what.epoch)
    return "the voucher that a further home redeems was redeemed by none before";
  if (what.number != ++found->second.homes) return "the homes that redeem a voucher have a gap";
  if (what.number > offers_.at(what.offer).terms.homes)
    return "more homes redeem a voucher than it is good for";
  expect(record, "the further home's redemption", books::share_key(what.voucher, what.number),
         books::encode(books::SpentRow{VoucherEnd::redeemed, record.index, what.request_hash, {}}));
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const Refunded& what) {
  const auto offer = offers_.find(what.offer);
  if (offer == offers_.end()) return "the refund is of an unknown offer";
  const OfferTerms& terms = offer->second.terms;
  const AccountId escrow = AccountId::escrow(what.offer, what.epoch, terms.price.currency);
  if (what.credited.kind() != AccountKind::wallet) return "the refund is not to a wallet";
  if (auto broken = receives(what.credited); !broken.empty()) return broken;
  counts_of(escrow).refunded += 1;
  if (auto broken = sum_postings(record); !broken.empty()) return broken;
  if (!posts_exactly(record.postings,
                     {{escrow, -terms.price.minor}, {what.credited, terms.price.minor}}))
    return "the postings are not those of this refund";
  if (auto broken = check_balances(record); !broken.empty()) return broken;
  expect(record, "the spent voucher", books::key(books::spent, what.voucher),
         books::encode(books::SpentRow{VoucherEnd::refunded, record.index, what.request_hash, {}}));
  expect_waypoints(record);
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const Exchanged& what) {
  const auto offer = offers_.find(what.offer);
  if (offer == offers_.end()) return "the exchange is of an unknown offer";
  const OfferTerms& terms = offer->second.terms;
  const AccountId given = AccountId::escrow(what.offer, what.epoch, terms.price.currency);
  const AccountId fresh = AccountId::escrow(what.offer, what.fresh_epoch, terms.price.currency);
  counts_of(given).exchanged += 1;
  counts_of(fresh).fresh += 1;
  if (auto broken = sum_postings(record); !broken.empty()) return broken;
  const bool moved = given == fresh ? posts_exactly(record.postings, {{given, 0}})
                                    : posts_exactly(record.postings, {{given, -terms.price.minor},
                                                                      {fresh, terms.price.minor}});
  if (!moved) return "the postings are not those of this exchange";
  if (auto broken = check_balances(record); !broken.empty()) return broken;
  expect(
      record, "the spent voucher", books::key(books::spent, what.voucher),
      books::encode(books::SpentRow{VoucherEnd::exchanged, record.index, what.request_hash, {}}));
  expect_waypoints(record);
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const Adjusted& what) {
  const AccountKind kind = what.account.kind();
  if (kind == AccountKind::escrow || kind == AccountKind::adjustments)
    return "the adjustment is of an account that has none";
  if (what.minor == 0) return "the adjustment is of nothing";
  const money::Currency currency = what.account.currency();
  if (!keeps(currency)) return "the adjustment is in a currency that is not kept";
  if (kind == AccountKind::wallet)
    if (auto broken = receives(what.account); !broken.empty()) return broken;
  if (auto broken = first_broken({sum_postings(record), check_balances(record)}); !broken.empty())
    return broken;
  if (!posts_exactly(record.postings,
                     {{AccountId::adjustments(currency), -static_cast<__int128>(what.minor)},
                      {what.account, what.minor}}))
    return "the postings are not those of this adjustment";
  AdjustCommand command;
  command.account = what.account, command.minor = what.minor, command.reason = what.reason;
  expect(record, "the stored answer of the adjustment", books::key(books::adjustments, what.id),
         books::encode(books::AdjustmentRow{record.index, books::content_of(command),
                                            balance(what.account)}));
  expect_waypoints(record);
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const Transferred& what) {
  if (what.amount.minor <= 0) return "the transfer is not above zero";
  if (what.from_pocket == what.to_pocket) return "the transfer is from a pocket to itself";
  const AccountId from = AccountId::wallet(what.home, what.amount.currency, what.from_pocket);
  const AccountId to = AccountId::wallet(what.home, what.amount.currency, what.to_pocket);
  if (auto broken =
          first_broken({pays(from), receives(to), sum_postings(record), check_balances(record)});
      !broken.empty())
    return broken;
  if (!posts_exactly(record.postings,
                     {{from, -static_cast<__int128>(what.amount.minor)}, {to, what.amount.minor}}))
    return "the postings are not those of this transfer";
  expect(record, "the stored answer of the transfer", books::key(books::requests, what.request_id),
         books::encode(books::RequestRow{record.index}));
  expect_waypoints(record);
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const AccountStateSet& what) {
  if (record.postings.size() != 0) return "a record of an account's state posts money";
  auto* const found = accounts_.find(what.account);
  if (!found || what.account.kind() != AccountKind::wallet)
    return "account " + what.account.text() + " was never opened";
  Held& held = found->value;
  if (what.state == AccountState::closed && held.account.balance != 0)
    return "account " + what.account.text() + " is closed with money in it";
  held.account.state = what.state;
  held.last_index = record.index;
  set_in_force(record, books::key(books::states, what.account.raw()),
               books::encode(books::StateRow{record.index, what.state}));
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const LimitsSet& what) {
  if (record.postings.size() != 0) return "a record of limits posts money";
  const AccountId main_wallet = AccountId::wallet(what.home, what.currency);
  if (!held(main_wallet)) return "account " + main_wallet.text() + " was never opened";
  if (what.limits.per_purchase < 0 || what.limits.per_day < 0 || what.limits.per_month < 0)
    return "a limit is below zero";
  limits_[main_wallet] = what.limits;
  spent_.try_emplace(main_wallet);
  set_in_force(record, books::key(books::limits, main_wallet.raw()),
               books::encode(books::LimitsRow{record.index, what.limits}));
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const FeesSet& what) {
  if (record.postings.size() != 0) return "a record of fees posts money";
  if (what.fees.basis_points < 0 || what.fees.basis_points > 10'000 || what.fees.fixed < 0)
    return "the fees are outside the limits";
  fees_[what.currency] = what.fees;
  set_in_force(record, books::fees_key(what.currency),
               books::encode(books::FeesRow{record.index, what.fees}));
  return {};
}

Replay::Broken Replay::check_kind(const Record& record, const EpochBegun& what) {
  if (record.postings.size() != 0) return "a record of an epoch posts money";
  if (what.epoch <= last_epoch_) return "the epoch is not above the one before it";
  last_epoch_ = what.epoch;
  set_in_force(record, books::epoch_key(what.epoch),
               books::encode(books::EpochRow{record.index, what.key, what.from_ms}));
  return {};
}

}  // namespace hearth::ledger
