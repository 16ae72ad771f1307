#include "ledger/operators/order.h"

#include "common/base/bech32.h"
#include "common/wire/document_fields.h"
#include "common/wire/jws.h"

namespace hearth::ledger {
namespace {

constexpr std::string_view order_type = "hearth/operator/1";
constexpr std::string_view key_prefix = "operator";

}  // namespace

std::string sign_order(const SignedOrder& order, const crypto::SignKey& key) {
  return wire::sign_jws(order_type,
                        {{"request_id", to_hex(order.id)},
                         {"ledger", to_base64url(order.ledger)},
                         {"command", order.order.command},
                         {"args", order.order.args},
                         {"issued_ms", order.issued_ms}},
                        key);
}

Result<ReceivedOrder> read_order(std::string_view jws) {
  const auto verified = wire::verify_jws(jws, order_type, max_order_jws);
  if (!verified) return pass_on(verified.error());
  wire::Fields fields(verified->payload, "order");
  ReceivedOrder out;
  out.content.id = fields.fixed_hex<16>("request_id");
  out.content.ledger = fields.fixed_base64url<32>("ledger");
  out.content.order.command = fields.required_text("command", 40);
  out.content.order.args = fields.object("args");
  out.content.issued_ms = wire::time_field(fields, "issued_ms");
  if (!fields.ok()) return pass_on(fields.error());
  if (out.content.order.args.is_null()) out.content.order.args = wire::Json::object();
  out.signer = verified->signer;
  out.hash = crypto::sha256(as_bytes(jws));
  return out;
}

std::string operator_key_text(const crypto::SignPublicKey& key) {
  return bech32::encode(key_prefix, key);
}

Result<crypto::SignPublicKey> parse_operator_key(std::string_view text) {
  const auto decoded = bech32::decode(text);
  if (!decoded)
    return fail(Code::usage,
                "This is not an operator's key: " + decoded.error().sentence +
                    " `hearth-ledger operator keygen FILE` prints one that begins with operator1.");
  crypto::SignPublicKey key{};
  if (decoded->prefix != key_prefix || decoded->data.size() != key.size())
    return fail(Code::usage,
                "This is not an operator's key: those begin with operator1 and are printed by "
                "`hearth-ledger operator keygen FILE`.");
  std::copy(decoded->data.begin(), decoded->data.end(), key.begin());
  return key;
}

}  // namespace hearth::ledger
