// The forms that the books leave in. A Form writes one piece after another and keeps no state, so
// that an export can stop anywhere and go on elsewhere (export.h). Signs are the accountant's:
// what the ledger owes is negative (a credit), cash is positive; our own books have it the other
// way round. Account names are legal in hledger and in beancount alike:
//   Liabilities:Wallets:Home1q…:EUR (further pockets EUR-2 …),
//   Liabilities:Escrow:Offer-<id>:Epoch-1, Assets:Cash:EUR, Income:Fees:EUR,
//   Expenses:Adjustments:EUR, Equity:Opening:EUR
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/engine/books_view.h"

namespace hearth::ledger {

/// One account as it is called in this export.
struct NamedAccount {
  AccountId id;
  std::string name;   ///< "Liabilities:Wallets:…"
  std::string owner;  ///< a wallet's home, as it calls itself; empty: not told
};

/// A record, made ready to be written.
struct ExportedRecord {
  std::uint64_t index = 0;
  UtcMs at_ms = 0;
  std::string kind;
  std::string reference, offer, by, reason;                     ///< each may be empty
  std::vector<std::pair<NamedAccount, std::int64_t>> postings;  ///< in our signs
};

struct ExportHead {
  std::uint64_t first = 0, end = 0;  ///< records
  UtcMs from_ms = 0;                 ///< of the first entry that is written
  UtcMs closed_ms = 0;               ///< the day after the last one
  std::vector<money::Currency> currencies;
};

class Form {
 public:
  virtual ~Form() = default;
  virtual std::string head(const ExportHead& head) const = 0;
  /// `first`: no other one was written in this part.
  virtual std::string account(const ExportHead& head, const NamedAccount& account,
                              bool first) const = 0;
  virtual std::string opening(const ExportHead& head, const NamedAccount& account,
                              std::int64_t balance, bool first) const = 0;
  virtual std::string record(const ExportedRecord& record, bool first) const = 0;
  virtual std::string closing(const ExportHead& head, const NamedAccount& account,
                              std::int64_t balance, bool first) const = 0;
  /// Between parts: accounts, openings, records, closings; after the last one too.
  virtual std::string end_of_part(int part) const = 0;
};

/// "hledger" "beancount" "csv" "json"; nullptr for another name.
const Form* form_of(std::string_view format);

}  // namespace hearth::ledger
