#include "ledger/journal/stored.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/codec.h"

namespace hearth::ledger {
namespace {

constexpr std::uint8_t format_version = 2;
constexpr std::size_t head_bytes = 1 + sizeof(Salt) + sizeof(crypto::Sha256Digest) + 4;

}  // namespace

crypto::Sha256Digest commitment_of(const Salt& salt, ByteView record) {
  Bytes salted;
  salted.reserve(salt.size() + record.size());
  append(salted, salt);
  append(salted, record);
  return crypto::sha256(salted);
}

std::optional<StoredRecord> split_stored(ByteView value) {
  Reader in(value);
  if (in.u8() != format_version) return std::nullopt;
  StoredRecord out;
  out.salt = in.fixed<sizeof(Salt)>();
  out.commitment = in.fixed<sizeof(crypto::Sha256Digest)>();
  out.record = in.bytes(value.size());
  if (!in.ok() || out.record.empty()) return std::nullopt;
  out.beside = value.subspan(head_bytes + out.record.size());
  return out;
}

std::optional<Beside> decode_beside(ByteView beside, std::size_t postings) {
  HEARTH_ASSERT(postings <= Postings::limit);
  Reader in(beside);
  Beside out;
  for (std::size_t i = 0; i < postings; ++i) out.standings[i] = {in.i64(), in.u64()};
  out.evaluation = to_bytes(in.bytes(max_evaluation_bytes));
  if (!in.done()) return std::nullopt;
  return out;
}

std::optional<Kept> decode_kept(ByteView value) {
  const auto stored = split_stored(value);
  auto record = stored ? decode_record(stored->record) : std::nullopt;
  if (!record) return std::nullopt;
  auto beside = decode_beside(stored->beside, record->postings.size());
  if (!beside) return std::nullopt;
  return Kept{std::move(*record), std::move(*beside)};
}

Bytes encode_stored(const Record& record, const Salt& salt, const Standings& standings,
                    ByteView evaluation, crypto::Sha256Digest& commitment) {
  HEARTH_ASSERT(evaluation.size() <= max_evaluation_bytes);
  // For the hash the salt stands before the record; the row's head covers it afterwards.
  constexpr std::array<std::uint8_t, head_bytes - sizeof(Salt)> room{};
  Writer out;
  out.reserve(512 + evaluation.size());
  out.raw(room).raw(salt);
  write_record(out, record);
  commitment = crypto::sha256(ByteView(out.view()).subspan(room.size()));
  const std::size_t record_bytes = out.view().size() - head_bytes;
  for (std::size_t i = 0; i < record.postings.size(); ++i)
    out.i64(standings[i].balance_after).u64(standings[i].previous);
  out.bytes(evaluation);
  Bytes row = out.take();
  row[0] = format_version;
  auto at = std::ranges::copy(salt, row.begin() + 1).out;
  at = std::ranges::copy(commitment, at).out;
  for (const int shift : {24, 16, 8, 0}) *at++ = static_cast<std::uint8_t>(record_bytes >> shift);
  return row;
}

}  // namespace hearth::ledger
