// Headers, whole files and keys as text of the age format.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/crypto/age/age.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth;
  static const auto identity = crypto::BoxKey::from_seed(crypto::Seed());
  const ByteView input(data, size);
  const auto header = crypto::age::open_header(input, identity);
  if (header) HEARTH_ASSERT(header->size <= size);
  (void)crypto::age::open_file(input, identity);
  const auto recipient = crypto::age::recipient_from_text(as_text(input));
  if (recipient) HEARTH_ASSERT(crypto::age::recipient_text(*recipient) == as_text(input));
  (void)crypto::age::identity_from_text(as_text(input));
  return 0;
}
