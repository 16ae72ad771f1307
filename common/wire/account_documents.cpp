// What a home does with its own accounts: an unused voucher's money back, and money from one
// pocket to another.
#include "common/wire/document_fields.h"

namespace hearth::wire {
namespace {

constexpr std::string_view refund_type = "hearth/refund/1";
constexpr std::string_view transfer_type = "hearth/transfer/1";
constexpr std::size_t max_request_jws = 4 * 1024;
constexpr std::size_t max_account = 200;

}  // namespace

std::string write_refund(const Voucher& voucher, const std::string& account) {
  const Json payload = {{"offer", to_hex(voucher.offer)},
                        {"epoch", voucher.epoch},
                        {"token", to_base64url(voucher.token)},
                        {"account", account}};
  return sign_jws(refund_type, payload, crypto::SignKey::from_seed(voucher.one_time_seed));
}

Result<RefundRequest> read_refund(std::string_view jws) {
  const auto verified = verify_jws(jws, refund_type, max_request_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "refund");
  RefundRequest out;
  out.offer = fields.fixed_hex<32>("offer");
  out.epoch = epoch_field(fields);
  out.one_time_key = verified->signer;
  out.token = fields.fixed_base64url<64>("token");
  out.account = fields.required_text("account", max_account);
  if (!fields.ok()) return pass_on(fields.error());
  return out;
}

std::string write_transfer(const TransferRequest& request, const crypto::SignKey& home) {
  const Json payload = {
      {"request_id", to_hex(request.request_id)}, {"home", request.home.text()},
      {"from_pocket", request.from_pocket},       {"to_pocket", request.to_pocket},
      {"amount", money_to_json(request.amount)},  {"issued_ms", request.issued_ms}};
  return sign_jws(transfer_type, payload, home);
}

Result<TransferRequest> read_transfer(std::string_view jws) {
  const auto verified = verify_jws(jws, transfer_type, max_request_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "transfer");
  const auto amount = money_field(fields, "amount", 1);
  if (!fields.ok()) return pass_on(fields.error());
  TransferRequest out{
      .request_id = fields.fixed_hex<16>("request_id"),
      .home = home_field(fields, "home"),
      .from_pocket = static_cast<std::uint32_t>(fields.integer("from_pocket", 0, max_pocket)),
      .to_pocket = static_cast<std::uint32_t>(fields.integer("to_pocket", 0, max_pocket)),
      .amount = *amount,
      .issued_ms = time_field(fields, "issued_ms")};
  if (!fields.ok()) return pass_on(fields.error());
  if (out.home.key != verified->signer) {
    return fail(Code::wrong_signer,
                "The transfer is not signed by the home that it names. Nothing was moved.");
  }
  return out;
}

}  // namespace hearth::wire
