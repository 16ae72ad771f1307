// Accounts of the books (docs/accounting.md §1). For people and the wire they are text:
//   wallet/<home address>/EUR     what the ledger owes a home; never below zero
//   wallet/<home address>/EUR/2   a further pocket of that home, 1 to 99; the main wallet is 0
//   escrow/<offer id>/<epoch>     money of vouchers that are bought and not yet redeemed
//   cash/EUR                      the other side of deposits; at or below zero
//   fees/EUR                      what the operator earned; never below zero
//   adjustments/EUR               the other side of corrections; of either sign
// Inside they are 40 bytes of fixed layout: kind, subject, slot (pocket or epoch), currency. The
// bytes order as the store's keys do: one home's wallets, one offer's escrows stand together.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "common/crypto/hash.h"
#include "common/identity/home.h"
#include "common/money/amount.h"

namespace hearth::ledger {

using OfferId = crypto::Sha256Digest;

/// Append only.
enum class AccountKind : std::uint8_t {
  wallet = 1,
  escrow = 2,
  cash = 3,
  fees = 4,
  adjustments = 5,
};
/// "wallet"
std::string_view account_kind_name(AccountKind kind);

inline constexpr std::uint32_t max_pocket = 99;

class AccountId {
 public:
  static constexpr std::size_t size = 40;
  using Raw = std::array<std::uint8_t, size>;

  /// `pocket` 0 is the main wallet; above max_pocket is a bug.
  static AccountId wallet(const identity::HomeAddress& home, const money::Currency& currency,
                          std::uint32_t pocket = 0);
  static AccountId escrow(const OfferId& offer, std::uint32_t epoch,
                          const money::Currency& currency);
  static AccountId cash(const money::Currency& currency);
  static AccountId fees(const money::Currency& currency);
  static AccountId adjustments(const money::Currency& currency);
  /// nullopt unless it is exactly what one of the above makes.
  static std::optional<AccountId> from_raw(ByteView raw);

  AccountKind kind() const { return static_cast<AccountKind>(raw_[0]); }
  identity::HomeAddress home() const;              ///< of a wallet
  OfferId offer() const;                           ///< of an escrow
  std::uint32_t epoch() const { return slot(); }   ///< of an escrow
  std::uint32_t pocket() const { return slot(); }  ///< of a wallet
  money::Currency currency() const;
  bool is_in(const money::Currency& currency) const;
  std::string text() const;
  const Raw& raw() const { return raw_; }

  AccountId() = default;  ///< no account; a slot to be filled
  auto operator<=>(const AccountId&) const = default;

 private:
  AccountId(AccountKind kind, const std::array<std::uint8_t, 32>& subject, std::uint32_t slot,
            const money::Currency& currency);
  std::uint32_t slot() const;
  Raw raw_{};
};

/// Mixes the four words that tell accounts apart; subjects are keys and hashes.
struct AccountHash {
  std::size_t operator()(const AccountId& id) const noexcept {
    std::array<std::uint64_t, 5> w;
    std::memcpy(w.data(), id.raw().data(), AccountId::size);
    std::uint64_t h = 0;
    for (const std::uint64_t word : w) h = (h ^ word) * 0x9E3779B97F4A7C15ULL, h ^= h >> 32;
    return h;
  }
};
/// For keys that are digests.
struct DigestHash {
  std::size_t operator()(const crypto::Sha256Digest& digest) const noexcept {
    std::size_t h;
    std::memcpy(&h, digest.data(), sizeof h);
    return h;
  }
};

/// The textual form, taken apart. An escrow's text does not name its currency: that is its offer's.
/// Code::usage with a sentence.
struct AccountText {
  AccountKind kind = AccountKind::wallet;
  identity::HomeAddress home;
  OfferId offer{};
  std::uint32_t epoch = 0;
  std::uint32_t pocket = 0;
  std::optional<money::Currency> currency;  ///< nullopt for an escrow
};
Result<AccountText> parse_account(std::string_view text);

}  // namespace hearth::ledger
