// What homes and operators ask of the ledger, behind signatures that hold: refunds, transfers,
// torrent announcements; the operator's deposits; vouchers as people hand them over. The first byte
// picks the decoder.
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/assert.h"
#include "common/wire/documents.h"
#include "common/wire/json.h"
#include "ledger/catalogue/catalogue.h"
#include "ledger/payments/manual.h"

namespace {

using namespace hearth;

const crypto::SignKey& signer() {
  static const auto key = crypto::SignKey::from_seed(crypto::Seed());
  return key;
}

std::string signed_payload(const char* typ, ByteView payload) {
  const std::string header = R"({"alg":"EdDSA","kid":")" + to_base64url(signer().public_key()) +
                             R"(","typ":")" + typ + "\"}";
  const std::string text = to_base64url(as_bytes(header)) + "." + to_base64url(payload);
  return text + "." + to_base64url(signer().sign(as_bytes(text)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView payload(data + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      (void)wire::read_refund(signed_payload("hearth/refund/1", payload));
      break;
    case 1:
      (void)wire::read_transfer(signed_payload("hearth/transfer/1", payload));
      break;
    case 2:
      (void)ledger::check_announcement(signed_payload("hearth/torrent/1", payload), payload,
                                       1'795'348'800'000);
      break;
    case 3: {
      const auto json = wire::parse_json(payload, 64 * 1024);
      if (json) (void)wire::voucher_from_json(*json);
      break;
    }
    default: {
      const auto json = wire::parse_json(payload, 64 * 1024);
      if (!json) break;
      const auto payment = ledger::payments::read_manual_payment(*json, "owner");
      if (payment) HEARTH_ASSERT(payment->amount.minor > 0 && !payment->reference.empty());
    }
  }
  return 0;
}
