#include "ledger/machine/balances.h"

#include <algorithm>

#include "common/base/assert.h"

namespace hearth::ledger {

void Postings::add(const AccountId& account, std::int64_t delta) {
  HEARTH_ASSERT(count_ < limit);
  items_[count_++] = {account, delta};
}

bool Postings::operator==(const Postings& other) const {
  return std::equal(begin(), end(), other.begin(), other.end());
}

void Totals::change(const AccountId& id, const Account* before, const Account& now) {
  auto row = std::find_if(currencies.begin(), currencies.end(),
                          [&id](const OfCurrency& of) { return id.is_in(of.currency); });
  if (row == currencies.end())
    row = currencies.insert(currencies.end(), OfCurrency{id.currency(), {}});
  static const Account nothing;
  const Account& was = before ? *before : nothing;
  row->balances[static_cast<std::size_t>(id.kind())] +=
      static_cast<__int128>(now.balance) - was.balance;
  if (!before) ++accounts;
  vouchers.bought += now.bought - was.bought;
  vouchers.redeemed += now.redeemed - was.redeemed;
  vouchers.refunded += now.refunded - was.refunded;
  vouchers.exchanged += now.exchanged - was.exchanged;
  vouchers.fresh += now.fresh - was.fresh;
}

}  // namespace hearth::ledger
