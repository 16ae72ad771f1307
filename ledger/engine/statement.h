// What an account's owner sees of the records that post to it.
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/engine/books_view.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {

/// The record seen from one account: its posting to it, the kind in that account's words
/// ("deposit" "purchase" "sale" "redemption" "fee"), the deposit's reference or the purchase's
/// request id.
StatementEntry entry_of(const Record& record, const Posting& posting);

/// Entries of several accounts above `after`, ascending, at most `limit`, and the others of the last
/// one's record.
Result<std::vector<StatementEntry>> statement_of(const BooksView& books,
                                                 const std::vector<AccountId>& accounts,
                                                 std::uint64_t after, std::size_t limit);

}  // namespace hearth::ledger
