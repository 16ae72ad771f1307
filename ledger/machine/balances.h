// What an account holds, what a command posts to accounts, and the sums over all of them. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ledger/machine/account.h"
#include "ledger/machine/commands.h"

namespace hearth::ledger {

struct Account {
  std::int64_t balance = 0;
  // Vouchers; escrow accounts only.
  std::uint64_t bought = 0;
  std::uint64_t redeemed = 0;
  std::uint64_t refunded = 0;
  std::uint64_t exchanged = 0;              ///< given up for fresh ones
  std::uint64_t fresh = 0;                  ///< came to be in exchanges
  AccountState state = AccountState::open;  ///< wallets only
  std::uint64_t entries = 0;                ///< records that post to it
  std::uint64_t last_entry = 0;             ///< index of the last of them
  std::uint64_t outstanding() const { return bought + fresh - redeemed - refunded - exchanged; }
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

/// Kept as the accounts change, so that nobody has to scan them for it.
struct Totals {
  struct OfCurrency {
    money::Currency currency;
    std::array<__int128, 6> balances{};  ///< by AccountKind; their sum is zero
  };
  std::vector<OfCurrency> currencies;  ///< in the order in which they came
  std::uint64_t accounts = 0;
  Account vouchers;  ///< its counts are the sums over all escrows

  /// `before` nullptr: the account is new.
  void change(const AccountId& id, const Account* before, const Account& now);
};

}  // namespace hearth::ledger
