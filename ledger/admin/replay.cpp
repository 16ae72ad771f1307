#include "ledger/admin/replay.h"

#include <algorithm>

namespace hearth::ledger {
namespace {

/// What a record of this kind must post, as account → sum. Zero sums may be left out.
using Expected = std::map<AccountId, __int128>;

bool posts_exactly(const Postings& postings, const Expected& expected) {
  Expected left = expected;
  for (const Posting& posting : postings) left[posting.account] -= posting.delta;
  return std::all_of(left.begin(), left.end(), [](const auto& pair) { return pair.second == 0; });
}

/// The row of an answer must belong to this very record.
std::string compare_answer(const std::optional<books::AnswerRow>& row, const Record& record,
                           const crypto::Sha256Digest& hash, const char* what) {
  if (!row) return std::string(what) + " is missing";
  if (row->index != record.index)
    return std::string(what) + " belongs to record " + std::to_string(row->index);
  if (row->request_hash != hash) return std::string(what) + " names another request";
  if (row->answer.empty()) return std::string(what) + " is empty";
  return {};
}

}  // namespace

Result<std::optional<Difference>> Replay::next(ByteView stored) {
  const std::uint64_t index = tree_.size();
  const auto differs = [index](std::string what) {
    return std::optional(Difference{index, std::move(what)});
  };
  const auto split = split_stored(stored);
  if (!split) return differs("the record is too short");
  if (commitment_of(split->salt, split->record) != split->commitment)
    return differs("the record's bytes do not match the commitment made when it was written");
  const auto record = decode_record(split->record);
  if (!record) return differs("the record cannot be read");
  if (record->index != index)
    return differs("the record says that it is record " + std::to_string(record->index));
  tree_.append(leaf_hash(split->commitment));
  auto what = check(*record);
  if (!what) return pass_on(what.error());
  if (!what->empty()) return differs(std::move(*what));
  return std::optional<Difference>();
}

Result<std::string> Replay::check(const Record& record) {
  if (record.index == 0 && !std::holds_alternative<CurrenciesKept>(record.what))
    return std::string("the first record does not say which currencies the books keep");
  if (auto broken = sum_postings(record); !broken.empty()) return broken;
  auto kind = std::visit([&](const auto& what) { return check_kind(record, what); }, record.what);
  if (!kind || !kind->empty()) return kind;
  for (const Posting& posting : record.postings) {
    const auto& [account, last_index] = accounts_.at(posting.account);
    const bool is_cash = posting.account.kind() == AccountKind::cash;
    if (is_cash ? account.balance > 0 : account.balance < 0)
      return "account " + posting.account.text() + " is on the wrong side of zero";
    if (posting.account.kind() != AccountKind::escrow) continue;
    const auto offer = offers_.find(posting.account.offer());
    if (offer == offers_.end()) return "account " + posting.account.text() + " has no offer";
    const __int128 due =
        static_cast<__int128>(account.bought - account.redeemed) * offer->second.price.minor;
    if (account.redeemed > account.bought || due != account.balance)
      return "account " + posting.account.text() + " is not price times outstanding vouchers";
  }
  return check_entries(record);
}

std::string Replay::sum_postings(const Record& record) {
  std::map<money::Currency, __int128> sums;
  for (const Posting& posting : record.postings) {
    if (posting.account.kind() == AccountKind::wallet && !accounts_.contains(posting.account))
      return "account " + posting.account.text() + " was never opened";
    auto& [account, last_index] = accounts_[posting.account];
    const auto balance = money::checked_add(account.balance, posting.delta);
    if (!balance) return "account " + posting.account.text() + " overflows";
    account.balance = *balance;
    last_index = record.index;
    sums[posting.account.currency()] += posting.delta;
  }
  for (const auto& [currency, sum] : sums)
    if (sum != 0) return "its postings in " + std::string(currency.code()) + " do not sum to zero";
  return {};
}

Result<std::string> Replay::check_kind(const Record& record, const CurrenciesKept& what) {
  if (record.postings.size() != 0) return std::string("a record of currencies posts money");
  currencies_ = what.currencies;
  return std::string();
}

Result<std::string> Replay::check_kind(const Record& record, const HomeOpened& what) {
  if (record.postings.size() != 0) return std::string("a record of a home posts money");
  for (const auto& currency : what.wallets) {
    const auto [wallet, fresh] =
        accounts_.try_emplace(AccountId::wallet(what.home, currency), ReplayedAccount{});
    if (!fresh) return "account " + wallet->first.text() + " is opened a second time";
    wallet->second.last_index = record.index;
  }
  const auto [home, fresh] = homes_.try_emplace(what.home, books::HomeRow{record.index, what.name});
  if (!fresh) home->second.name = what.name;
  return std::string();
}

Result<std::string> Replay::check_kind(const Record& record, const OfferRegistered& what) {
  const OfferTerms& terms = what.terms;
  if (record.postings.size() != 0) return std::string("a record of an offer posts money");
  if (terms.price.minor < 0 || terms.fee_minor < 0 || terms.fee_minor > terms.price.minor)
    return std::string("the offer's price or fee is outside the limits");
  if (!accounts_.contains(AccountId::wallet(terms.seller, terms.price.currency)))
    return std::string("the offer's seller has no wallet");
  if (!offers_.emplace(terms.offer, terms).second)
    return std::string("the offer is registered a second time");
  const auto row = books_.offer(terms.offer);
  if (!row) return pass_on(row.error());
  if (!*row) return std::string("the stored offer is missing");
  if ((*row)->index != record.index || (*row)->terms != terms)
    return std::string("the stored offer has other terms");
  return std::string();
}

Result<std::string> Replay::check_kind(const Record& record, const Deposited& what) {
  ++counts_.deposits;
  const AccountId wallet = AccountId::wallet(what.home, what.amount.currency);
  if (!homes_.contains(what.home)) return std::string("the deposit is for an unknown home");
  if (what.amount.minor <= 0) return std::string("the deposit is not above zero");
  if (!posts_exactly(record.postings, {{AccountId::cash(what.amount.currency), -what.amount.minor},
                                       {wallet, what.amount.minor}}))
    return std::string("the postings are not those of this deposit");
  const auto row = books_.deposit(what.home, what.amount, what.reference);
  if (!row) return pass_on(row.error());
  if (!*row) return std::string("the stored answer of the deposit is missing");
  if ((*row)->index != record.index ||
      (*row)->balance_after != accounts_.at(wallet).account.balance)
    return std::string("the stored answer of the deposit differs");
  return std::string();
}

Result<std::string> Replay::check_kind(const Record& record, const Purchased& what) {
  ++counts_.purchases;
  const auto offer = offers_.find(what.offer);
  if (offer == offers_.end()) return std::string("the purchase is of an unknown offer");
  if (!homes_.contains(what.home)) return std::string("the purchase is of an unknown home");
  if (what.vouchers < 1) return std::string("the purchase is of no voucher");
  const money::Amount& price = offer->second.price;
  const AccountId escrow = AccountId::escrow(what.offer, what.epoch, price.currency);
  const __int128 total = static_cast<__int128>(price.minor) * what.vouchers;
  if (!posts_exactly(record.postings,
                     {{AccountId::wallet(what.home, price.currency), -total}, {escrow, total}}))
    return std::string("the postings are not those of this purchase");
  accounts_[escrow].account.bought += static_cast<std::uint64_t>(what.vouchers);
  const auto row = books_.purchase(what.request_id);
  if (!row) return pass_on(row.error());
  return compare_answer(*row, record, what.request_hash, "the stored receipt");
}

Result<std::string> Replay::check_kind(const Record& record, const Redeemed& what) {
  ++counts_.redemptions;
  const auto offer = offers_.find(what.offer);
  if (offer == offers_.end()) return std::string("the redemption is of an unknown offer");
  const OfferTerms& terms = offer->second;
  const AccountId escrow = AccountId::escrow(what.offer, what.epoch, terms.price.currency);
  if (!posts_exactly(record.postings, {{escrow, -terms.price.minor},
                                       {AccountId::wallet(terms.seller, terms.price.currency),
                                        terms.price.minor - terms.fee_minor},
                                       {AccountId::fees(terms.price.currency), terms.fee_minor}}))
    return std::string("the postings are not those of this redemption");
  accounts_[escrow].account.redeemed += 1;
  const auto row = books_.redemption(what.voucher);
  if (!row) return pass_on(row.error());
  return compare_answer(*row, record, what.request_hash, "the spent voucher");
}

Result<std::string> Replay::check_entries(const Record& record) {
  for (const Posting& posting : record.postings) {
    const auto entry = books_.has_entry(posting.account, record.index);
    if (!entry) return pass_on(entry.error());
    if (!*entry) return "account " + posting.account.text() + " does not list this record";
    ++counts_.entries;
  }
  return std::string();
}

}  // namespace hearth::ledger
