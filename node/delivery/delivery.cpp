#include "node/delivery/delivery.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 2;
constexpr std::uint8_t format_without_time = 1;
constexpr std::size_t max_text = 8 * 1024;

}  // namespace

std::string_view name_of(DeliveryState state) {
  switch (state) {
    case DeliveryState::wanted:
      return "wanted";
    case DeliveryState::fetching:
      return "fetching";
    case DeliveryState::redeeming:
      return "redeeming";
    case DeliveryState::keyed:
      return "keyed";
    case DeliveryState::done:
      return "done";
    case DeliveryState::failed:
      return "failed";
  }
  return "unknown";
}

Bytes encode(const Delivery& delivery) {
  Writer out;
  out.u8(format).text(delivery.title).u8(static_cast<std::uint8_t>(delivery.state));
  out.text(delivery.manifest_jws).text(delivery.offer_jws).text(delivery.voucher);
  out.u8(delivery.file_key ? 1 : 0);
  if (delivery.file_key) out.raw(delivery.file_key->view());
  out.text(delivery.gift).text(delivery.redemption_jws);
  out.text(delivery.problem_code).text(delivery.problem);
  out.i64(delivery.begun_ms).i64(delivery.changed_ms);
  out.i64(delivery.by_ms).u32(delivery.pocket);
  return out.take();
}

Result<Delivery> decode_delivery(ByteView bytes) {
  hearth::Reader in(bytes);
  const std::uint8_t stored_format = in.u8();
  const bool known = stored_format == format || stored_format == format_without_time;
  Delivery delivery;
  delivery.title = in.text(max_text);
  const std::uint8_t state = in.u8();
  delivery.state = static_cast<DeliveryState>(state);
  delivery.manifest_jws = in.text(wire::max_jws);
  delivery.offer_jws = in.text(wire::max_jws);
  delivery.voucher = in.text(max_text);
  if (in.u8() != 0) delivery.file_key = crypto::age::FileKey(in.fixed<16>());
  delivery.gift = in.text(max_text);
  delivery.redemption_jws = in.text(wire::max_jws);
  delivery.problem_code = in.text(max_text);
  delivery.problem = in.text(max_text);
  delivery.begun_ms = in.i64();
  delivery.changed_ms = in.i64();
  if (stored_format == format) {
    delivery.by_ms = in.i64();
    delivery.pocket = in.u32();
  }
  if (!known || !in.done() || state < 1 || state > 6) return damaged("delivery");
  return delivery;
}

Step next_step(const Delivery& delivery, const TitleView& view) {
  if (!delivery.active()) return Step::nothing;
  if (!view.known) return Step::fetch_torrent;
  if (view.has_key) {
    if (delivery.state < DeliveryState::keyed) return Step::settle_voucher;
    return view.complete ? Step::finish : Step::wait_for_rest;
  }
  if (delivery.file_key) return Step::keep_key;
  // Once a redemption is stored the ledger may have it: no more waiting.
  if (!view.first_piece && delivery.redemption_jws.empty()) return Step::wait_for_piece;
  return Step::redeem;
}

bool is_late(const Delivery& delivery, const TitleView& view, UtcMs now) {
  return delivery.by_ms != 0 && now >= delivery.by_ms &&
         delivery.state <= DeliveryState::fetching && delivery.redemption_jws.empty() &&
         !view.first_piece && !view.has_key;
}

bool ends_redemption(Code code) {
  switch (code) {
    case Code::voucher_expired:
    case Code::voucher_spent:
    case Code::voucher_invalid:
    case Code::unknown_offer:
    case Code::unknown_epoch:
    case Code::bad_signature:
    case Code::wrong_signer:
    case Code::idempotency_mismatch:
    case Code::usage:
    case Code::age_header:
    case Code::age_no_match:
    case Code::age_mac:
      return true;
    default:
      return false;
  }
}

Result<crypto::age::FileKey> open_access_key(const crypto::BoxKey& recipient, ByteView access_key) {
  const auto header = crypto::age::open_header(access_key, recipient);
  if (!header) return pass_on(header.error());
  if (header->size != access_key.size()) {
    return fail(Code::age_header, "Bytes follow the access key's header.");
  }
  return header->key;
}

}  // namespace hearth::node
