// The journal's records. A record says what happened once and is never changed; a correction is a
// new record. Stored as salt (16 random bytes) || commitment (32) || record, where commitment =
// SHA-256(salt || record) is the leaf of the RFC 6962 tree (tree.h): the tree can be public
// without telling anybody's purchases. The record's bytes are in docs/accounting.md §5.
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
  identity::HomeAddress home;
  money::Amount amount;
  std::string reference;
  bool operator==(const Deposited&) const = default;
};
struct Purchased {
  RequestId request_id{};
  crypto::Sha256Digest request_hash{};
  identity::HomeAddress home;
  OfferId offer{};
  std::uint32_t epoch = 0;
  std::int64_t vouchers = 0;
  bool operator==(const Purchased&) const = default;
};
struct Redeemed {
  VoucherInput voucher{};
  crypto::Sha256Digest request_hash{};
  OfferId offer{};
  std::uint32_t epoch = 0;
  bool operator==(const Redeemed&) const = default;
};

/// The order is the stored kind, from 1. Append only.
using What =
    std::variant<CurrenciesKept, HomeOpened, OfferRegistered, Deposited, Purchased, Redeemed>;

struct Record {
  std::uint64_t index = 0;  ///< from 0, without gaps; also the leaf's index
  UtcMs at_ms = 0;
  Postings postings;
  What what;
};

/// "currencies" "open" "offer" "deposit" "purchase" "redemption"
std::string_view kind_name(const What& what);

Bytes encode_record(const Record& record);
/// Strict: what it takes encodes to the same bytes again. nullopt otherwise.
std::optional<Record> decode_record(ByteView bytes);

using Salt = std::array<std::uint8_t, 16>;
crypto::Sha256Digest commitment_of(const Salt& salt, ByteView record);

struct StoredRecord {
  Salt salt{};
  crypto::Sha256Digest commitment{};
  ByteView record;  ///< into the bytes it was split from
};
/// `commitment` is what the tree got.
Bytes join_stored(const Salt& salt, const crypto::Sha256Digest& commitment, ByteView record);
/// nullopt when it is too short to be one. Does not check the commitment: audit does.
std::optional<StoredRecord> split_stored(ByteView value);

}  // namespace hearth::ledger
