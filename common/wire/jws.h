// Signed documents: JWS compact serialization with EdDSA (RFC 7515, RFC 8037), signed over the
// exact bytes. Protected header: exactly {"alg":"EdDSA","kid":<base64url key>,"typ":<type>}.
#pragma once

#include <string>
#include <string_view>

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/crypto/sign.h"
#include "common/wire/json.h"

namespace hearth::wire {

inline constexpr std::size_t max_jws = 256 * 1024;

std::string sign_jws(std::string_view typ, const Json& payload, const crypto::SignKey& key);
/// The same with the payload's JSON as text.
std::string sign_jws_text(std::string_view typ, std::string_view payload,
                          const crypto::SignKey& key);

struct VerifiedJws {
  std::string typ;
  crypto::SignPublicKey signer;
  Json payload;
};
/// The type that the header claims; nothing is verified. Empty when it has none.
std::string claimed_jws_type(std::string_view text);
/// Verifies against the header's own key; callers compare `signer` with whom they expect.
/// Code::bad_signature, Code::usage (form, other typ), Code::too_large.
Result<VerifiedJws> verify_jws(std::string_view text, std::string_view expected_typ,
                               std::size_t max_bytes = max_jws);
/// As above, and Code::wrong_signer unless it is `expected`.
Result<VerifiedJws> verify_jws_from(std::string_view text, std::string_view expected_typ,
                                    const crypto::SignPublicKey& expected,
                                    std::size_t max_bytes = max_jws);

}  // namespace hearth::wire
