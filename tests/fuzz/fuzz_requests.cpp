// What homes and operators ask of the ledger, behind signatures that hold: purchases, redemptions,
// exchanges and their answers, refunds, transfers, directory lists, torrent announcements; the
// operator's deposits; vouchers as people hand them over. The first byte picks the decoder.
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/assert.h"
#include "common/wire/directory.h"
#include "common/wire/document_fields.h"
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

/// What is taken obeys its bounds, and is written as it was read.
void check_purchase(ByteView payload) {
  const auto read = wire::read_purchase(signed_payload("hearth/purchase/1", payload));
  if (!read) return;
  HEARTH_ASSERT(!read->blinded.empty() && read->blinded.size() <= wire::max_vouchers);
  HEARTH_ASSERT(read->terms.homes >= 1 && read->terms.homes <= 16);
  const auto again = wire::read_purchase(wire::write_purchase(*read, signer()));
  HEARTH_ASSERT(again && again->services == read->services &&
                again->restrictions == read->restrictions && again->terms == read->terms &&
                again->encryption == read->encryption);
}

/// A name that is taken has one written form; a list holds only such.
void check_directory(ByteView payload) {
  const auto normal = [](const wire::DirectoryEntry& entry) {
    const auto again = wire::directory_entry(entry.kind, entry.value);
    return again && *again == entry;
  };
  const auto name = wire::parse_directory_name(as_text(payload));
  if (name && *name) HEARTH_ASSERT(normal(**name));
  const auto list = wire::read_directory(signed_payload("hearth/directory/1", payload));
  if (!list) return;
  HEARTH_ASSERT(list->entries.size() <= wire::max_directory_entries);
  for (const auto& entry : list->entries) HEARTH_ASSERT(normal(entry));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView payload(data + 1, size - 1);
  switch (data[0] % 10) {
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
    case 5:
      (void)wire::read_redemption(signed_payload("hearth/redemption/1", payload));
      break;
    case 6:
      (void)wire::read_exchange(signed_payload("hearth/exchange/1", payload));
      break;
    case 7:
      (void)wire::read_exchanged(signed_payload("hearth/exchanged/1", payload),
                                 signer().public_key());
      break;
    case 8:
      check_purchase(payload);
      break;
    case 9:
      check_directory(payload);
      break;
    default: {
      const auto json = wire::parse_json(payload, 64 * 1024);
      if (!json) break;
      const auto payment = ledger::payments::read_manual_payment(*json, "owner");
      if (payment) HEARTH_ASSERT(payment->amount.minor > 0 && !payment->reference.empty());
    }
  }
  return 0;
}
