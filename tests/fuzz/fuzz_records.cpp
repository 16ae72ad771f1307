// The journal's records and the rows of the books: what the ledger reads of its own disk. The first
// byte picks the decoder. A record that is taken encodes to the same bytes again.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "ledger/engine/books_keys.h"
#include "ledger/journal/stored.h"

namespace {

using namespace hearth;
using namespace hearth::ledger;

/// What is taken can be written, and read again.
template <class Row>
void check(ByteView value, std::optional<Row> (*decode)(ByteView)) {
  const auto row = decode(value);
  if (row) HEARTH_ASSERT(decode(books::encode(*row)).has_value());
}

void check_record(ByteView value) {
  const auto record = decode_record(value);
  if (record) HEARTH_ASSERT(encode_record(*record) == Bytes(value.begin(), value.end()));
  const auto stored = split_stored(value);
  if (stored) HEARTH_ASSERT(stored->record.size() + stored->beside.size() < value.size());
  (void)decode_kept(value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView value(data + 1, size - 1);
  switch (data[0] % 14) {
    case 0:
      check_record(value);
      break;
    case 1:
      check(value, books::decode_account);
      break;
    case 2:
      check(value, books::decode_home);
      break;
    case 3: {
      const auto row = books::decode_offer(OfferId{}, value);
      if (row) HEARTH_ASSERT(books::decode_offer(OfferId{}, books::encode(*row)).has_value());
      break;
    }
    case 4:
      check(value, books::decode_booking);
      break;
    case 5:
      check(value, books::decode_adjustment);
      break;
    case 6:
      check(value, books::decode_request);
      break;
    case 7:
      check(value, books::decode_spent);
      break;
    case 8:
      check(value, books::decode_state);
      break;
    case 9:
      check(value, books::decode_limits);
      break;
    case 10:
      check(value, books::decode_spending);
      break;
    case 11:
      check(value, books::decode_fees);
      break;
    case 12:
      check(value, books::decode_epoch);
      break;
    default:
      check(value, books::decode_currencies);
      (void)books::is_waypoint(value);
      (void)AccountId::from_raw(value);
      break;
  }
  return 0;
}
