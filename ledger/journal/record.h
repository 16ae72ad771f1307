// The journal's records. A record says what happened once and is never changed; a correction is a
// new record. Its bytes are in docs/accounting.md §5; stored.h has the row that it is kept in.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "ledger/machine/machine.h"

namespace hearth {
class Writer;
}

namespace hearth::ledger {

/// Which currencies the books keep from here on; the first record of every journal is one.
struct CurrenciesKept {
  std::vector<money::Currency> currencies;
  bool operator==(const CurrenciesKept&) const = default;
};
struct HomeOpened {
  identity::HomeAddress home;
  std::string name;
  std::vector<money::Currency> wallets;  ///< opened now; none: only the name is new
  bool operator==(const HomeOpened&) const = default;
};
struct OfferRegistered {
  OfferTerms terms;
  bool operator==(const OfferRegistered&) const = default;
};
struct Deposited {
  AccountId account;
  std::int64_t minor = 0;
  std::string reference;
  std::string by;
  bool operator==(const Deposited&) const = default;
};
struct Purchased {
  RequestId request_id{};
  crypto::Sha256Digest request_hash{};
  identity::HomeAddress home;
  OfferId offer{};
  std::uint32_t epoch = 0;
  std::int64_t vouchers = 0;
  std::uint32_t pocket = 0;
  bool operator==(const Purchased&) const = default;
};
struct Redeemed {
  VoucherInput voucher{};
  crypto::Sha256Digest request_hash{};
  OfferId offer{};
  std::uint32_t epoch = 0;
  bool operator==(const Redeemed&) const = default;
};
struct Withdrawn {
  AccountId account;
  std::int64_t minor = 0;
  std::string reference;
  std::string by;
  bool operator==(const Withdrawn&) const = default;
};
struct Refunded {
  VoucherInput voucher{};
  crypto::Sha256Digest request_hash{};
  OfferId offer{};
  std::uint32_t epoch = 0;
  AccountId credited;
  bool operator==(const Refunded&) const = default;
};
struct Exchanged {
  VoucherInput voucher{};
  crypto::Sha256Digest request_hash{};
  OfferId offer{};
  std::uint32_t epoch = 0;
  std::uint32_t fresh_epoch = 0;
  bool operator==(const Exchanged&) const = default;
};
struct Adjusted {
  AdjustmentId id{};
  AccountId account;
  std::int64_t minor = 0;
  std::string reason;
  std::string by;
  bool operator==(const Adjusted&) const = default;
};
struct Transferred {
  RequestId request_id{};
  crypto::Sha256Digest request_hash{};
  identity::HomeAddress home;
  std::uint32_t from_pocket = 0;
  std::uint32_t to_pocket = 0;
  money::Amount amount;
  bool operator==(const Transferred&) const = default;
};
struct AccountStateSet {
  AccountId account;
  AccountState state = AccountState::open;
  std::string reason;
  std::string by;
  bool operator==(const AccountStateSet&) const = default;
};
struct LimitsSet {
  identity::HomeAddress home;
  money::Currency currency;
  Limits limits;
  std::string by;
  bool operator==(const LimitsSet&) const = default;
};
struct FeesSet {
  money::Currency currency;
  Fees fees;
  std::string by;
  bool operator==(const FeesSet&) const = default;
};
struct EpochBegun {
  std::uint32_t epoch = 0;
  EpochKey key{};
  UtcMs from_ms = 0;
  bool operator==(const EpochBegun&) const = default;
};

/// A further home redeemed a voucher of an offer that is good for several.
struct Shared {
  VoucherInput voucher{};
  crypto::Sha256Digest request_hash{};
  OfferId offer{};
  std::uint32_t epoch = 0;
  std::uint8_t number = 0;  ///< 2 for the second home that redeemed it
  bool operator==(const Shared&) const = default;
};

/// The order is the stored kind, from 1. Append only.
using What = std::variant<CurrenciesKept, HomeOpened, OfferRegistered, Deposited, Purchased,
                          Redeemed, Withdrawn, Refunded, Exchanged, Adjusted, Transferred,
                          AccountStateSet, LimitsSet, FeesSet, EpochBegun, Shared>;
inline constexpr std::size_t record_kinds = std::variant_size_v<What>;

struct Record {
  std::uint64_t index = 0;  ///< from 0, without gaps; also the leaf's index
  UtcMs at_ms = 0;
  Postings postings;
  What what;
};

/// "currencies" "open" "offer" "deposit" "purchase" "redemption" "withdrawal" "refund" "exchange"
/// "adjustment" "transfer" "account_state" "limits" "fees" "epoch" "share"
std::string_view kind_name(const What& what);
std::string_view kind_name(std::size_t kind);  ///< 1..record_kinds
/// The stored kind of W.
template <class W, std::size_t at = 0>
constexpr std::size_t kind_of() {
  if constexpr (std::is_same_v<W, std::variant_alternative_t<at, What>>)
    return at + 1;
  else
    return kind_of<W, at + 1>();
}

Bytes encode_record(const Record& record);
void write_record(Writer& out, const Record& record);
/// Strict: what it takes encodes to the same bytes again. nullopt otherwise.
std::optional<Record> decode_record(ByteView bytes);

}  // namespace hearth::ledger
