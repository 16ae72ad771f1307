#include "common/crypto/fingerprint.h"

#include <cstring>

#include <sodium/crypto_shorthash.h>

#include "common/crypto/hash.h"

namespace hearth::crypto {

Fingerprint::Fingerprint() : key_(random_array<16>()) {}

Fingerprint::Sum Fingerprint::of(ByteView data) const {
  static_assert(sizeof(Sum) == crypto_shorthash_siphashx24_BYTES);
  Sum out;
  crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(&out), data.data(), data.size(),
                              key_.data());
  return out;
}

}  // namespace hearth::crypto
