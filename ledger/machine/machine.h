// The rules of the books: which command moves which money, and which is refused. Pure: no clock,
// no I/O, no threads. Balances of every account are in memory; what the machine cannot know from
// them (was this request or voucher seen before?) the caller tells it as `Seen`.
//
// A batch of commands works on an overlay over the committed state. When its records are on disk
// the caller merges the overlay; when they could not be written it drops it, and nothing happened.
//
// Each command posts amounts that sum to zero. A balance is what the ledger owes (credit is
// positive), so cash stands below zero by what the operator holds. docs/accounting.md §2.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "ledger/machine/account.h"
#include "ledger/machine/commands.h"
#include "ledger/machine/outcome.h"

namespace hearth::ledger {

struct Account {
  std::int64_t balance = 0;
  std::uint64_t bought = 0;    ///< vouchers; escrow accounts only
  std::uint64_t redeemed = 0;  ///< of them
  std::uint64_t outstanding() const { return bought - redeemed; }
  bool operator==(const Account&) const = default;
};

struct Posting {
  AccountId account;
  std::int64_t delta = 0;
  bool operator==(const Posting&) const = default;
};

/// At most three, without allocation.
class Postings {
 public:
  static constexpr std::size_t limit = 3;
  void add(const AccountId& account, std::int64_t delta);
  std::size_t size() const { return count_; }
  const Posting* begin() const { return items_.data(); }
  const Posting* end() const { return items_.data() + count_; }
  const Posting& operator[](std::size_t i) const { return items_[i]; }
  bool operator==(const Postings& other) const;

 private:
  std::array<Posting, limit> items_;
  std::size_t count_ = 0;
};

/// Whether the caller has an answer stored under the command's id.
enum class Seen { fresh, same, other };

struct Verdict {
  Outcome outcome = Outcome::applied;
  Postings postings;               ///< applied only
  std::int64_t balance_after = 0;  ///< of the home's wallet; applied deposits and purchases only
};

class Machine {
 public:
  using Accounts = std::unordered_map<AccountId, Account, AccountHash>;
  using Offers = std::unordered_map<OfferId, OfferTerms, DigestHash>;

  explicit Machine(std::vector<money::Currency> currencies);

  /// Committed state, as it comes from the store. Before any command.
  void load_account(const AccountId& id, const Account& account);
  void load_offer(const OfferTerms& terms);

  /// Opens the home's missing wallets into `opened`. `seen`: same: the home is known by this name;
  /// other: by another, which the new one replaces.
  Verdict open(const OpenCommand& command, Seen seen, std::vector<money::Currency>& opened);
  Verdict register_offer(const OfferTerms& terms);
  Verdict deposit(const DepositCommand& command, Seen seen);
  Verdict purchase(const PurchaseCommand& command, Seen seen);
  Verdict redeem(const RedeemCommand& command, Seen seen);

  /// The overlay's accounts: what has to be written with the batch.
  const Accounts& changed() const { return changed_; }
  void merge();
  void drop();

  /// Overlay first, then committed state; nullptr: no such account or offer.
  const Account* account(const AccountId& id) const;
  const OfferTerms* offer(const OfferId& id) const;
  const std::vector<money::Currency>& currencies() const { return currencies_; }

 private:
  bool keeps(const money::Currency& currency) const;
  /// The account's place in the overlay, copied or made there.
  Account& touch(const AccountId& id);
  /// All postings or, on overflow, none.
  bool post(const Postings& postings);
  void check_escrow(const AccountId& id, const OfferTerms& terms) const;

  std::vector<money::Currency> currencies_;
  Accounts accounts_, changed_;
  Offers offers_, added_;
};

}  // namespace hearth::ledger
