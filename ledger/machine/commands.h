// What the books are asked to do, as plain values. They reach the machine checked in form and
// signature by the rooms that took them from the wire; the machine decides about the money.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "common/base/clock.h"
#include "common/crypto/hash.h"
#include "common/identity/home.h"
#include "common/money/amount.h"

namespace hearth::ledger {

using OfferId = crypto::Sha256Digest;
using RequestId = std::array<std::uint8_t, 16>;
using VoucherInput = crypto::Sha256Digest;

inline constexpr std::int64_t max_vouchers = 16;         ///< of one purchase
inline constexpr std::size_t max_reference_bytes = 140;  ///< of a deposit

struct OpenCommand {
  identity::HomeAddress home;
  std::string name;  ///< checked_name
  UtcMs at_ms = 0;
};

/// What of an offer the books need; kept in the store by register_offer.
struct OfferTerms {
  OfferId offer{};
  identity::HomeAddress seller;
  money::Amount price;
  std::int64_t fee_minor = 0;  ///< per voucher, 0..price, fixed when the offer is registered
  bool operator==(const OfferTerms&) const = default;
};

struct DepositCommand {
  identity::HomeAddress home;
  money::Amount amount;   ///< > 0
  std::string reference;  ///< checked_note, at most 140 bytes; the same reference for the same home
                          ///< and amount again is answered with the first deposit
  UtcMs at_ms = 0;
};

struct PurchaseCommand {
  RequestId request_id{};
  crypto::Sha256Digest request_hash{};  ///< of the purchase's JWS text
  identity::HomeAddress home;
  OfferId offer{};
  std::uint32_t epoch = 0;
  std::int64_t vouchers = 1;  ///< 1..16
  UtcMs at_ms = 0;
};

struct RedeemCommand {
  VoucherInput voucher{};               ///< the nullifier
  crypto::Sha256Digest request_hash{};  ///< of the redemption's JWS text
  OfferId offer{};
  std::uint32_t epoch = 0;
  UtcMs at_ms = 0;
};

}  // namespace hearth::ledger
