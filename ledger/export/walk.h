// Accounts of the books from any place on, for lists by pages and exports by chunks.
#pragma once

#include <functional>
#include <optional>

#include "ledger/engine/books_view.h"

namespace hearth::ledger {

using VisitAccount = std::function<bool(const AccountId&, const Account&)>;

/// Every account after `after` (nullopt: from the first), in the order of their ids: wallets,
/// escrows, cash, fees, adjustments. `kind`: only those. `visit` returns false to stop.
/// Code::corrupt when a row cannot be read.
Result<void> each_account_after(const store::View& view, const std::optional<AccountId>& after,
                                const std::optional<AccountKind>& kind, const VisitAccount& visit);

/// Every offer after the id `after` (empty: from the first), in the order of their ids.
Result<void> each_offer_after(const store::View& view, ByteView after,
                              const std::function<bool(const books::OfferRow&)>& visit);

/// Whether the account has an entry before record `end`.
Result<bool> was_used_before(const BooksView& books, const AccountId& account, std::uint64_t end);

}  // namespace hearth::ledger
