#include "ledger/payments/money_order.h"

#include "common/base/names.h"

namespace hearth::ledger::payments {

Result<MoneyOrder> read_money_order(wire::Fields& fields, const char* note, std::size_t max_note,
                                    const FindAccount& find) {
  const std::string account_text = fields.required_text("account", 500);
  const std::string amount_text = fields.required_text("amount", 60);
  const std::string note_text = fields.required_text(note, max_note);
  if (!fields.ok()) return pass_on(fields.error());
  const auto amount = money::parse(amount_text);
  if (!amount) return pass_on(amount.error());
  if (amount->minor <= 0)
    return fail(Code::amount_invalid, "The amount must be above zero; nothing was done.");
  auto text = checked_note(note_text, max_note);
  if (!text) return pass_on(text.error());
  if (text->empty())
    return fail(Code::usage, std::string("A ") + note +
                                 " is needed: it stands in the journal. Nothing was done.");
  const auto account = find(account_text, amount->currency);
  if (!account) return pass_on(account.error());
  if (account->currency() != amount->currency)
    return fail(Code::amount_invalid,
                "The account is kept in " + std::string(account->currency().code()) +
                    ", the amount is in " + std::string(amount->currency.code()) +
                    "; nothing was done.");
  return MoneyOrder{*account, *amount, std::move(*text)};
}

}  // namespace hearth::ledger::payments
