// The auditor's own model of the books: it derives from each record what must have been posted and
// whether that was allowed, sums the postings into fresh balances, and tells which rows must stand
// beside the record. It shares the formats with the engine (record.h, books_keys.h) but none of
// its rules: a fault in the machine does not hide itself. Pure; keeps accounts, homes and offers
// in memory, not the journal.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/base/stable_table.h"
#include "ledger/engine/books_keys.h"
#include "ledger/journal/stored.h"
#include "ledger/journal/tiles.h"
#include "ledger/journal/tree.h"

namespace hearth::ledger {

/// Where the books differ from the journal. No index: not at one record.
struct Difference {
  std::optional<std::uint64_t> index;
  std::string what;
};

/// A row that must be in the store because of record `index`; `what` names it for a person. What
/// the journal does not determine of the value is left empty (audit_rows.h).
struct ExpectedRow {
  std::uint64_t index = 0;
  const char* what = "";
  Bytes key;
  Bytes value;
};

/// A stored record with all that can be said of it without those before it; on any thread.
struct ReadRecord {
  const char* broken = nullptr;  ///< why there is nothing below
  Record record;
  Digest leaf{};
  std::optional<Beside> beside;  ///< nullopt: damaged
};
ReadRecord read_stored(ByteView stored);

class Replay {
 public:
  /// `expect` gets every such row in the order of the records.
  explicit Replay(std::function<void(ExpectedRow)> expect) : expect_(std::move(expect)) {}

  /// The next record, in order. nullopt: it is what it should be.
  std::optional<Difference> next(const ReadRecord& read);

  struct Held {
    Account account;
    std::uint64_t last_index = 0;  ///< of the last record that opened it or posted to it
    bool found = false;            ///< for who compares
  };
  struct Home {
    std::uint64_t index = 0, last_index = 0;
    std::string name;
    bool found = false;
  };
  struct Offer {
    std::uint64_t index = 0;
    OfferTerms terms;
    bool found = false;
  };
  struct Counts {
    std::array<std::uint64_t, record_kinds + 1> records{};  ///< by kind
    std::uint64_t deposits = 0, purchases = 0, redemptions = 0, entries = 0;
  };
  using Accounts = StableTable<AccountId, Held, AccountHash>;
  using Homes = StableTable<Digest, Home, DigestHash>;
  Accounts& accounts() { return accounts_; }
  Homes& homes() { return homes_; }
  std::unordered_map<OfferId, Offer, DigestHash>& offers() { return offers_; }
  /// Rows of which only the last counts, by key; `first` is the record that set it.
  const std::map<Bytes, std::pair<std::uint64_t, Bytes>>& in_force() const { return in_force_; }
  /// What limited homes have spent, by main wallet.
  const std::map<AccountId, Spent>& spent() const { return spent_; }
  /// Tiles above level 0 as they are last.
  const std::map<std::pair<unsigned, std::uint64_t>, std::vector<Digest>>& tiles() const {
    return upper_tiles_;
  }
  const std::vector<money::Currency>& currencies() const { return currencies_; }
  const Counts& counts() const { return counts_; }
  const Tree& tree() const { return tree_; }

 private:
  using Broken = std::string;  ///< a sentence; empty: nothing is

  Broken check(const Record& record);
  Broken sum_postings(const Record& record);
  Broken check_balances(const Record& record);
  // What the kind demands: that it was allowed, and what it posts.
  Broken check_kind(const Record& record, const CurrenciesKept& what);
  Broken check_kind(const Record& record, const HomeOpened& what);
  Broken check_kind(const Record& record, const OfferRegistered& what);
  Broken check_kind(const Record& record, const Deposited& what);
  Broken check_kind(const Record& record, const Purchased& what);
  Broken check_kind(const Record& record, const Redeemed& what);
  Broken check_kind(const Record& record, const Withdrawn& what);
  Broken check_kind(const Record& record, const Refunded& what);
  Broken check_kind(const Record& record, const Exchanged& what);
  Broken check_kind(const Record& record, const Adjusted& what);
  Broken check_kind(const Record& record, const Transferred& what);
  Broken check_kind(const Record& record, const AccountStateSet& what);
  Broken check_kind(const Record& record, const LimitsSet& what);
  Broken check_kind(const Record& record, const FeesSet& what);
  Broken check_kind(const Record& record, const EpochBegun& what);
  Broken check_kind(const Record& record, const Shared& what);
  Broken check_limits(const Record& record, const AccountId& main_wallet, __int128 total);

  bool keeps(const money::Currency& currency) const;
  const Account* held(const AccountId& id) const;
  /// Empty, or why money may not arrive at, or leave, the account.
  Broken receives(const AccountId& id) const;
  Broken pays(const AccountId& id) const;
  std::int64_t balance(const AccountId& id) const { return held(id)->balance; }
  Account& counts_of(const AccountId& escrow) {
    return accounts_.try_emplace(escrow).first->value.account;
  }

  void expect(const Record& record, const char* what, Bytes key, Bytes value);
  void expect_waypoints(const Record& record);
  void expect_tiles(std::uint64_t index);
  void set_in_force(const Record& record, Bytes key, Bytes value);

  std::function<void(ExpectedRow)> expect_;
  Tree tree_;
  Tiles growing_;
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Digest>> upper_tiles_;
  UtcMs last_ms_ = 0;
  Standings standings_{};  ///< that the record in hand demands beside it
  Accounts accounts_;
  std::unordered_map<OfferId, Offer, DigestHash> offers_;
  Homes homes_;
  std::map<Bytes, std::pair<std::uint64_t, Bytes>> in_force_;
  std::map<AccountId, Limits> limits_;
  std::map<AccountId, Spent> spent_;
  std::map<money::Currency, Fees> fees_;
  std::uint32_t last_epoch_ = 0;
  struct Sharing {
    OfferId offer{};
    std::uint32_t epoch = 0;
    std::int64_t homes = 0;  ///< that redeemed it
  };
  /// Of vouchers that several homes may redeem, from the first redemption on.
  std::unordered_map<VoucherInput, Sharing, DigestHash> redeemed_by_;
  std::vector<money::Currency> currencies_;
  Counts counts_;
};

}  // namespace hearth::ledger
