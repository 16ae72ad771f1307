// Gift cards and seed lines: what people type and scan.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/identity/seed_line.h"
#include "common/wire/gift_card.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth;
  const std::string_view text = as_text({data, size});
  const auto card = wire::parse_gift_card(text);
  if (card) {
    const auto again = wire::parse_gift_card(wire::gift_card_uri(*card));
    HEARTH_ASSERT(again && wire::gift_card_text(*again) == wire::gift_card_text(*card));
  } else {
    HEARTH_ASSERT(card.error().code == Code::bad_gift_card);
  }
  const auto seed = identity::parse_seed_line(text);
  if (seed) HEARTH_ASSERT(identity::parse_seed_line(identity::seed_line(*seed)).has_value());
  return 0;
}
