// Cards, home addresses, names and amounts: what people paste.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/base/names.h"
#include "common/identity/cards.h"
#include "common/money/amount.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth;
  const std::string_view text = as_text({data, size});
  const auto ledger = identity::parse_ledger_card(text);
  if (ledger) HEARTH_ASSERT(identity::parse_ledger_card(ledger->text()));
  (void)identity::parse_contact_card(text);
  const auto home = identity::parse_home_address(text);
  if (home) HEARTH_ASSERT(identity::parse_home_address(home->grouped()).value() == *home);
  const auto amount = money::parse(text);
  if (amount) HEARTH_ASSERT(money::parse(money::format(*amount)).value() == *amount);
  const auto name = checked_name(text);
  if (name) HEARTH_ASSERT(printable(*name, 1000) == *name);
  HEARTH_ASSERT(checked_note(printable(text), 1000));
  return 0;
}
