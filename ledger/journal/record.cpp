#include "ledger/journal/record.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/codec.h"

namespace hearth::ledger {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t max_name_bytes = 480;  // 120 code points
constexpr std::size_t max_currencies = 64;

void write(Writer& out, const money::Currency& currency) {
  out.raw(as_bytes(currency.code()));
}
void write(Writer& out, const std::vector<money::Currency>& currencies) {
  HEARTH_ASSERT(currencies.size() <= max_currencies);
  out.u8(static_cast<std::uint8_t>(currencies.size()));
  for (const auto& currency : currencies) write(out, currency);
}
void write(Writer& out, const CurrenciesKept& what) {
  write(out, what.currencies);
}
void write(Writer& out, const HomeOpened& what) {
  out.raw(what.home.key).text(what.name);
  write(out, what.wallets);
}
void write(Writer& out, const OfferRegistered& what) {
  out.raw(what.terms.offer).raw(what.terms.seller.key).i64(what.terms.price.minor);
  write(out, what.terms.price.currency);
  out.i64(what.terms.fee_minor);
  if (what.terms.homes != 1) out.u8(static_cast<std::uint8_t>(what.terms.homes));
}
void write(Writer& out, const AccountId& account) {
  out.raw(account.raw());
}
void write(Writer& out, const Deposited& what) {
  write(out, what.account);
  out.i64(what.minor).text(what.reference).text(what.by);
}
void write(Writer& out, const Purchased& what) {
  out.raw(what.request_id).raw(what.request_hash).raw(what.home.key).raw(what.offer);
  out.u32(what.epoch).i64(what.vouchers).u32(what.pocket);
}
void write(Writer& out, const Redeemed& what) {
  out.raw(what.voucher).raw(what.request_hash).raw(what.offer).u32(what.epoch);
}
void write(Writer& out, const Withdrawn& what) {
  write(out, what.account);
  out.i64(what.minor).text(what.reference).text(what.by);
}
void write(Writer& out, const Refunded& what) {
  out.raw(what.voucher).raw(what.request_hash).raw(what.offer).u32(what.epoch);
  write(out, what.credited);
}
void write(Writer& out, const Exchanged& what) {
  out.raw(what.voucher).raw(what.request_hash).raw(what.offer).u32(what.epoch);
  out.u32(what.fresh_epoch);
}
void write(Writer& out, const Adjusted& what) {
  out.raw(what.id);
  write(out, what.account);
  out.i64(what.minor).text(what.reason).text(what.by);
}
void write(Writer& out, const Transferred& what) {
  out.raw(what.request_id).raw(what.request_hash).raw(what.home.key);
  out.u32(what.from_pocket).u32(what.to_pocket).i64(what.amount.minor);
  write(out, what.amount.currency);
}
void write(Writer& out, const AccountStateSet& what) {
  write(out, what.account);
  out.u8(static_cast<std::uint8_t>(what.state)).text(what.reason).text(what.by);
}
void write(Writer& out, const LimitsSet& what) {
  out.raw(what.home.key);
  write(out, what.currency);
  out.i64(what.limits.per_purchase).i64(what.limits.per_day).i64(what.limits.per_month);
  out.text(what.by);
}
void write(Writer& out, const FeesSet& what) {
  write(out, what.currency);
  out.u16(static_cast<std::uint16_t>(what.fees.basis_points)).i64(what.fees.fixed).text(what.by);
}
void write(Writer& out, const EpochBegun& what) {
  out.u32(what.epoch).raw(what.key).i64(what.from_ms);
}
void write(Writer& out, const Shared& what) {
  out.raw(what.voucher).raw(what.request_hash).raw(what.offer).u32(what.epoch).u8(what.number);
}

/// Fields in the order in which write() puts them. `ok` falls when a value cannot exist.
class Fields {
 public:
  explicit Fields(Reader& in) : in_(in) {}
  money::Currency currency() {
    auto parsed = money::Currency::from_code(as_text(in_.raw(3)));
    if (!parsed) {
      ok_ = false;
      parsed = money::Currency::from_code("EUR");  // any: the record is refused
    }
    return *parsed;
  }
  std::vector<money::Currency> currencies() {
    std::vector<money::Currency> out;
    const std::size_t count = in_.u8();
    ok_ = ok_ && count <= max_currencies;
    for (std::size_t i = 0; i < count && ok_; ++i) out.push_back(currency());
    return out;
  }
  identity::HomeAddress home() { return {in_.fixed<32>()}; }
  money::Amount amount() {
    const std::int64_t minor = in_.i64();
    return {minor, currency()};
  }
  AccountId account() {
    const auto id = AccountId::from_raw(in_.raw(AccountId::size));
    ok_ = ok_ && id.has_value();
    return id.value_or(AccountId());
  }
  std::uint32_t pocket() {
    const std::uint32_t pocket = in_.u32();
    ok_ = ok_ && pocket <= max_pocket;
    return pocket;
  }
  std::uint8_t several_homes() {
    const std::uint8_t homes = in_.u8();
    ok_ = ok_ && homes >= 2 && homes <= max_homes;
    return homes;
  }
  /// Written only when they are several.
  std::int64_t homes() { return in_.done() ? 1 : several_homes(); }
  AccountState state() {
    const std::uint8_t state = in_.u8();
    ok_ = ok_ && state <= static_cast<std::uint8_t>(AccountState::closed);
    return static_cast<AccountState>(state);
  }
  std::string by() { return in_.text(max_by_bytes); }
  Postings postings() {
    Postings out;
    const std::size_t count = in_.u8();
    ok_ = ok_ && count <= Postings::limit;
    for (std::size_t i = 0; i < count && ok_; ++i) {
      const AccountId id = account();
      const std::int64_t delta = in_.i64();
      if (ok_) out.add(id, delta);
    }
    return out;
  }
  What what(std::uint8_t kind);
  What later_what(std::uint8_t kind);
  bool ok() const { return ok_; }

