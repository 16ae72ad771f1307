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
}
void write(Writer& out, const Deposited& what) {
  out.raw(what.home.key).i64(what.amount.minor);
  write(out, what.amount.currency);
  out.text(what.reference);
}
void write(Writer& out, const Purchased& what) {
  out.raw(what.request_id).raw(what.request_hash).raw(what.home.key).raw(what.offer);
  out.u32(what.epoch).i64(what.vouchers);
}
void write(Writer& out, const Redeemed& what) {
  out.raw(what.voucher).raw(what.request_hash).raw(what.offer).u32(what.epoch);
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
  Postings postings() {
    Postings out;
    const std::size_t count = in_.u8();
    ok_ = ok_ && count <= Postings::limit;
    for (std::size_t i = 0; i < count && ok_; ++i) {
      const auto account = AccountId::from_raw(in_.raw(AccountId::size));
      const std::int64_t delta = in_.i64();
      ok_ = account.has_value();
      if (ok_) out.add(*account, delta);
    }
    return out;
  }
  What what(std::uint8_t kind);
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
      return OfferRegistered{OfferTerms{offer, seller, price, in_.i64()}};
    }
    case 4:
      return Deposited{home(), amount(), in_.text(max_reference_bytes)};
    case 5:
      return Purchased{in_.fixed<16>(), in_.fixed<32>(), home(),
                       in_.fixed<32>(), in_.u32(),       in_.i64()};
    case 6:
      return Redeemed{in_.fixed<32>(), in_.fixed<32>(), in_.fixed<32>(), in_.u32()};
    default:
      ok_ = false;
      return CurrenciesKept{};
  }
}

}  // namespace

std::string_view kind_name(const What& what) {
  constexpr std::string_view names[] = {"currencies", "open",     "offer",
                                        "deposit",    "purchase", "redemption"};
  static_assert(std::size(names) == std::variant_size_v<What>);
  return names[what.index()];
}

Bytes encode_record(const Record& record) {
  Writer out;
  out.u8(format_version).u64(record.index).i64(record.at_ms);
  out.u8(static_cast<std::uint8_t>(record.what.index() + 1));
  out.u8(static_cast<std::uint8_t>(record.postings.size()));
  for (const Posting& posting : record.postings) out.raw(posting.account.raw()).i64(posting.delta);
  std::visit([&out](const auto& what) { write(out, what); }, record.what);
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

crypto::Sha256Digest commitment_of(const Salt& salt, ByteView record) {
  Bytes salted;
  salted.reserve(salt.size() + record.size());
  append(salted, salt);
  append(salted, record);
  return crypto::sha256(salted);
}

Bytes join_stored(const Salt& salt, const crypto::Sha256Digest& commitment, ByteView record) {
  Bytes out;
  out.reserve(salt.size() + commitment.size() + record.size());
  append(out, salt);
  append(out, commitment);
  append(out, record);
  return out;
}

std::optional<StoredRecord> split_stored(ByteView value) {
  StoredRecord out;
  const std::size_t head = out.salt.size() + out.commitment.size();
  if (value.size() <= head) return std::nullopt;
  std::copy_n(value.begin(), out.salt.size(), out.salt.begin());
  std::copy_n(value.begin() + out.salt.size(), out.commitment.size(), out.commitment.begin());
  out.record = value.subspan(head);
  return out;
}

}  // namespace hearth::ledger
