#include "ledger/export/period.h"

namespace hearth::ledger {

Result<std::int64_t> balance_before(const BooksView& books, const AccountId& account,
                                    std::uint64_t index) {
  // The first entry at or after `index` tells what the account held before it: found at once,
  // however many entries there are.
  const auto next = books.entries(account, index == 0 ? 0 : index - 1, 1);
  if (!next) return pass_on(next.error());
  if (!next->empty()) return next->front().balance_after - next->front().posting.delta;
  const auto now = books.account(account);
  if (!now) return pass_on(now.error());
  return *now ? (*now)->balance : 0;
}

}  // namespace hearth::ledger
