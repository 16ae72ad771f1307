#include "node/delivery/delivery.h"

#include "node/wallet/derivations.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
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
  return out.take();
}

Result<Delivery> decode_delivery(ByteView bytes) {
  hearth::Reader in(bytes);
  const bool known = in.u8() == format;
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

bool ends_redemption(Code code) {
  switch (code) {
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

Result<crypto::age::FileKey> open_access_key(const wire::Voucher& voucher, ByteView access_key) {
  const auto header = crypto::age::open_header(access_key, access_recipient(voucher.one_time_seed));
  if (!header) return pass_on(header.error());
  if (header->size != access_key.size()) {
    return fail(Code::age_header, "Bytes follow the access key's header.");
  }
  return header->key;
}

}  // namespace hearth::node
