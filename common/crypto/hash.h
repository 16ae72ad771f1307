// Hashes over OpenSSL's EVP (bulk; 1.8 GB/s here, see docs/measured.md) and key derivation.
#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "common/base/bytes.h"
#include "common/crypto/secret.h"

namespace hearth::crypto {

using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;
using Sha512Digest = std::array<std::uint8_t, 64>;

Sha256Digest sha256(ByteView data);
Sha512Digest sha512(ByteView data);

/// One algorithm, many updates. Not thread-safe.
class Hasher {
 public:
  enum class Kind { sha1, sha256, sha512 };
  explicit Hasher(Kind kind);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& update(ByteView data);
  /// The digest so far ends here; the hasher starts afresh.
  Bytes finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Sha256Digest hmac_sha256(ByteView key, ByteView data);
/// RFC 5869 with SHA-256; out_size at most 255 * 32.
Bytes hkdf_sha256(ByteView input_key, ByteView salt, std::string_view info, std::size_t out_size);
/// hkdf_sha256(parent, salt "hearth", label || index as u64 big-endian) as a new seed.
Seed derive(const Seed& parent, std::string_view label, std::uint64_t index = 0);

void random_bytes(std::uint8_t* out, std::size_t size);
template <std::size_t N>
std::array<std::uint8_t, N> random_array() {
  std::array<std::uint8_t, N> out;
  random_bytes(out.data(), N);
  return out;
}

}  // namespace hearth::crypto
