// Headers, whole files and keys as text of the age format. The input is read as it is, and once
// more as the bytes of keys whose check characters hold.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/base/bech32.h"
#include "common/base/typed_text.h"
#include "common/crypto/age/age.h"

namespace {

using namespace hearth;

void check_recipient(std::string_view text) {
  const auto recipient = crypto::age::recipient_from_text(text);
  if (recipient) HEARTH_ASSERT(crypto::age::recipient_text(*recipient) == text);
}

void check_identity(std::string_view text) {
  const auto identity = crypto::age::identity_from_text(text);
  if (identity) HEARTH_ASSERT(crypto::age::identity_text(*identity) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto identity = crypto::BoxKey::from_seed(crypto::Seed());
  const ByteView input(data, size);
  const auto header = crypto::age::open_header(input, identity);
  if (header) HEARTH_ASSERT(header->size <= size);
  (void)crypto::age::open_file(input, identity);
  check_recipient(as_text(input));
  check_recipient(bech32::encode("age", input));
  check_identity(as_text(input));
  check_identity(upper_case(bech32::encode("age-secret-key-", input)));
  return 0;
}
