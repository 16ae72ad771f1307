// The journal's row of one record in the books (docs/accounting.md §5): salt (16 random bytes) and
// commitment, the record, and beside it what follows from the records before and what no record
// says: each posting's account after it, and the answer that the command got. Only salt and record
// are under the commitment. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "common/base/bytes.h"
#include "ledger/journal/record.h"

namespace hearth::ledger {

using Salt = std::array<std::uint8_t, 16>;
/// SHA-256(salt || record): the leaf of the RFC 6962 tree (tree.h). So the tree can be public
/// without telling anybody's purchases.
crypto::Sha256Digest commitment_of(const Salt& salt, ByteView record);

/// Of a posting's account when the record was made.
struct Standing {
  std::int64_t balance_after = 0;
  std::uint64_t previous = 0;  ///< index of the account's entry before this one; 0: the first
  bool operator==(const Standing&) const = default;
};
using Standings = std::array<Standing, Postings::limit>;

struct StoredRecord {
  Salt salt{};
  crypto::Sha256Digest commitment{};
  ByteView record;  ///< into the bytes it was split from, as the next
  ByteView beside;
};
/// nullopt when it is not of that form. Does not check the commitment: audit does.
std::optional<StoredRecord> split_stored(ByteView value);

inline constexpr std::size_t max_evaluation_bytes = 4 * 1024;  ///< 16 elements and a proof: 576

/// What stands beside a record with so many postings.
struct Beside {
  Standings standings{};
  Bytes evaluation;  ///< purchases only, opaque
};
/// nullopt: damaged.
std::optional<Beside> decode_beside(ByteView beside, std::size_t postings);

/// A record as the books keep it.
struct Kept {
  Record record;
  Beside beside;
};
/// nullopt: damaged.
std::optional<Kept> decode_kept(ByteView value);

/// The row; `commitment` comes out.
Bytes encode_stored(const Record& record, const Salt& salt, const Standings& standings,
                    ByteView evaluation, crypto::Sha256Digest& commitment);

}  // namespace hearth::ledger
