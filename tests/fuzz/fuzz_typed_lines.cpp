// Gift cards and seed lines: what people type and scan. The input is read as it is, and once more
// as the bytes of a line whose check characters hold.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/base/bech32.h"
#include "common/identity/seed_line.h"
#include "common/wire/gift_card.h"

namespace {

using namespace hearth;

void check_card(std::string_view text) {
  const auto card = wire::parse_gift_card(text);
  if (card) {
    const auto again = wire::parse_gift_card(wire::gift_card_uri(*card));
    HEARTH_ASSERT(again && wire::gift_card_text(*again) == wire::gift_card_text(*card));
  } else {
    HEARTH_ASSERT(card.error().code == Code::bad_gift_card);
  }
}

void check_seed(std::string_view text) {
  const auto seed = identity::parse_seed_line(text);
  if (seed) HEARTH_ASSERT(identity::parse_seed_line(identity::seed_line(*seed)).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  check_card(as_text(input));
  check_card(bech32::encode("hearthgift", input));
  check_seed(as_text(input));
  check_seed(bech32::encode("hearthseed", input));
  return 0;
}
