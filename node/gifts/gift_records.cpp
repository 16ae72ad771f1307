#include "node/gifts/gift_records.h"

#include "node/wallet/wallet_records.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_text = 8 * 1024;

}  // namespace

Bytes encode(const SentGift& gift) {
  Writer out;
  out.u8(format).text(gift.id).u8(static_cast<std::uint8_t>(gift.state)).raw(gift.to.key);
  out.text(gift.to_name).text(gift.title_name).text(gift.title).text(gift.offer);
  out.text(gift.voucher).text(gift.note).text(gift.reason).i64(gift.sent_ms).i64(gift.changed_ms);
  return out.take();
}

Result<SentGift> decode_sent_gift(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == format;
  SentGift gift;
  gift.id = in.text(max_text);
  const std::uint8_t state = in.u8();
  gift.state = static_cast<SentState>(state);
  gift.to.key = in.fixed<32>();
  gift.to_name = in.text(max_text);
  gift.title_name = in.text(max_text);
  gift.title = in.text(max_text);
  gift.offer = in.text(max_text);
  gift.voucher = in.text(max_text);
  gift.note = in.text(max_text);
  gift.reason = in.text(max_text);
  gift.sent_ms = in.i64();
  gift.changed_ms = in.i64();
  if (!known || !in.done() || state < 1 || state > 7) return damaged("gift");
  return gift;
}

Bytes encode(const ReceivedGift& gift) {
  Writer out;
  out.u8(format).text(gift.id).u8(static_cast<std::uint8_t>(gift.state)).raw(gift.from.key);
  out.text(gift.from_card).text(gift.title_name).text(gift.title).text(gift.note);
  out.text(gift.offer_jws).text(gift.manifest_jws).u8(gift.voucher ? 1 : 0);
  if (gift.voucher) write_voucher(out, *gift.voucher);
  out.u8(gift.file_key ? 1 : 0);
  if (gift.file_key) out.raw(gift.file_key->view());
  out.text(gift.reason).i64(gift.sent_ms).i64(gift.received_ms).i64(gift.changed_ms);
  return out.take();
}

Result<ReceivedGift> decode_received_gift(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == format;
  ReceivedGift gift;
  gift.id = in.text(max_text);
  const std::uint8_t state = in.u8();
  gift.state = static_cast<ReceivedState>(state);
  gift.from.key = in.fixed<32>();
  gift.from_card = in.text(max_text);
  gift.title_name = in.text(max_text);
  gift.title = in.text(max_text);
  gift.note = in.text(max_text);
  gift.offer_jws = in.text(wire::max_jws);
  gift.manifest_jws = in.text(wire::max_jws);
  if (in.u8() != 0) gift.voucher = read_voucher(in);
  if (in.u8() != 0) gift.file_key = crypto::age::FileKey(in.fixed<16>());
  gift.reason = in.text(max_text);
  gift.sent_ms = in.i64();
  gift.received_ms = in.i64();
  gift.changed_ms = in.i64();
  if (!known || !in.done() || state < 1 || state > 5) return damaged("gift");
  return gift;
}

Bytes encode(const OutboxEntry& entry) {
  Writer out;
  out.u8(format).text(entry.idempotency_key).raw(entry.mailbox).raw(entry.token);
  out.bytes(entry.sealed).text(entry.gift).i64(entry.created_ms);
  return out.take();
}

Result<OutboxEntry> decode_outbox_entry(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == format;
  OutboxEntry entry;
  entry.idempotency_key = in.text(max_text);
  entry.mailbox = in.fixed<32>();
  entry.token = in.fixed<32>();
  entry.sealed = to_bytes(in.bytes(wire::max_drop));
  entry.gift = in.text(max_text);
  entry.created_ms = in.i64();
  if (!known || !in.done()) return damaged("drop");
  return entry;
}

}  // namespace hearth::node
