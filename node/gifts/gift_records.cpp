#include "node/gifts/gift_records.h"

#include <algorithm>

#include "node/wallet/wallet_records.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 2;
constexpr std::uint8_t format_outbox = 1, format_wish = 1, format_brief = 1;
constexpr std::size_t max_text = 8 * 1024;

void write_words(Writer& out, const GiftWords& words) {
  out.u8(words.has_picture ? 1 : 0).i64(words.open_from_ms).i64(words.expires_ms);
  out.text(words.channel).i64(words.place_ms).text(words.parcel).u8(words.part).u8(words.parts);
  out.text(words.wish);
}

void read_words(hearth::Reader& in, GiftWords& words) {
  words.has_picture = in.u8() != 0;
  words.open_from_ms = in.i64();
  words.expires_ms = in.i64();
  words.channel = in.text(max_text);
  words.place_ms = in.i64();
  words.parcel = in.text(max_text);
  words.part = in.u8();
  words.parts = in.u8();
  words.wish = in.text(max_text);
}

}  // namespace

Result<wire::Manifest> manifest_of(const ReceivedGift& gift) {
  if (!gift.manifest_jws.empty()) return wire::read_manifest(gift.manifest_jws);
  if (gift.offer_jws.empty()) {
    return fail(Code::not_found, "The ledger has not told yet what this gift is.");
  }
  auto offer = wire::read_offer(gift.offer_jws);
  if (!offer) return pass_on(offer.error());
  return std::move(offer->manifest);
}

Bytes encode(const SentGift& gift) {
  Writer out;
  out.u8(format).text(gift.id).u8(static_cast<std::uint8_t>(gift.state)).raw(gift.to.key);
  out.text(gift.to_name).text(gift.title_name).text(gift.title).text(gift.offer);
  out.text(gift.voucher).text(gift.words.note).text(gift.reason);
  out.i64(gift.sent_ms).i64(gift.changed_ms);
  write_words(out, gift.words);
  out.text(gift.thanks).u32(gift.pocket).u8(gift.ran_out ? 1 : 0);
  return out.take();
}

Result<SentGift> decode_sent_gift(ByteView bytes) {
  hearth::Reader in(bytes);
  const std::uint8_t version = in.u8();
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
  gift.words.note = in.text(max_text);
  gift.reason = in.text(max_text);
  gift.sent_ms = in.i64();
  gift.changed_ms = in.i64();
  if (version == format) {
    read_words(in, gift.words);
    gift.thanks = in.text(max_text);
    gift.pocket = in.u32();
    gift.ran_out = in.u8() != 0;
  }
  const bool known = version == 1 || version == format;
  if (!known || !in.done() || state < 1 || state > 13) return damaged("gift");
  return gift;
}

Bytes encode(const ReceivedGift& gift) {
  Writer out;
  out.u8(format).text(gift.id).u8(static_cast<std::uint8_t>(gift.state)).raw(gift.from.key);
  out.text(gift.from_card).text(gift.title_name).text(gift.title).text(gift.words.note);
  out.text(gift.offer_jws).text(gift.manifest_jws).u8(gift.voucher ? 1 : 0);
  if (gift.voucher) write_voucher(out, *gift.voucher);
  out.u8(gift.file_key ? 1 : 0);
  if (gift.file_key) out.raw(gift.file_key->view());
  out.text(gift.reason).i64(gift.sent_ms).i64(gift.received_ms).i64(gift.changed_ms);
  write_words(out, gift.words);
  out.text(gift.thanks).i64(gift.played_ms).u8(gift.push_asks ? 1 : 0);
  out.i64(gift.min_age).i64(gift.not_before_ms).u8(gift.auto_accept ? 1 : 0);
  out.u64(gift.size).i64(gift.accepted_ms).u8(gift.quiet ? 1 : 0);
  return out.take();
}

