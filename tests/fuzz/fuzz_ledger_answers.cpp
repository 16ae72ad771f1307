// What a ledger answers a home, which does not trust it: pages, statements, answers to requests,
// proofs. The first byte picks the decoder. What is taken obeys its bounds.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/base/names.h"
#include "common/identity/cards.h"
#include "node/ledger_link/ledger_answers.h"

namespace {

using namespace hearth;
using namespace hearth::node;

void check_page(ByteView body) {
  const auto page = read_catalogue_page(body);
  if (!page) return;
  HEARTH_ASSERT(page->offers.size() <= 1000);
  for (const CatalogueEntry& entry : page->offers) {
    HEARTH_ASSERT(entry.complete_sources >= 0);
    HEARTH_ASSERT(checked_name(entry.offer.manifest.name) == entry.offer.manifest.name);
  }
}

void check_entry(ByteView body) {
  const wire::OfferId other{};
  HEARTH_ASSERT(!read_catalogue_entry(body, other));  // nobody finds what hashes to zero
}

void check_statement(ByteView body) {
  const auto statement = read_statement(body);
  if (!statement) return;
  for (const auto& entry : statement->entries)
    HEARTH_ASSERT(entry.at_ms >= 0 && printable(entry.reference, 1000) == entry.reference);
  for (const auto& pocket : statement->pockets)
    HEARTH_ASSERT(pocket.pocket >= 1 && pocket.pocket <= wire::max_pocket);
}

void check_found(ByteView body) {
  const auto found = read_found(body);
  if (found) HEARTH_ASSERT(identity::parse_contact_card(found->card)->home == found->home);
}

void check_money(ByteView body) {
  const auto refunded = read_refunded(body);
  if (refunded) HEARTH_ASSERT(refunded->amount.minor >= 0);
  const auto transferred = read_transferred(body);
  if (transferred) HEARTH_ASSERT(transferred->balance_after.minor >= 0);
}

void check_proofs(ByteView body) {
  const auto proof = read_log_consistency(body);
  if (proof) HEARTH_ASSERT(proof->size() <= tlog::max_proof_hashes);
  (void)read_log_epochs(body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto key = crypto::BoxKey::from_seed(crypto::Seed());
  if (size == 0) return 0;
  const ByteView body(data + 1, size - 1);
  switch (data[0] % 7) {
    case 0:
      check_page(body);
      check_entry(body);
      break;
    case 1:
      check_statement(body);
      break;
    case 2: {
      const auto redeemed = read_redeemed(body);
      if (redeemed) HEARTH_ASSERT(redeemed->access_key.size() <= crypto::age::max_header);
      break;
    }
    case 3:
      check_money(body);
      break;
    case 4:
      check_found(body);
      (void)read_voucher_state(body);
      break;
    case 5:
      (void)read_perhaps_sealed(body, key);
      break;
    default:
      check_proofs(body);
  }
  return 0;
}
