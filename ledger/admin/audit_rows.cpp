#include "ledger/admin/audit_rows.h"

#include <set>

#include "common/base/codec.h"
#include "ledger/engine/book_tiles.h"

namespace hearth::ledger {
namespace {

/// A tile of level 0 is stored with the record that fills it.
constexpr std::uint64_t last_of_tile(std::uint64_t tile) {
  return tile * tlog::tile_width + tlog::tile_width - 1;
}

std::optional<IndexedRow> read_entry(ByteView key, ByteView value) {
  Reader in(key.subspan(books::entries.size()));
  const auto account = AccountId::from_raw(in.raw(AccountId::size));
  const std::uint64_t index = in.u64();
  if (!account || !in.done() || !books::is_waypoint(value)) return std::nullopt;
  return IndexedRow{index, to_bytes(value)};
}

std::optional<IndexedRow> read_spent(ByteView value) {
  auto row = books::decode_spent(value);
  if (!row) return std::nullopt;
  row->kept.clear();
  return IndexedRow{row->index, books::encode(*row)};
}

std::optional<IndexedRow> read_tile_row(ByteView key, ByteView value) {
  Reader in(key.subspan(books::tiles.size()));
  const std::uint8_t level = in.u8();
  const std::uint64_t tile = in.u64();
  if (!in.done() || level != 0 || tile > UINT64_MAX / tlog::tile_width - 1) return std::nullopt;
  return IndexedRow{last_of_tile(tile), to_bytes(value)};
}

template <class Row>
std::optional<IndexedRow> whole(const std::optional<Row>& row, ByteView value) {
  return row ? std::optional(IndexedRow{row->index, to_bytes(value)}) : std::nullopt;
}

Result<std::optional<Difference>> each_indexed(
    const store::View& view,
    const std::function<std::optional<Difference>(const IndexedPrefix&, ByteView, IndexedRow)>&
        visit) {
  std::optional<Difference> found;
  for (const IndexedPrefix& kind : indexed_prefixes()) {
    const Bytes from = books::key(kind.prefix, {});
    auto scanned = view.scan(from, store::prefix_end(from), [&](ByteView key, ByteView value) {
      auto row = read_indexed(key, value);
      found = row ? visit(kind, key, std::move(*row))
                  : Difference{std::nullopt, std::string(kind.one) + " cannot be read"};
      return !found;
    });
    if (!scanned) return pass_on(scanned.error());
    if (found) return found;
  }
  return found;
}

}  // namespace

const std::vector<IndexedPrefix>& indexed_prefixes() {
  static const Bytes level_0 = books::key(books::tiles, Bytes{0});
  static const std::vector<IndexedPrefix> all = {
      {books::entries, "a waypoint in an account's entries"},
      {books::requests, "a request's place in the journal"},
      {books::spent, "a spent voucher"},
      {books::shares, "a further home's redemption"},
      {books::deposits, "the answer of a deposit"},
      {books::withdrawals, "the answer of a withdrawal"},
      {books::adjustments, "the answer of an adjustment"},
      {as_text(level_0), "a tile of the tree"},
  };
  return all;
}

std::optional<IndexedRow> read_indexed(ByteView key, ByteView value) {
  const std::string_view prefix = as_text(key.first(books::accounts.size()));
  if (prefix == books::entries) return read_entry(key, value);
  if (prefix == books::requests) return whole(books::decode_request(value), value);
  if (prefix == books::spent || prefix == books::shares) return read_spent(value);
  if (prefix == books::tiles) return read_tile_row(key, value);
  if (prefix == books::adjustments) return whole(books::decode_adjustment(value), value);
  return whole(books::decode_booking(value), value);
}

void RowSums::add(std::uint64_t index, ByteView key, ByteView value) {
  const std::uint64_t part = index >> records_log2;
  if (part >= sums_.size()) sums_.resize(part + 1);
  buffer_.clear();
  append(buffer_, key);
  append(buffer_, value);
  sums_[part] += fingerprint_.of(buffer_);
}

std::optional<std::uint64_t> RowSums::first_difference(const RowSums& other) const {
  const std::size_t parts = std::max(sums_.size(), other.sums_.size());
  const auto sum = [](const RowSums& of, std::size_t part) {
    return part < of.sums_.size() ? of.sums_[part] : 0;
  };
  for (std::size_t part = 0; part < parts; ++part)
    if (sum(*this, part) != sum(other, part)) return part;
  return std::nullopt;
}

Result<std::optional<Difference>> sum_stored_rows(const store::View& view, std::uint64_t size,
                                                  RowSums& sums) {
  return each_indexed(view, [&](const IndexedPrefix& kind, ByteView key, IndexedRow row) {
    if (row.index >= size)
      return std::optional(Difference{std::nullopt, std::string(kind.one) + " belongs to record " +
                                                        std::to_string(row.index) +
                                                        ", which the journal does not have"});
    sums.add(row.index, key, row.value);
    return std::optional<Difference>();
  });
}

Result<std::optional<Difference>> inspect_rows(const store::View& view, std::uint64_t from,
                                               std::uint64_t to,
                                               const std::vector<ExpectedRow>& expected) {
  std::set<Bytes> keys;
  for (const ExpectedRow& row : expected) {
    const auto value = view.get(row.key);
    if (!value) return pass_on(value.error());
    if (!*value) return std::optional(Difference{row.index, std::string(row.what) + " is missing"});
    const auto stored = read_indexed(row.key, **value);
    if (!stored)
      return std::optional(Difference{row.index, std::string(row.what) + " cannot be read"});
    if (stored->index != row.index)
      return std::optional(Difference{row.index, std::string(row.what) + " belongs to record " +
                                                     std::to_string(stored->index)});
    if (stored->value != row.value)
      return std::optional(Difference{row.index, std::string(row.what) + " differs"});
    keys.insert(row.key);
  }
  return each_indexed(view, [&](const IndexedPrefix& kind, ByteView key, const IndexedRow& row) {
    const bool is_extra = row.index >= from && row.index < to && !keys.contains(to_bytes(key));
    return is_extra ? std::optional(Difference{
                          row.index, std::string(kind.one) + " too many names this record"})
                    : std::nullopt;
  });
}

}  // namespace hearth::ledger
