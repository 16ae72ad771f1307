// The decoders of documents, behind a signature that holds: the first byte of the input picks the
// document, the rest is its payload. So the fields' checks are reached, not only the signature's.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/wire/documents.h"
#include "tests/fuzz/signed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth;
  using fuzz::signed_payload, fuzz::signer;
  if (size == 0) return 0;
  const ByteView payload(data + 1, size - 1);
  const auto& ledger = signer().public_key();
  switch (data[0] % 8) {
    case 0: {
      const auto manifest = wire::read_manifest(signed_payload("hearth/manifest/1", payload));
      if (manifest) HEARTH_ASSERT(wire::read_manifest(wire::write_manifest(*manifest, signer())));
      break;
    }
    case 1:
      (void)wire::read_offer(signed_payload("hearth/offer/1", payload));
      break;
    case 2: {
      const auto keys =
          wire::read_ledger_keys(signed_payload("hearth/ledger-keys/1", payload), ledger);
      if (keys) {
        HEARTH_ASSERT(wire::read_ledger_keys(wire::write_ledger_keys(*keys, signer()), ledger));
      }
      break;
    }
    case 3:
      (void)wire::read_purchase(signed_payload("hearth/purchase/1", payload));
      break;
    case 4:
      (void)wire::read_receipt(signed_payload("hearth/receipt/1", payload), ledger);
      break;
    case 5:
      (void)wire::read_redemption(signed_payload("hearth/redemption/1", payload));
      break;
    case 6:
      (void)wire::verify_jws(as_text(payload), "hearth/manifest/1");
      break;
    default:
      (void)wire::read_problem(payload, 500);
      break;
  }
  return 0;
}
