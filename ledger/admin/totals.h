// The sums of `hearth-ledger status`. A running engine has them ready. In stopped books they come
// from few rows: what all wallets hold is what the other accounts of the currency leave to zero,
// so that of a million homes none has to be added up.
#pragma once

#include "ledger/engine/books_view.h"
#include "ledger/engine/stats.h"

namespace hearth::ledger {

struct BookTotals {
  std::uint64_t homes = 0, accounts = 0, offers = 0;
  std::uint64_t bought = 0, redeemed = 0, refunded = 0, outstanding = 0;
  std::vector<EngineStats::OfCurrency> currencies;
};

BookTotals totals_of(const EngineStats& stats);
/// Counts homes, accounts and offers by their keys.
Result<BookTotals> totals_of(const store::View& view);

}  // namespace hearth::ledger
