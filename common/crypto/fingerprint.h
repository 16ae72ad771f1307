// Fingerprints of rows under a key that nobody else has: SipHash-2-4 with 128 bits (libsodium).
// Sums of them modulo 2^128 tell whether two sets are the same, whatever order they come in, even
// when an enemy who does not know the key chose what is in them.
#pragma once

#include <array>
#include <cstdint>

#include "common/base/bytes.h"

namespace hearth::crypto {

class Fingerprint {
 public:
  using Sum = unsigned __int128;
  Fingerprint();  ///< a fresh random key
  Sum of(ByteView data) const;

 private:
  std::array<std::uint8_t, 16> key_;
};

}  // namespace hearth::crypto
