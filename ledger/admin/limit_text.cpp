#include "ledger/admin/limit_text.h"

namespace hearth::ledger {

Result<void> read_limit(wire::Fields& fields, const char* name, const money::Currency& currency,
                        std::int64_t& limit) {
  if (!fields.has(name)) return {};
  std::string text = fields.required_text(name, 60);
  if (text == "none") {
    limit = 0;
    return {};
  }
  if (text.find(' ') == std::string::npos) text += " " + std::string(currency.code());
  const auto amount = money::parse(text);
  if (!amount) return pass_on(amount.error());
  if (amount->currency != currency || amount->minor <= 0)
    return fail(Code::amount_invalid, "A limit or fee is an amount above zero in " +
                                          std::string(currency.code()) +
                                          ", or none. Nothing was changed.");
  limit = amount->minor;
  return {};
}

}  // namespace hearth::ledger
