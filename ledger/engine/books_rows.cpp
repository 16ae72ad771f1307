// How the rows of the books are written and read (docs/accounting.md §6).
#include <algorithm>

#include "common/base/assert.h"
#include "common/base/codec.h"
#include "ledger/engine/books_keys.h"

namespace hearth::ledger::books {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::uint8_t second_version = 2;  // of rows that had another form once
constexpr std::uint8_t shared_offer_version = 2;  ///< several homes redeem its vouchers
constexpr std::size_t max_name_bytes = 480;

Writer versioned(std::uint8_t version = format_version) {
  Writer out;
  out.reserve(72);  // most rows are shorter
  out.u8(version);
  return out;
}

/// A reader behind the version byte; it has failed when that is another one.
Reader versioned(ByteView value, std::uint8_t version = format_version) {
  Reader in(value);
  if (in.u8() != version) in.raw(SIZE_MAX);  // fails, and so does everything after
  return in;
}

template <class Row>
std::optional<Row> when_done(const Reader& in, Row row) {
  return in.done() ? std::optional<Row>(std::move(row)) : std::nullopt;
}

}  // namespace

Bytes encode(const Account& account) {
  Writer out = versioned(second_version);
  out.u8(static_cast<std::uint8_t>(account.state)).i64(account.balance);
  out.u64(account.entries).u64(account.last_entry);
  const auto counts = {account.bought, account.redeemed, account.refunded, account.exchanged,
                       account.fresh};
  // A wallet has none: its row ends here.
  if (std::all_of(counts.begin(), counts.end(), [](auto count) { return count == 0; }))
    return out.take();
  for (const std::uint64_t count : counts) out.u64(count);
  return out.take();
}

std::optional<Account> decode_account(ByteView value) {
  Reader in = versioned(value, second_version);
  Account account;
  const std::uint8_t state = in.u8();
  account.state = static_cast<AccountState>(state);
  account.balance = in.i64();
  account.entries = in.u64();
  account.last_entry = in.u64();
  if (state > static_cast<std::uint8_t>(AccountState::closed)) return std::nullopt;
  if (in.done()) return account;
  std::uint64_t all = 0;
  for (auto* count :
       {&account.bought, &account.redeemed, &account.refunded, &account.exchanged, &account.fresh})
    *count = in.u64(), all |= *count;
  const auto in_sum = static_cast<__int128>(account.bought) + account.fresh;
  const auto out_sum =
      static_cast<__int128>(account.redeemed) + account.refunded + account.exchanged;
  if (all == 0 || out_sum > in_sum) return std::nullopt;
  return when_done(in, account);
}

Bytes encode(const HomeRow& row) {
  return versioned().u64(row.index).text(row.name).take();
}
std::optional<HomeRow> decode_home(ByteView value) {
  Reader in = versioned(value);
  HomeRow row{in.u64(), in.text(max_name_bytes)};
  return when_done(in, std::move(row));
}

Bytes encode(const OfferRow& row) {
  const bool shared = row.terms.homes != 1;
  Writer out;
  out.u8(shared ? shared_offer_version : format_version);
  out.u64(row.index).raw(row.terms.seller.key).i64(row.terms.price.minor);
  out.raw(as_bytes(row.terms.price.currency.code())).i64(row.terms.fee_minor);
  if (shared) out.u8(static_cast<std::uint8_t>(row.terms.homes));
  return out.take();
}
std::optional<OfferRow> decode_offer(const OfferId& id, ByteView value) {
  Reader in(value);
  const std::uint8_t version = in.u8();
  if (version != format_version && version != shared_offer_version) return std::nullopt;
  const std::uint64_t index = in.u64();
  const identity::HomeAddress seller{in.fixed<32>()};
  const std::int64_t price = in.i64();
  const auto currency = money::Currency::from_code(as_text(in.raw(3)));
  const std::int64_t fee = in.i64();
  const std::int64_t for_homes = version == shared_offer_version ? in.u8() : 1;
  if (!in.done() || !currency || for_homes < 1 || for_homes > max_homes) return std::nullopt;
  return OfferRow{index, {id, seller, {price, *currency}, fee, for_homes}};
}

Bytes encode(const BookingRow& row) {
  return versioned().u64(row.index).i64(row.balance_after).take();
}
std::optional<BookingRow> decode_booking(ByteView value) {
  Reader in = versioned(value);
  const BookingRow row{in.u64(), in.i64()};
  return when_done(in, row);
}

