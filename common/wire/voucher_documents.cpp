#include <algorithm>

#include "common/base/codec.h"
#include "common/wire/document_fields.h"

namespace hearth::wire {
namespace {

constexpr std::string_view redemption_type = "hearth/redemption/1";
constexpr std::size_t max_redemption_jws = 4 * 1024;

}  // namespace

Bytes access_info(const OfferId& offer, std::uint32_t epoch) {
  return Writer().raw(as_bytes("hearth access v1")).raw(offer).u32(epoch).take();
}

VoucherInput voucher_input(const crypto::SignPublicKey& one_time_key) {
  return crypto::sha256(Writer().raw(as_bytes("hearth voucher v1")).raw(one_time_key).view());
}

Json voucher_to_json(const Voucher& voucher) {
  return {{"offer", to_hex(voucher.offer)},
          {"epoch", voucher.epoch},
          {"one_time_seed", to_base64url(voucher.one_time_seed.view())},
          {"token", to_base64url(voucher.token)}};
}

Result<Voucher> voucher_from_json(const Json& json) {
  Fields fields(json, "voucher");
  Voucher out;
  out.offer = fields.fixed_hex<32>("offer");
  out.epoch = epoch_field(fields);
  out.one_time_seed = crypto::Seed(fields.fixed_base64url<32>("one_time_seed"));
  out.token = fields.fixed_base64url<64>("token");
  if (!fields.ok()) return pass_on(fields.error());
  return out;
}

std::string write_redemption(const Voucher& voucher, const crypto::BoxPublicKey& recipient) {
  const Json payload = {{"offer", to_hex(voucher.offer)},
                        {"epoch", voucher.epoch},
                        {"token", to_base64url(voucher.token)},
                        {"recipient", to_base64url(recipient)}};
  return sign_jws(redemption_type, payload, crypto::SignKey::from_seed(voucher.one_time_seed));
}

Result<Redemption> read_redemption(std::string_view jws) {
  const auto verified = verify_jws(jws, redemption_type, max_redemption_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "redemption");
  Redemption out;
  out.offer = fields.fixed_hex<32>("offer");
  out.epoch = epoch_field(fields);
  // The voucher is bound to this key through voucher_input: another signer's token is no match.
  out.one_time_key = verified->signer;
  out.token = fields.fixed_base64url<64>("token");
  out.recipient = box_key_field(fields, "recipient");
  if (!fields.ok()) return pass_on(fields.error());
  return out;
}

}  // namespace hearth::wire