Result<ReceivedGift> decode_received_gift(ByteView bytes) {
  hearth::Reader in(bytes);
  const std::uint8_t version = in.u8();
  ReceivedGift gift;
  gift.id = in.text(max_text);
  const std::uint8_t state = in.u8();
  gift.state = static_cast<ReceivedState>(state);
  gift.from.key = in.fixed<32>();
  gift.from_card = in.text(max_text);
  gift.title_name = in.text(max_text);
  gift.title = in.text(max_text);
  gift.words.note = in.text(max_text);
  gift.offer_jws = in.text(wire::max_jws);
  gift.manifest_jws = in.text(wire::max_jws);
  if (in.u8() != 0) gift.voucher = read_voucher(in);
  if (in.u8() != 0) gift.file_key = crypto::age::FileKey(in.fixed<16>());
  gift.reason = in.text(max_text);
  gift.sent_ms = in.i64();
  gift.received_ms = in.i64();
  gift.changed_ms = in.i64();
  if (version == format) {
    read_words(in, gift.words);
    gift.thanks = in.text(max_text);
    gift.played_ms = in.i64();
    gift.push_asks = in.u8() != 0;
    gift.min_age = in.i64();
    gift.not_before_ms = in.i64();
    gift.auto_accept = in.u8() != 0;
    gift.size = in.u64();
    gift.accepted_ms = in.i64();
    gift.quiet = in.u8() != 0;
  }
  const bool known = version == 1 || version == format;
  if (!known || !in.done() || state < 1 || state > 7) return damaged("gift");
  return gift;
}

ReceivedBrief brief_of(const ReceivedGift& gift) {
  ReceivedBrief brief;
  brief.id = gift.id;
  brief.state = gift.state;
  brief.from = gift.from;
  brief.parcel = gift.words.parcel;
  brief.title = gift.title;
  brief.size = gift.size;
  brief.accepted_ms = gift.accepted_ms;
  brief.opens_ms = std::max(gift.words.open_from_ms, gift.not_before_ms);
  brief.expires_ms = gift.words.expires_ms;
  brief.played_ms = gift.played_ms;
  brief.auto_accept = gift.auto_accept;
  brief.needs_offer = gift.voucher && gift.offer_jws.empty();
  return brief;
}

Bytes encode(const ReceivedBrief& brief) {
  Writer out;
  out.u8(format_brief).text(brief.id).u8(static_cast<std::uint8_t>(brief.state));
  out.raw(brief.from.key).text(brief.parcel).text(brief.title).u64(brief.size);
  out.i64(brief.accepted_ms).i64(brief.opens_ms).i64(brief.expires_ms).i64(brief.played_ms);
  out.u8(brief.auto_accept ? 1 : 0).u8(brief.needs_offer ? 1 : 0);
  return out.take();
}

Result<ReceivedBrief> decode_received_brief(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == format_brief;
  ReceivedBrief brief;
  brief.id = in.text(max_text);
  const std::uint8_t state = in.u8();
  brief.state = static_cast<ReceivedState>(state);
  brief.from.key = in.fixed<32>();
  brief.parcel = in.text(max_text);
  brief.title = in.text(max_text);
  brief.size = in.u64();
  brief.accepted_ms = in.i64();
  brief.opens_ms = in.i64();
  brief.expires_ms = in.i64();
  brief.played_ms = in.i64();
  brief.auto_accept = in.u8() != 0;
  brief.needs_offer = in.u8() != 0;
  if (!known || !in.done() || state < 1 || state > 7) return damaged("gift");
  return brief;
}

Bytes encode(const Wish& wish) {
  Writer out;
  out.u8(format_wish).text(wish.id).u8(wish.outgoing ? 1 : 0).u8(wish.granted ? 1 : 0);
  out.raw(wish.home.key).text(wish.home_name).text(wish.offer).text(wish.note).i64(wish.at_ms);
  return out.take();
}

Result<Wish> decode_wish(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == format_wish;
  Wish wish;
  wish.id = in.text(max_text);
  wish.outgoing = in.u8() != 0;
  wish.granted = in.u8() != 0;
  wish.home.key = in.fixed<32>();
  wish.home_name = in.text(max_text);
  wish.offer = in.text(max_text);
  wish.note = in.text(max_text);
  wish.at_ms = in.i64();
  if (!known || !in.done()) return damaged("wish");
  return wish;
}

Bytes encode(const OutboxEntry& entry) {
  Writer out;
  out.u8(format_outbox).text(entry.idempotency_key).raw(entry.mailbox).raw(entry.token);
  out.bytes(entry.sealed).text(entry.gift).i64(entry.created_ms);
  return out.take();
}

Result<OutboxEntry> decode_outbox_entry(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == format_outbox;
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
