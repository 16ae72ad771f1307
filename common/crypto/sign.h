// Ed25519 (RFC 8032) and X25519 (RFC 7748) over libsodium.
#pragma once

#include <array>

#include "common/base/bytes.h"
#include "common/crypto/secret.h"

namespace hearth::crypto {

using SignPublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

class SignKey {
 public:
  static SignKey from_seed(const Seed& seed);
  const SignPublicKey& public_key() const { return public_; }
  Signature sign(ByteView message) const;
  Seed seed() const;

 private:
  Secret<64> secret_;
  SignPublicKey public_{};
};

/// Refuses small-order keys and non-canonical signatures (libsodium's strict check).
bool verify(ByteView message, const Signature& signature, const SignPublicKey& key);

using BoxPublicKey = std::array<std::uint8_t, 32>;

/// False for the few keys of small order, with which anybody could compute the shared secret.
bool is_box_key(const BoxPublicKey& key);

class BoxKey {
 public:
  static BoxKey from_seed(const Seed& scalar);
  const BoxPublicKey& public_key() const { return public_; }
  ByteView secret() const { return secret_.view(); }

 private:
  Secret<32> secret_;
  BoxPublicKey public_{};
};

}  // namespace hearth::crypto
