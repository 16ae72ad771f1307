// The auditor's own model of the books: it derives from each record what must have been posted,
// sums the postings into fresh balances, and compares what the store keeps beside the record.
// It shares the formats with the engine (record.h, books_keys.h) but none of its rules: a fault
// in the machine does not hide itself. Pure but for reads of the audited view.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "ledger/engine/books_view.h"

namespace hearth::ledger {

/// Where the books differ from the journal. No index: not at one record.
struct Difference {
  std::optional<std::uint64_t> index;
  std::string what;
};

class Replay {
 public:
  explicit Replay(const BooksView& books) : books_(books) {}

  /// The next stored record, in order. nullopt: it and all that is stored about it agree.
  /// Errors are the store's own.
  Result<std::optional<Difference>> next(ByteView stored);

  struct ReplayedAccount {
    Account account;
    std::uint64_t last_index = 0;  ///< of the last record that opened it or posted to it
  };
  struct Counts {
    std::uint64_t deposits = 0, purchases = 0, redemptions = 0, entries = 0;
  };
  const std::map<AccountId, ReplayedAccount>& accounts() const { return accounts_; }
  const std::map<OfferId, OfferTerms>& offers() const { return offers_; }
  const std::map<identity::HomeAddress, books::HomeRow>& homes() const { return homes_; }
  const std::vector<money::Currency>& currencies() const { return currencies_; }
  const Counts& counts() const { return counts_; }
  const Tree& tree() const { return tree_; }

 private:
  /// What the kind demands to be posted and counted, and the rows that must stand beside it.
  /// They return a sentence about the difference, or an empty one.
  Result<std::string> check(const Record& record);
  Result<std::string> check_kind(const Record& record, const CurrenciesKept& what);
  Result<std::string> check_kind(const Record& record, const HomeOpened& what);
  Result<std::string> check_kind(const Record& record, const OfferRegistered& what);
  Result<std::string> check_kind(const Record& record, const Deposited& what);
  Result<std::string> check_kind(const Record& record, const Purchased& what);
  Result<std::string> check_kind(const Record& record, const Redeemed& what);
  std::string sum_postings(const Record& record);
  Result<std::string> check_entries(const Record& record);

  const BooksView& books_;
  Tree tree_;
  std::map<AccountId, ReplayedAccount> accounts_;
  std::map<OfferId, OfferTerms> offers_;
  std::map<identity::HomeAddress, books::HomeRow> homes_;
  std::vector<money::Currency> currencies_;
  Counts counts_;
};

}  // namespace hearth::ledger
