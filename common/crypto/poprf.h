// RFC 9497 POPRF(ristretto255, SHA-512): mode 0x02, suite "ristretto255-SHA512", §3.3.3.
// Pure functions. The client blinds, the server evaluates with its key tweaked by public
// `info` and proves it (DLEQ, §2.2), the client verifies against the pinned key and unblinds.
// All elements and scalars are checked on entry: canonical, not the identity.
#pragma once

#include <array>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/crypto/secret.h"

namespace hearth::crypto::poprf {

using Element = std::array<std::uint8_t, 32>;
using Scalar = Secret<32>;
using Output = std::array<std::uint8_t, 64>;

struct Proof {
  std::array<std::uint8_t, 32> c;
  std::array<std::uint8_t, 32> s;
};

struct KeyPair {
  Scalar secret;
  Element public_key;
};

/// RFC 9497 §3.2.1 DeriveKeyPair in mode POPRF.
KeyPair derive_key_pair(const Seed& seed, ByteView key_info);

/// Uniform scalar from 64 bytes (for blinds that derive from a wallet seed).
Scalar scalar_from_uniform(const std::array<std::uint8_t, 64>& wide);
Scalar random_scalar();

struct Blinded {
  Scalar blind;
  Element blinded_element;
  Element tweaked_key;  ///< what the proof is verified against
};

/// Code::bad_element when the input hashes to the identity or the public key is invalid;
/// Code::voucher_invalid when the tweaked key is the identity.
Result<Blinded> blind(ByteView input, ByteView info, const Element& public_key,
                      const Scalar& blind);

struct Evaluated {
  std::vector<Element> elements;
  Proof proof;  ///< one for the whole batch
};

/// Server. `proof_random` is r of the proof (vectors fix it; else random_scalar()).
/// Code::internal when the tweaked key has no inverse: the key is compromised, raise an alarm.
Result<Evaluated> blind_evaluate(const KeyPair& key, const std::vector<Element>& blinded,
                                 ByteView info, const Scalar& proof_random);

/// Client. Verifies the one proof over the whole batch, then unblinds each.
/// Code::proof_invalid, Code::bad_element.
Result<std::vector<Output>> finalize(const std::vector<Bytes>& inputs,
                                     const std::vector<Blinded>& blinded,
                                     const std::vector<Element>& evaluated, const Proof& proof,
                                     ByteView info, const Element& public_key);

/// Server at redemption: the same output without blinding (§3.3.3 Evaluate).
Result<Output> evaluate(const KeyPair& key, ByteView input, ByteView info);

}  // namespace hearth::crypto::poprf
