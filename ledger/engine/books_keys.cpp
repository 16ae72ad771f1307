#include "ledger/engine/books_keys.h"

#include "common/base/assert.h"
#include "common/base/codec.h"

namespace hearth::ledger::books {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t max_name_bytes = 480;
constexpr std::size_t max_answer_bytes = 256 * 1024;

Writer versioned() {
  Writer out;
  out.u8(format_version);
  return out;
}

}  // namespace

Bytes key(std::string_view letter, ByteView id) {
  Bytes out;
  out.reserve(letter.size() + id.size());
  append(out, as_bytes(letter));
  append(out, id);
  return out;
}

Bytes journal_key(std::uint64_t index) {
  Writer id;
  id.u64(index);
  return key(journal, id.view());
}

Bytes entry_key(const AccountId& account, std::uint64_t index) {
  Writer id;
  id.raw(account.raw()).u64(index);
  return key(entries, id.view());
}

Bytes deposit_key(const identity::HomeAddress& home, const money::Amount& amount,
                  std::string_view reference) {
  Writer identity;
  identity.raw(home.key).i64(amount.minor).raw(as_bytes(amount.currency.code())).text(reference);
  return key(deposits, crypto::sha256(identity.view()));
}

Bytes encode(const Account& account) {
  Writer out = versioned();
  out.i64(account.balance).u64(account.bought).u64(account.redeemed);
  return out.take();
}

std::optional<Account> decode_account(ByteView value) {
  Reader in(value);
  if (in.u8() != format_version) return std::nullopt;
  Account account{in.i64(), in.u64(), in.u64()};
  return in.done() && account.redeemed <= account.bought ? std::optional(account) : std::nullopt;
}

Bytes encode(const HomeRow& row) {
  Writer out = versioned();
  out.u64(row.index).text(row.name);
  return out.take();
}

std::optional<HomeRow> decode_home(ByteView value) {
  Reader in(value);
  if (in.u8() != format_version) return std::nullopt;
  HomeRow row{in.u64(), in.text(max_name_bytes)};
  return in.done() ? std::optional(row) : std::nullopt;
}

Bytes encode(const OfferRow& row) {
  Writer out = versioned();
  out.u64(row.index).raw(row.terms.seller.key).i64(row.terms.price.minor);
  out.raw(as_bytes(row.terms.price.currency.code())).i64(row.terms.fee_minor);
  return out.take();
}

std::optional<OfferRow> decode_offer(const OfferId& id, ByteView value) {
  Reader in(value);
  if (in.u8() != format_version) return std::nullopt;
  const std::uint64_t index = in.u64();
  const identity::HomeAddress seller{in.fixed<32>()};
  const std::int64_t price = in.i64();
  const auto currency = money::Currency::from_code(as_text(in.raw(3)));
  const std::int64_t fee = in.i64();
  if (!in.done() || !currency) return std::nullopt;
  return OfferRow{index, {id, seller, {price, *currency}, fee}};
}

Bytes encode(const DepositRow& row) {
  Writer out = versioned();
  out.u64(row.index).i64(row.balance_after);
  return out.take();
}

std::optional<DepositRow> decode_deposit(ByteView value) {
  Reader in(value);
  if (in.u8() != format_version) return std::nullopt;
  DepositRow row{in.u64(), in.i64()};
  return in.done() ? std::optional(row) : std::nullopt;
}

Bytes encode(const AnswerRow& row) {
  HEARTH_ASSERT(row.answer.size() <= max_answer_bytes);
  Writer out = versioned();
  out.u64(row.index).raw(row.request_hash).bytes(row.answer);
  return out.take();
}

std::optional<AnswerRow> decode_answer(ByteView value) {
  Reader in(value);
  if (in.u8() != format_version) return std::nullopt;
  AnswerRow row{in.u64(), in.fixed<32>(), {}};
  row.answer = to_bytes(in.bytes(max_answer_bytes));
  return in.done() ? std::optional(std::move(row)) : std::nullopt;
}

Bytes encode(const std::vector<money::Currency>& kept) {
  Writer out = versioned();
  for (const auto& currency : kept) out.raw(as_bytes(currency.code()));
  return out.take();
}

std::optional<std::vector<money::Currency>> decode_currencies(ByteView value) {
  if (value.size() % 3 != 1 || value[0] != format_version) return std::nullopt;
  std::vector<money::Currency> out;
  for (std::size_t at = 1; at < value.size(); at += 3) {
    const auto currency = money::Currency::from_code(as_text(value.subspan(at, 3)));
    if (!currency) return std::nullopt;
    out.push_back(*currency);
  }
  return out;
}

}  // namespace hearth::ledger::books
