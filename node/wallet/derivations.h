// What a home derives from its wallet seed for money (docs/protocol.md §2): each purchase and
// voucher has keys of its own, which anybody with the seed can make again after a crash. Pure.
#pragma once

#include <array>
#include <cstdint>

#include "common/crypto/poprf.h"
#include "common/crypto/sign.h"
#include "common/identity/cards.h"
#include "common/wire/documents.h"

namespace hearth::node {

crypto::Seed purchase_seed(const crypto::Seed& wallet, std::uint64_t n);
/// Of exchange `m`; request id, voucher key and blind derive from it as from a purchase's.
crypto::Seed exchange_seed(const crypto::Seed& wallet, std::uint64_t m);
wire::RequestId request_id(const crypto::Seed& purchase);
/// The ledger seals to it what it says later about the purchase.
crypto::BoxKey purchase_encryption(const crypto::Seed& purchase);
/// Of the Ed25519 key that signs the redemption of voucher `i` of a purchase.
crypto::Seed one_time_seed(const crypto::Seed& purchase, std::uint64_t i);
crypto::poprf::Scalar voucher_blind(const crypto::Seed& purchase, std::uint64_t i);
/// The ledger seals the access key to this one.
crypto::BoxKey access_recipient(const crypto::Seed& one_time_seed);
/// The same of a voucher that several homes may redeem: this home's own.
crypto::BoxKey shared_recipient(const crypto::Seed& wallet, const crypto::Seed& one_time_seed);
identity::DropToken drop_token(const crypto::Seed& wallet, std::uint64_t n);
/// Each machine of a home that was restored has a number of its own; the first one has 0.
std::array<std::uint8_t, 16> device_id(const crypto::Seed& wallet, std::uint64_t machine = 0);

}  // namespace hearth::node
