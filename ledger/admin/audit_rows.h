// The rows that belong to one record each (answers, spent vouchers, waypoints, tiles),
// compared as sets: those that the records demand against those that are stored. Neither side is
// sorted or kept. For every 1024 records both sides add up fingerprints under a key that only this
// audit knows; sums that differ tell which records to look at row by row. So rows are read in the
// order in which they lie, and memory is 16 bytes for 1024 records.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "common/crypto/fingerprint.h"
#include "common/store/store.h"
#include "ledger/admin/replay.h"

namespace hearth::ledger {

class RowSums {
 public:
  static constexpr unsigned records_log2 = 10;
  explicit RowSums(const crypto::Fingerprint& fingerprint) : fingerprint_(fingerprint) {}
  void add(std::uint64_t index, ByteView key, ByteView value);
  /// The first part of 1024 records in which they differ.
  std::optional<std::uint64_t> first_difference(const RowSums& other) const;

 private:
  const crypto::Fingerprint& fingerprint_;
  std::vector<crypto::Fingerprint::Sum> sums_;
  Bytes buffer_;
};

/// A stored row that belongs to one record, without what the journal does not determine of it (what
/// a voucher's answer needs).
struct IndexedRow {
  std::uint64_t index = 0;
  Bytes value;
};
/// nullopt: the value cannot be read. `key` is under one of indexed_prefixes().
std::optional<IndexedRow> read_indexed(ByteView key, ByteView value);
struct IndexedPrefix {
  std::string_view prefix;
  const char* one;  ///< "a spent voucher"
};
const std::vector<IndexedPrefix>& indexed_prefixes();

/// Adds up all stored rows that belong to records below `size`; a row that cannot be read or
/// belongs to no record is a difference.
Result<std::optional<Difference>> sum_stored_rows(const store::View& view, std::uint64_t size,
                                                  RowSums& sums);

/// Looks at the rows of records [from, to) one by one: `expected` are all that there must be.
Result<std::optional<Difference>> inspect_rows(const store::View& view, std::uint64_t from,
                                               std::uint64_t to,
                                               const std::vector<ExpectedRow>& expected);

}  // namespace hearth::ledger
