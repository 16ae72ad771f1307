// The rules of the books: which command moves which money, and which is refused. Pure: no clock,
// no I/O, no threads. Balances of every account are in memory; what the machine cannot know from
// them (was this request or voucher seen before?) the caller tells it as `Seen`.
//
// A batch of commands works on the state with a way back (overlay.h), and is sealed when it is
// complete. When its records are on disk the caller merges it; when they could not be written it
// drops it and all that rested on it, and nothing happened.
//
// Each command posts amounts that sum to zero. A balance is what the ledger owes (credit is
// positive), so cash stands below zero by what the operator holds. docs/accounting.md §2, §3.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "ledger/machine/balances.h"
#include "ledger/machine/limits.h"
#include "ledger/machine/outcome.h"
#include "ledger/machine/overlay.h"

namespace hearth::ledger {

/// Whether the caller has an answer stored under the command's id.
enum class Seen { fresh, same, other };

using Accounts = Overlay<AccountId, Account, AccountHash>;

struct Verdict {
  Outcome outcome = Outcome::applied;
  Postings postings;               ///< applied only
  std::int64_t balance_after = 0;  ///< of the account of the command; applied only
  std::array<std::int64_t, Postings::limit> after{};    ///< balances of the postings' accounts
  std::array<Accounts::Place, Postings::limit> held{};  ///< where they are; nullptr: new ones
};

class Machine {
 public:
  using Offers = Overlay<OfferId, OfferTerms, DigestHash>;
  struct Spending {
    Limits limits;
    Spent spent;
    bool operator==(const Spending&) const = default;
  };
  /// By the home's main wallet in the currency; only homes that limits were ever set for.
  using Spendings = Overlay<AccountId, Spending, AccountHash>;

  explicit Machine(std::vector<money::Currency> currencies);

  /// Merged state, as it comes from the store. Before any command.
  void load_account(const AccountId& id, const Account& account);
  void load_offer(const OfferTerms& terms);
  void load_spending(const AccountId& main_wallet, const Spending& spending);
  void load_fees(const money::Currency& currency, const Fees& fees);
  void load_epoch(std::uint32_t epoch);

  /// Opens the home's missing wallets into `opened`. `seen`: same: the home is known by this name;
  /// other: by another, which the new one replaces.
  Verdict open(const OpenCommand& command, Seen seen, std::vector<money::Currency>& opened);
  /// The fee is fixed here: offer(id)->fee_minor afterwards.
  Verdict register_offer(const OfferCommand& command);
  Verdict deposit(const DepositCommand& command, Seen seen);
  Verdict withdraw(const WithdrawCommand& command, Seen seen);
  Verdict purchase(const PurchaseCommand& command, Seen seen);
  Verdict redeem(const RedeemCommand& command, Seen seen);
  /// A redemption of a voucher that `before` homes have redeemed: moves no money.
  Verdict share(const RedeemCommand& command, Seen seen, std::int64_t before);
  Verdict refund(const RefundCommand& command, Seen seen);
  Verdict exchange(const ExchangeCommand& command, Seen seen);
  Verdict adjust(const AdjustCommand& command, Seen seen);
  Verdict transfer(const TransferCommand& command, Seen seen);
  /// Of these three, `seen` is same when exactly this was set last and is in force.
  Verdict set_state(const AccountStateCommand& command, Seen seen);
  Verdict set_limits(const LimitsCommand& command, Seen seen);
  Verdict set_fees(const FeesCommand& command, Seen seen);
  Verdict begin_epoch(const EpochCommand& command, Seen seen);

  /// The verdict's postings stand in record `index` of the journal now; what that is for their
  /// accounts.
  struct Entered {
    std::uint64_t number = 0;    ///< of the account's entries, from 1
    std::uint64_t previous = 0;  ///< index of the one before; 0: none
  };
  std::array<Entered, Postings::limit> enter(const Verdict& verdict, std::uint64_t index);

  /// What has to be written with the batch.
  const std::vector<Accounts::Change>& changed() const { return accounts_.changes(); }
  const std::vector<Spendings::Change>& changed_spendings() const { return spendings_.changes(); }
  void seal();
  /// The oldest sealed batch.
  void merge();
  /// Whatever is not merged.
  void drop();

  /// nullptr: no such account or offer.
  const Account* account(const AccountId& id) const { return accounts_.find(id); }
  const OfferTerms* offer(const OfferId& id) const { return offers_.find(id); }
  const Spending* spending(const AccountId& main_wallet) const {
    return spendings_.find(main_wallet);
  }
  /// In force for offers of this currency; none were set: no fee.
  Fees fees(const money::Currency& currency) const;
  const std::vector<money::Currency>& currencies() const { return currencies_; }
  /// Of the state with all sealed batches.
  const Totals& totals() const { return sealed_.empty() ? totals_ : sealed_.back(); }
  std::size_t offers() const { return offers_.size(); }

 private:
  bool keeps(const money::Currency& currency) const;
  /// Whether money may arrive: it is there and not closed, or a pocket that may come to be.
  /// applied, unknown_account or account_closed.
  Outcome can_receive(const AccountId& id) const;
  /// Whether money may leave: applied, unknown_account, account_closed or account_frozen.
  Outcome can_pay(const AccountId& id) const;
  /// The balances that the postings lead to; false: one is beyond int64.
  bool plan(Verdict& verdict);
  /// applied, or what the planned balances lack.
  Outcome covered(const Verdict& verdict) const;
  void keep(Verdict& verdict);
  /// All three: applied, overflow, or what the balances lack.
  Outcome post(Verdict& verdict);
  /// applied, unknown_offer (no terms), or nothing_outstanding.
  Outcome has_voucher(const OfferTerms* terms, std::uint32_t epoch) const;
  static void check_escrow(const Account& held, const OfferTerms& terms);

  std::vector<money::Currency> currencies_;
  Accounts accounts_;
  Offers offers_;
  Spendings spendings_;
  Overlay<AccountId, Fees, AccountHash> fees_;                 // by AccountId::fees
  Overlay<AccountId, std::uint32_t, AccountHash> last_epoch_;  // under AccountId(): the last one
  Totals totals_;                                              ///< of the merged state
  std::deque<Totals> sealed_;                                  ///< with each sealed batch
};

}  // namespace hearth::ledger
