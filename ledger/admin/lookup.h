// How operators name things: homes by address or name, accounts by id or by their home.
#pragma once

#include <optional>
#include <string>

#include "common/wire/json.h"
#include "ledger/engine/books_view.h"

namespace hearth::ledger {

/// An address in either form, or the name under which exactly one home is registered.
/// Code::usage (several, or a miscopied address), Code::unknown_account; nothing was done.
Result<identity::HomeAddress> find_home(const BooksView& books, const std::string& text);

/// "wallet/ADDRESS/EUR", "fees/EUR" …, or a home, which means its main wallet in `currency`
/// (nullopt: the first one that the books keep). The account need not be there.
Result<AccountId> find_account(const BooksView& books, const std::string& text,
                               const std::optional<money::Currency>& currency = std::nullopt);

/// The name of the home that owns the account; empty for others.
Result<std::string> owner_of(const BooksView& books, const AccountId& account);

/// {"id","kind","balance"} and "name" (wallets), "state" (wallets), "outstanding" (escrows).
wire::Json account_document(const AccountId& id, const Account& account, const std::string& owner);

}  // namespace hearth::ledger
