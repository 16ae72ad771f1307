// What the books are asked to do, as plain values. They reach the machine checked in form and
// signature by the rooms that took them from the wire; the machine decides about the money.
//
// `by` is who of the operator's side did it: "owner" at the ledger's own command line, an
// operator's name over TLS, "webhook:NAME" for a payment provider; 1 to 64 bytes that checked_note
// takes. Times are the ledger's own clock; the engine sees to it that they never go back.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "common/base/clock.h"
#include "common/crypto/hash.h"
#include "common/identity/home.h"
#include "common/money/amount.h"
#include "ledger/machine/account.h"

namespace hearth::ledger {

using RequestId = std::array<std::uint8_t, 16>;
using AdjustmentId = std::array<std::uint8_t, 16>;
using VoucherInput = crypto::Sha256Digest;
using EpochKey = std::array<std::uint8_t, 32>;  ///< a POPRF public key

inline constexpr std::int64_t max_vouchers = 16;         ///< of one purchase
inline constexpr std::int64_t max_homes = 16;            ///< that redeem one voucher
inline constexpr std::size_t max_reference_bytes = 140;  ///< of a deposit or withdrawal
inline constexpr std::size_t max_reason_bytes = 500;     ///< of an adjustment or account state
inline constexpr std::size_t max_by_bytes = 64;

struct OpenCommand {
  identity::HomeAddress home;
  std::string name;  ///< checked_name
  UtcMs at_ms = 0;
};

/// What of an offer the books keep.
struct OfferTerms {
  OfferId offer{};
  identity::HomeAddress seller;
  money::Amount price;
  std::int64_t fee_minor = 0;  ///< per voucher, 0..price, fixed when the offer is registered
  std::int64_t homes = 1;      ///< 1..16 different redemptions that one voucher is good for
  bool operator==(const OfferTerms&) const = default;
};

/// Registers an offer; its fee follows from the fees in force (FeesCommand).
struct OfferCommand {
  OfferId offer{};
  identity::HomeAddress seller;
  money::Amount price;
  UtcMs at_ms = 0;
  std::int64_t homes = 1;  ///< as in OfferTerms
};

struct DepositCommand {
  AccountId account;       ///< a wallet; a pocket comes to be with what first arrives in it
  std::int64_t minor = 0;  ///< > 0
  std::string reference;   ///< checked_note, at most 140 bytes; the same reference for the same
                           ///< account and amount again is answered with the first deposit
  std::string by;
  UtcMs at_ms = 0;
};

/// Money paid out: of a wallet to its home, or of the fees to the operator.
struct WithdrawCommand {
  AccountId account;
  std::int64_t minor = 0;  ///< > 0
  std::string reference;   ///< as of a deposit
  std::string by;
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
  std::uint32_t pocket = 0;  ///< of the wallet that pays
};

struct RedeemCommand {
  VoucherInput voucher{};               ///< the nullifier
  crypto::Sha256Digest request_hash{};  ///< of the redemption's JWS text
  OfferId offer{};
  std::uint32_t epoch = 0;
  UtcMs at_ms = 0;
};

/// Gives up an unused voucher for its price.
struct RefundCommand {
  VoucherInput voucher{};
  crypto::Sha256Digest request_hash{};
  OfferId offer{};
  std::uint32_t epoch = 0;
  AccountId credited;  ///< a wallet in the offer's currency
  UtcMs at_ms = 0;
};

/// Gives up an unused voucher for a fresh one of the same offer.
struct ExchangeCommand {
  VoucherInput voucher{};
  crypto::Sha256Digest request_hash{};
  OfferId offer{};
  std::uint32_t epoch = 0;        ///< of the voucher given up
  std::uint32_t fresh_epoch = 0;  ///< of the fresh one
  UtcMs at_ms = 0;
};

/// The operator's correction of a wallet, of cash or of fees, against the adjustments account.
struct AdjustCommand {
  AdjustmentId id{};
  AccountId account;
  std::int64_t minor = 0;  ///< of either sign, not 0
  std::string reason;      ///< checked_note, 1..500 bytes
  std::string by;
  UtcMs at_ms = 0;
};

/// Between two pockets of one home.
struct TransferCommand {
  RequestId request_id{};
  crypto::Sha256Digest request_hash{};  ///< of the transfer's JWS text
  identity::HomeAddress home;
  std::uint32_t from_pocket = 0;
  std::uint32_t to_pocket = 0;
  money::Amount amount;  ///< > 0
  UtcMs at_ms = 0;
};

/// Append only.
enum class AccountState : std::uint8_t {
  open = 0,
  frozen = 1,  ///< nothing leaves it but by the operator's adjustment; money may arrive
  closed = 2,  ///< its balance was zero; nothing moves
};

struct AccountStateCommand {
  AccountId account;  ///< a wallet
  AccountState state = AccountState::open;
  std::string reason;  ///< checked_note, 1..500 bytes
  std::string by;
  UtcMs at_ms = 0;
};

/// What a home may spend on purchases in one currency; 0: no limit. Days and months are UTC's.
struct Limits {
  std::int64_t per_purchase = 0, per_day = 0, per_month = 0;
  bool operator==(const Limits&) const = default;
};

struct LimitsCommand {
  identity::HomeAddress home;
  money::Currency currency;
  Limits limits;
  std::string by;
  UtcMs at_ms = 0;
};

/// The operator's share of each voucher, for offers registered from now on: money::fee_of.
struct Fees {
  int basis_points = 0;    ///< 0..10000
  std::int64_t fixed = 0;  ///< minor units, >= 0
  bool operator==(const Fees&) const = default;
};

struct FeesCommand {
  money::Currency currency;
  Fees fees;
  std::string by;
  UtcMs at_ms = 0;
};

/// A new key for vouchers, on record before it is used.
struct EpochCommand {
  std::uint32_t epoch = 0;  ///< above all before
  EpochKey key{};
  UtcMs from_ms = 0;
  UtcMs at_ms = 0;
};

}  // namespace hearth::ledger
