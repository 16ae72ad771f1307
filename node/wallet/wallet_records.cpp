#include "node/wallet/wallet_records.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_text = 8 * 1024;

}  // namespace

void write_voucher(Writer& out, const wire::Voucher& voucher) {
  out.raw(voucher.offer).u32(voucher.epoch).raw(voucher.one_time_seed.view()).raw(voucher.token);
}

wire::Voucher read_voucher(hearth::Reader& in) {
  wire::Voucher voucher;
  voucher.offer = in.fixed<32>();
  voucher.epoch = in.u32();
  voucher.one_time_seed = crypto::Seed(in.fixed<32>());
  voucher.token = in.fixed<64>();
  return voucher;
}

Bytes encode(const PurchaseRecord& record) {
  Writer out;
  out.u8(format).u64(record.n).u8(static_cast<std::uint8_t>(record.state)).raw(record.offer);
  out.u32(record.count).u8(static_cast<std::uint8_t>(record.intent.what));
  out.raw(record.intent.to.key).text(record.intent.note).u8(record.intent_done ? 1 : 0);
  out.text(record.request_jws).text(record.receipt_jws).i64(record.begun_ms);
  out.text(record.problem_code).text(record.problem).text(record.voucher).text(record.intent.gift);
  out.u32(record.pocket);
  return out.take();
}

Result<PurchaseRecord> decode_purchase(ByteView bytes) {
  hearth::Reader in(bytes);
  PurchaseRecord record;
  const bool known = in.u8() == format;
  record.n = in.u64();
  const std::uint8_t state = in.u8();
  record.state = static_cast<PurchaseState>(state);
  record.offer = in.fixed<32>();
  record.count = in.u32();
  const std::uint8_t what = in.u8();
  record.intent.what = static_cast<Intent::What>(what);
  record.intent.to.key = in.fixed<32>();
  record.intent.note = in.text(max_text);
  record.intent_done = in.u8() != 0;
  record.request_jws = in.text(wire::max_jws);
  record.receipt_jws = in.text(wire::max_jws);
  record.begun_ms = in.i64();
  record.problem_code = in.text(max_text);
  record.problem = in.text(max_text);
  record.voucher = in.text(max_text);
  record.intent.gift = in.text(max_text);
  record.pocket = in.u32();
  if (!known || !in.done() || state < 1 || state > 4 || what < 1 || what > 3) {
    return damaged("purchase");
  }
  return record;
}

Bytes encode(const VoucherRecord& record) {
  Writer out;
  out.u8(format).text(record.id);
  write_voucher(out, record.voucher);
  out.u8(static_cast<std::uint8_t>(record.state)).text(record.gift);
  out.u8(record.received ? 1 : 0).i64(record.since_ms);
  return out.take();
}

Result<VoucherRecord> decode_voucher(ByteView bytes) {
  hearth::Reader in(bytes);
  VoucherRecord record;
  const bool known = in.u8() == format;
  record.id = in.text(max_text);
  record.voucher = read_voucher(in);
  const std::uint8_t state = in.u8();
  record.state = static_cast<VoucherState>(state);
  record.gift = in.text(max_text);
  record.received = in.u8() != 0;
  record.since_ms = in.i64();
  if (!known || !in.done() || state < 1 || state > 9) return damaged("voucher");
  return record;
}

}  // namespace hearth::node
