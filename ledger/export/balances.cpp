#include "ledger/export/period.h"

namespace hearth::ledger {

Result<std::int64_t> balance_before(const BooksView& books, const AccountId& account,
                                    std::uint64_t index) {
  // The first entry at or after `index` tells what the account held before it: one seek, however
  // many entries there are.
  const auto next = books.entries_with_balance(account, index == 0 ? 0 : index - 1, 1);
  if (!next) return pass_on(next.error());
  if (next->empty()) {
    const auto now = books.account(account);
    if (!now) return pass_on(now.error());
    return *now ? (*now)->balance : 0;
  }
  const auto record = books.record(next->front().index);
  if (!record) return pass_on(record.error());
  if (*record) {
    for (const Posting& posting : (*record)->postings)
      if (posting.account == account) return next->front().balance_after - posting.delta;
  }
  return fail(Code::corrupt, "The journal has no record " + std::to_string(next->front().index) +
                                 " for an entry of an account. Nothing was changed; run "
                                 "`hearth-ledger audit`.");
}

}  // namespace hearth::ledger
