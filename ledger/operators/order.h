// One command of an operator on its way over TLS (docs/accounting.md §8): a JWS of type
// hearth/operator/1, signed by the operator's key. It names the ledger's key, so that it is worth
// nothing at another ledger, and a request id, under which a change is done once however often
// the order arrives. Decoding is pure; who may do what the desk decides (desk.h).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/crypto/hash.h"
#include "common/crypto/sign.h"
#include "common/wire/json.h"

namespace hearth::ledger {

inline constexpr std::size_t max_order_jws = 64 * 1024;

using OrderId = std::array<std::uint8_t, 16>;

struct Order {
  std::string command;
  wire::Json args = wire::Json::object();
};

struct SignedOrder {
  OrderId id{};
  crypto::SignPublicKey ledger{};  ///< the key of the card
  UtcMs issued_ms = 0;
  Order order;
};

struct ReceivedOrder {
  SignedOrder content;
  crypto::SignPublicKey signer{};
  crypto::Sha256Digest hash{};  ///< of the JWS text
};

std::string sign_order(const SignedOrder& order, const crypto::SignKey& key);
/// Checks form and signature, not who signed or when. Code::bad_signature, Code::usage.
Result<ReceivedOrder> read_order(std::string_view jws);

/// An operator's key as people copy it: bech32, "operator1…".
std::string operator_key_text(const crypto::SignPublicKey& key);
/// Code::usage with what is wrong.
Result<crypto::SignPublicKey> parse_operator_key(std::string_view text);

}  // namespace hearth::ledger
