#include <algorithm>

#include "common/base/codec.h"
#include "common/wire/document_fields.h"

namespace hearth::wire {
namespace {

constexpr std::string_view redemption_type = "hearth/redemption/1";
constexpr std::string_view exchange_type = "hearth/exchange/1";
constexpr std::string_view exchanged_type = "hearth/exchanged/1";
constexpr std::size_t max_voucher_jws = 4 * 1024;

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
  const auto verified = verify_jws(jws, redemption_type, max_voucher_jws);
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

std::string write_exchange(const Voucher& given_up, const RequestId& request_id,
                           std::uint32_t fresh_epoch, const crypto::poprf::Element& blinded) {
  const Json payload = {{"request_id", to_hex(request_id)}, {"offer", to_hex(given_up.offer)},
                        {"epoch", given_up.epoch},          {"token", to_base64url(given_up.token)},
                        {"fresh_epoch", fresh_epoch},       {"blinded", to_base64url(blinded)}};
  return sign_jws(exchange_type, payload, crypto::SignKey::from_seed(given_up.one_time_seed));
}

Result<ExchangeRequest> read_exchange(std::string_view jws) {
  const auto verified = verify_jws(jws, exchange_type, max_voucher_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "exchange");
  ExchangeRequest out;
  out.request_id = fields.fixed_hex<16>("request_id");
  out.offer = fields.fixed_hex<32>("offer");
  out.epoch = epoch_field(fields);
  out.one_time_key = verified->signer;
  out.token = fields.fixed_base64url<64>("token");
  out.fresh_epoch = epoch_field(fields, "fresh_epoch");
  out.blinded = element_field(fields, "blinded");
  if (!fields.ok()) return pass_on(fields.error());
  return out;
}

std::string write_exchanged(const Exchanged& exchanged, const crypto::SignKey& ledger) {
  const Json payload = {{"request_id", to_hex(exchanged.request_id)},
                        {"request_hash", to_hex(exchanged.request_hash)},
                        {"offer", to_hex(exchanged.offer)},
                        {"epoch", exchanged.epoch},
                        {"evaluated", to_base64url(exchanged.evaluated)},
                        {"proof_c", to_base64url(exchanged.proof.c)},
                        {"proof_s", to_base64url(exchanged.proof.s)},
                        {"journal_index", exchanged.journal_index}};
  return sign_jws(exchanged_type, payload, ledger);
}

Result<Exchanged> read_exchanged(std::string_view jws, const crypto::SignPublicKey& ledger) {
  const auto verified = verify_jws_from(jws, exchanged_type, ledger, max_voucher_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "exchange's answer");
  Exchanged out;
  out.request_id = fields.fixed_hex<16>("request_id");
  out.request_hash = fields.fixed_hex<32>("request_hash");
  out.offer = fields.fixed_hex<32>("offer");
  out.epoch = epoch_field(fields);
  out.evaluated = element_field(fields, "evaluated");
  out.proof = {fields.fixed_base64url<32>("proof_c"), fields.fixed_base64url<32>("proof_s")};
  out.journal_index = static_cast<std::uint64_t>(
      fields.integer("journal_index", 0, std::numeric_limits<std::int64_t>::max()));
  if (!fields.ok()) return pass_on(fields.error());
  return out;
}

}  // namespace hearth::wire
