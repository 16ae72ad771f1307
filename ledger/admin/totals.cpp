#include "ledger/admin/totals.h"

#include <algorithm>

#include "ledger/export/walk.h"

namespace hearth::ledger {
namespace {

Result<std::uint64_t> count_keys(const store::View& view, std::string_view prefix) {
  std::uint64_t count = 0;
  const Bytes from = books::key(prefix, {});
  const auto scanned = view.scan(from, store::prefix_end(from), [&count](ByteView, ByteView) {
    ++count;
    return true;
  });
  if (!scanned) return pass_on(scanned.error());
  return count;
}

void add(BookTotals& totals, const AccountId& id, const Account& account) {
  totals.bought += account.bought;
  totals.redeemed += account.redeemed;
  totals.refunded += account.refunded;
  totals.outstanding += account.outstanding();
  const auto row = std::find_if(totals.currencies.begin(), totals.currencies.end(),
                                [&](const auto& of) { return of.currency == id.currency(); });
  if (row == totals.currencies.end()) return;
  if (id.kind() == AccountKind::escrow) row->escrow += account.balance;
  if (id.kind() == AccountKind::cash) row->cash += account.balance;
  if (id.kind() == AccountKind::fees) row->fees += account.balance;
  if (id.kind() == AccountKind::adjustments) row->adjustments += account.balance;
}

}  // namespace

BookTotals totals_of(const EngineStats& stats) {
  return {stats.homes,    stats.accounts, stats.offers,      stats.bought,
          stats.redeemed, stats.refunded, stats.outstanding, stats.totals};
}

Result<BookTotals> totals_of(const store::View& view) {
  BookTotals totals;
  const auto currencies = BooksView(view).currencies();
  if (!currencies) return pass_on(currencies.error());
  for (const money::Currency& currency : *currencies) totals.currencies.push_back({currency});
  for (const AccountKind kind :
       {AccountKind::escrow, AccountKind::cash, AccountKind::fees, AccountKind::adjustments}) {
    const auto scanned = each_account_after(view, std::nullopt, kind,
                                            [&totals](const AccountId& id, const Account& account) {
                                              add(totals, id, account);
                                              return true;
                                            });
    if (!scanned) return pass_on(scanned.error());
  }
  for (auto& row : totals.currencies)
    row.wallets = -(row.escrow + row.cash + row.fees + row.adjustments);
  for (const auto& [prefix, count] :
       {std::pair(books::homes, &totals.homes), std::pair(books::accounts, &totals.accounts),
        std::pair(books::offers, &totals.offers)}) {
    const auto counted = count_keys(view, prefix);
    if (!counted) return pass_on(counted.error());
    *count = *counted;
  }
  return totals;
}

}  // namespace hearth::ledger