 private:
  Reader& in_;
  bool ok_ = true;
};

What Fields::what(std::uint8_t kind) {
  // Braced initialisation evaluates from left to right: the order of the bytes.
  switch (kind) {
    case 1:
      return CurrenciesKept{currencies()};
    case 2:
      return HomeOpened{home(), in_.text(max_name_bytes), currencies()};
    case 3: {
      const auto offer = in_.fixed<32>();
      const auto seller = home();
      const auto price = amount();
      const std::int64_t fee = in_.i64();
      return OfferRegistered{OfferTerms{offer, seller, price, fee, homes()}};
    }
    case 4:
      return Deposited{account(), in_.i64(), in_.text(max_reference_bytes), by()};
    case 5:
      return Purchased{in_.fixed<16>(), in_.fixed<32>(), home(),  in_.fixed<32>(),
                       in_.u32(),       in_.i64(),       pocket()};
    case 6:
      return Redeemed{in_.fixed<32>(), in_.fixed<32>(), in_.fixed<32>(), in_.u32()};
    case 7:
      return Withdrawn{account(), in_.i64(), in_.text(max_reference_bytes), by()};
    case 8:
      return Refunded{in_.fixed<32>(), in_.fixed<32>(), in_.fixed<32>(), in_.u32(), account()};
    case 9:
      return Exchanged{in_.fixed<32>(), in_.fixed<32>(), in_.fixed<32>(), in_.u32(), in_.u32()};
    default:
      return later_what(kind);
  }
}

What Fields::later_what(std::uint8_t kind) {
  switch (kind) {
    case 10:
      return Adjusted{in_.fixed<16>(), account(), in_.i64(), in_.text(max_reason_bytes), by()};
    case 11:
      return Transferred{in_.fixed<16>(), in_.fixed<32>(), home(), pocket(), pocket(), amount()};
    case 12:
      return AccountStateSet{account(), state(), in_.text(max_reason_bytes), by()};
    case 13: {
      const auto whose = home();
      const auto in = currency();
      return LimitsSet{whose, in, {in_.i64(), in_.i64(), in_.i64()}, by()};
    }
    case 14: {
      const auto in = currency();
      return FeesSet{in, {in_.u16(), in_.i64()}, by()};
    }
    case 15:
      return EpochBegun{in_.u32(), in_.fixed<32>(), in_.i64()};
    case 16:
      return Shared{in_.fixed<32>(), in_.fixed<32>(), in_.fixed<32>(), in_.u32(), several_homes()};
    default:
      ok_ = false;
      return CurrenciesKept{};
  }
}

}  // namespace

std::string_view kind_name(std::size_t kind) {
  constexpr std::string_view names[] = {"currencies", "open",       "offer",      "deposit",
                                        "purchase",   "redemption", "withdrawal", "refund",
                                        "exchange",   "adjustment", "transfer",   "account_state",
                                        "limits",     "fees",       "epoch",      "share"};
  static_assert(std::size(names) == record_kinds);
  HEARTH_ASSERT(kind >= 1 && kind <= record_kinds);
  return names[kind - 1];
}
std::string_view kind_name(const What& what) {
  return kind_name(what.index() + 1);
}

void write_record(Writer& out, const Record& record) {
  out.u8(format_version).u64(record.index).i64(record.at_ms);
  out.u8(static_cast<std::uint8_t>(record.what.index() + 1));
  out.u8(static_cast<std::uint8_t>(record.postings.size()));
  for (const Posting& posting : record.postings) out.raw(posting.account.raw()).i64(posting.delta);
  std::visit([&out](const auto& what) { write(out, what); }, record.what);
}

Bytes encode_record(const Record& record) {
  Writer out;
  write_record(out, record);
  return out.take();
}

std::optional<Record> decode_record(ByteView bytes) {
  Reader in(bytes);
  Fields fields(in);
  Record record;
  if (in.u8() != format_version) return std::nullopt;
  record.index = in.u64();
  record.at_ms = in.i64();
  const std::uint8_t kind = in.u8();
  record.postings = fields.postings();
  if (!fields.ok()) return std::nullopt;
  record.what = fields.what(kind);
  if (!fields.ok() || !in.done()) return std::nullopt;
  return record;
}

}  // namespace hearth::ledger
