#include "ledger/engine/books_keys.h"

#include "common/base/codec.h"

namespace hearth::ledger::books {

Bytes key(std::string_view letter, ByteView id) {
  Bytes out;
  out.reserve(letter.size() + id.size());
  append(out, as_bytes(letter));
  append(out, id);
  return out;
}

Bytes journal_key(std::uint64_t index) {
  Writer out;
  out.reserve(journal.size() + 8);
  return out.raw(as_bytes(journal)).u64(index).take();
}

Bytes entry_key(const AccountId& account, std::uint64_t index) {
  Writer out;
  out.reserve(entries.size() + AccountId::size + 8);
  return out.raw(as_bytes(entries)).raw(account.raw()).u64(index).take();
}

Bytes booking_key(std::string_view letter, const AccountId& account, std::int64_t minor,
                  std::string_view reference) {
  Writer identity;
  identity.raw(account.raw()).i64(minor).text(reference);
  return key(letter, crypto::sha256(identity.view()));
}

Bytes fees_key(const money::Currency& currency) {
  return key(fees, as_bytes(currency.code()));
}

Bytes epoch_key(std::uint32_t epoch) {
  return Writer().raw(as_bytes(epochs)).u32(epoch).take();
}

Bytes share_key(const VoucherInput& voucher, std::uint8_t number) {
  return Writer().raw(as_bytes(shares)).raw(voucher).u8(number).take();
}

crypto::Sha256Digest content_of(const AdjustCommand& command) {
  Writer content;
  content.raw(command.account.raw()).i64(command.minor).text(command.reason);
  return crypto::sha256(content.view());
}

}  // namespace hearth::ledger::books
