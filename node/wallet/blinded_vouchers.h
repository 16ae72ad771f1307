// Vouchers on their way: the one-time keys and blinds that derive from one seed (of a purchase or
// of an exchange), and the finished vouchers that the ledger's evaluation makes of them.
// docs/protocol.md §2, §6.4. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "common/wire/documents.h"

namespace hearth::node {

struct BlindedVouchers {
  std::vector<crypto::Seed> seeds;
  std::vector<Bytes> inputs;
  std::vector<crypto::poprf::Blinded> blinded;

  std::vector<crypto::poprf::Element> elements() const;
};

/// Code::bad_element when the epoch's key is none.
Result<BlindedVouchers> blind_vouchers(const crypto::Seed& seed, std::uint32_t count,
                                       const wire::OfferId& offer,
                                       const wire::LedgerKeys::Epoch& epoch);

/// Checks the DLEQ proof against the epoch's key. Code::proof_invalid.
Result<std::vector<wire::Voucher>> unblind_vouchers(
    const BlindedVouchers& parts, const std::vector<crypto::poprf::Element>& evaluated,
    const crypto::poprf::Proof& proof, const wire::OfferId& offer,
    const wire::LedgerKeys::Epoch& epoch);

/// Of the ledger's signed list; null: not in it.
const wire::LedgerKeys::Epoch* find_epoch(const wire::LedgerKeys& keys, std::uint32_t epoch);

}  // namespace hearth::node
