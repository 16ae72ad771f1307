#include "common/crypto/sign.h"

#include <sodium.h>

#include "common/base/assert.h"

namespace hearth::crypto {

SignKey SignKey::from_seed(const Seed& seed) {
  SignKey out;
  HEARTH_ASSERT(crypto_sign_seed_keypair(out.public_.data(), out.secret_.data(), seed.data()) == 0);
  return out;
}

Signature SignKey::sign(ByteView message) const {
  Signature out;
  HEARTH_ASSERT(crypto_sign_detached(out.data(), nullptr, message.data(), message.size(),
                                     secret_.data()) == 0);
  return out;
}

Seed SignKey::seed() const {
  Seed out;
  HEARTH_ASSERT(crypto_sign_ed25519_sk_to_seed(out.data(), secret_.data()) == 0);
  return out;
}

bool verify(ByteView message, const Signature& signature, const SignPublicKey& key) {
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                     key.data()) == 0;
}

bool is_box_key(const BoxPublicKey& key) {
  // Every clamped scalar is a multiple of 8: the product is zero exactly for small orders.
  const Seed any;
  std::array<std::uint8_t, 32> shared;
  return crypto_scalarmult(shared.data(), any.data(), key.data()) == 0;
}

BoxKey BoxKey::from_seed(const Seed& scalar) {
  BoxKey out;
  out.secret_ = scalar;
  HEARTH_ASSERT(crypto_scalarmult_base(out.public_.data(), scalar.data()) == 0);
  return out;
}

}  // namespace hearth::crypto
