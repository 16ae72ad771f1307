// What an operator orders about the money of one account: {"account","amount"} and a note, which is
// the reference of a deposit or withdrawal, or the reason of an adjustment. The one reader of such
// orders, for all of them and on every road. Pure: what account a text means, its caller finds.
#pragma once

#include <functional>

#include "common/wire/json.h"
#include "ledger/machine/account.h"

namespace hearth::ledger::payments {

/// As the operator names it: an account's id, a home's address or name. `currency` of the amount.
using FindAccount =
    std::function<Result<AccountId>(const std::string& text, const money::Currency& currency)>;

struct MoneyOrder {
  AccountId account;     ///< in the amount's currency
  money::Amount amount;  ///< above zero
  std::string note;      ///< checked_note, not empty
};

/// `note` names the member with the reference or reason. Code::usage, amount_invalid,
/// currency_unknown, overflow, and what `find` says; nothing was done.
Result<MoneyOrder> read_money_order(wire::Fields& fields, const char* note, std::size_t max_note,
                                    const FindAccount& find);

}  // namespace hearth::ledger::payments