Bytes encode(const AdjustmentRow& row) {
  return versioned().u64(row.index).raw(row.content).i64(row.balance_after).take();
}
std::optional<AdjustmentRow> decode_adjustment(ByteView value) {
  Reader in = versioned(value);
  const AdjustmentRow row{in.u64(), in.fixed<32>(), in.i64()};
  return when_done(in, row);
}

Bytes encode(const RequestRow& row) {
  return versioned(second_version).u64(row.index).take();
}
std::optional<RequestRow> decode_request(ByteView value) {
  Reader in = versioned(value, second_version);
  const RequestRow row{in.u64()};
  return when_done(in, row);
}

Bytes encode(const SpentRow& row) {
  HEARTH_ASSERT(row.kept.size() <= max_kept_bytes);
  Writer out;
  out.reserve(46 + row.kept.size());
  out.u8(format_version).u8(static_cast<std::uint8_t>(row.end)).u64(row.index);
  out.raw(row.request_hash).bytes(row.kept);
  return out.take();
}
std::optional<SpentRow> decode_spent(ByteView value) {
  Reader in = versioned(value);
  const std::uint8_t end = in.u8();
  SpentRow row{static_cast<VoucherEnd>(end), in.u64(), in.fixed<32>(),
               to_bytes(in.bytes(max_kept_bytes))};
  if (end < 1 || end > 3) return std::nullopt;
  return when_done(in, std::move(row));
}

Bytes encode(const StateRow& row) {
  return versioned().u64(row.index).u8(static_cast<std::uint8_t>(row.state)).take();
}
std::optional<StateRow> decode_state(ByteView value) {
  Reader in = versioned(value);
  const std::uint64_t index = in.u64();
  const std::uint8_t state = in.u8();
  if (state > static_cast<std::uint8_t>(AccountState::closed)) return std::nullopt;
  return when_done(in, StateRow{index, static_cast<AccountState>(state)});
}

Bytes encode(const LimitsRow& row) {
  Writer out = versioned();
  out.u64(row.index).i64(row.limits.per_purchase).i64(row.limits.per_day);
  return out.i64(row.limits.per_month).take();
}
std::optional<LimitsRow> decode_limits(ByteView value) {
  Reader in = versioned(value);
  const LimitsRow row{in.u64(), {in.i64(), in.i64(), in.i64()}};
  return when_done(in, row);
}

Bytes encode(const Spent& row) {
  return versioned().i64(row.day).i64(row.on_day).i64(row.month).i64(row.in_month).take();
}
std::optional<Spent> decode_spending(ByteView value) {
  Reader in = versioned(value);
  const Spent row{in.i64(), in.i64(), in.i64(), in.i64()};
  return when_done(in, row);
}

Bytes encode(const FeesRow& row) {
  Writer out = versioned();
  out.u64(row.index).u16(static_cast<std::uint16_t>(row.fees.basis_points));
  return out.i64(row.fees.fixed).take();
}
std::optional<FeesRow> decode_fees(ByteView value) {
  Reader in = versioned(value);
  const FeesRow row{in.u64(), {in.u16(), in.i64()}};
  if (row.fees.basis_points > 10'000 || row.fees.fixed < 0) return std::nullopt;
  return when_done(in, row);
}

Bytes encode(const EpochRow& row) {
  return versioned().u64(row.index).raw(row.key).i64(row.from_ms).take();
}
std::optional<EpochRow> decode_epoch(ByteView value) {
  Reader in = versioned(value);
  const EpochRow row{in.u64(), in.fixed<32>(), in.i64()};
  return when_done(in, row);
}

Bytes encode(const std::vector<money::Currency>& kept) {
  Writer out = versioned(books_format);
  for (const auto& currency : kept) out.raw(as_bytes(currency.code()));
  return out.take();
}
std::optional<std::vector<money::Currency>> decode_currencies(ByteView value) {
  if (value.size() % 3 != 1 || value[0] != books_format) return std::nullopt;
  std::vector<money::Currency> out;
  for (std::size_t at = 1; at < value.size(); at += 3) {
    const auto currency = money::Currency::from_code(as_text(value.subspan(at, 3)));
    if (!currency) return std::nullopt;
    out.push_back(*currency);
  }
  return out;
}

Bytes encode_waypoint() {
  return {second_version};
}
bool is_waypoint(ByteView value) {
  return value.size() == 1 && value[0] == second_version;
}

}  // namespace hearth::ledger::books
