// Signatures and checksums that hold over whatever the fuzzer makes, so that what stands behind
// them is reached and not only their check.
#pragma once

#include <string>

#include "common/base/bytes.h"
#include "common/crypto/sign.h"

namespace hearth::fuzz {

inline const crypto::SignKey& signer() {
  static const auto key = crypto::SignKey::from_seed(crypto::Seed());
  return key;
}

/// A JWS of type `typ` with exactly these bytes as its payload.
inline std::string signed_payload(const char* typ, ByteView payload) {
  const std::string header = R"({"alg":"EdDSA","kid":")" + to_base64url(signer().public_key()) +
                             R"(","typ":")" + typ + "\"}";
  const std::string text = to_base64url(as_bytes(header)) + "." + to_base64url(payload);
  return text + "." + to_base64url(signer().sign(as_bytes(text)));
}

}  // namespace hearth::fuzz
