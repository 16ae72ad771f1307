#include "common/crypto/poprf.h"

#include <algorithm>
#include <optional>

#include <sodium.h>

#include "common/base/assert.h"
#include "common/base/codec.h"
#include "common/crypto/hash.h"

namespace hearth::crypto::poprf {
namespace {

constexpr Element identity{};  // the encoding of the identity is all zeros
constexpr std::size_t max_length = 0xffff;

std::string context_string() {
  using namespace std::string_literals;
  return "OPRFV1-\x02-ristretto255-SHA512"s;
}

/// I2OSP(size, 2) || bytes, as every transcript of the RFC frames its parts.
void put_framed(Writer& out, ByteView bytes) {
  HEARTH_ASSERT(bytes.size() <= max_length);
  out.u16(static_cast<std::uint16_t>(bytes.size())).raw(bytes);
}

/// RFC 9380 §5.3.1 with SHA-512 for 64 bytes of output: one block.
std::array<std::uint8_t, 64> expand_message(ByteView message, std::string_view tag) {
  const Bytes tag_prime =
      Writer().raw(as_bytes(tag)).u8(static_cast<std::uint8_t>(tag.size())).take();
  const std::array<std::uint8_t, 128> block_of_zeros{};
  const Sha512Digest first =
      sha512(Writer().raw(block_of_zeros).raw(message).u16(64).u8(0).raw(tag_prime).view());
  return sha512(Writer().raw(first).u8(1).raw(tag_prime).view());
}

Element hash_to_group(ByteView input) {
  const auto wide = expand_message(input, "HashToGroup-" + context_string());
  Element out;
  crypto_core_ristretto255_from_hash(out.data(), wide.data());
  return out;
}

Scalar hash_to_scalar(ByteView input, std::string_view label = "HashToScalar-") {
  return scalar_from_uniform(expand_message(input, std::string(label) + context_string()));
}

bool is_element(const Element& element) {
  return element != identity && crypto_core_ristretto255_is_valid_point(element.data()) == 1;
}

bool is_zero(const Scalar& scalar) {
  return sodium_is_zero(scalar.data(), scalar.size()) == 1;
}

bool is_canonical(ByteView scalar) {
  std::array<std::uint8_t, 64> wide{};
  std::copy(scalar.begin(), scalar.end(), wide.begin());
  return equal(scalar_from_uniform(wide).view(), scalar);
}

/// The element is valid here; the product may be the identity, which libsodium reports as -1
/// and writes as zeros.
Element multiply(ByteView scalar, const Element& element) {
  Element out{};
  [[maybe_unused]] const int not_identity =
      crypto_scalarmult_ristretto255(out.data(), scalar.data(), element.data());
  return out;
}

Element multiply_base(ByteView scalar) {
  Element out{};
  [[maybe_unused]] const int not_identity =
      crypto_scalarmult_ristretto255_base(out.data(), scalar.data());
  return out;
}

Element add(const Element& a, const Element& b) {
  Element out;
  HEARTH_ASSERT(crypto_core_ristretto255_add(out.data(), a.data(), b.data()) == 0);
  return out;
}

Scalar add(const Scalar& a, const Scalar& b) {
  Scalar out;
  crypto_core_ristretto255_scalar_add(out.data(), a.data(), b.data());
  return out;
}

Scalar inverse(const Scalar& scalar) {
  Scalar out;
  HEARTH_ASSERT(crypto_core_ristretto255_scalar_invert(out.data(), scalar.data()) == 0);
  return out;
}

/// m of §3.3.3: what public `info` adds to the key.
Scalar tweak_of(ByteView info) {
  Writer framed;
  framed.raw(as_bytes("Info"));
  put_framed(framed, info);
  return hash_to_scalar(framed.view());
}

/// nullopt when the tweaked key has no inverse.
std::optional<Scalar> tweaked_secret(const KeyPair& key, ByteView info) {
  Scalar out = add(key.secret, tweak_of(info));
  if (is_zero(out)) return std::nullopt;
  return out;
}

tl::unexpected<Error> no_inverse() {
  return fail(Code::internal,
              "The POPRF key has no inverse under this info. That does not happen by chance: "
              "treat the key as compromised and start a new epoch.");
}

tl::unexpected<Error> bad_element(std::string_view which) {
  return fail(Code::bad_element, "The " + std::string(which) +
                                     " is not a canonical ristretto255 element other than the "
                                     "identity. Nothing was charged.");
}

/// M of ComputeComposites: one random linear combination per side, so one proof serves a batch.
struct Weights {
  Weights(const Element& tweaked_key, const std::vector<Element>& c,
          const std::vector<Element>& d) {
    Writer seed_transcript;
    put_framed(seed_transcript, tweaked_key);
    put_framed(seed_transcript, as_bytes("Seed-" + context_string()));
    const Sha512Digest seed = sha512(seed_transcript.view());
    for (std::size_t i = 0; i < c.size(); ++i) {
      Writer transcript;
      put_framed(transcript, seed);
      transcript.u16(static_cast<std::uint16_t>(i));
      put_framed(transcript, c[i]);
      put_framed(transcript, d[i]);
      transcript.raw(as_bytes("Composite"));
      weights.push_back(hash_to_scalar(transcript.view()));
    }
  }
  Element combine(const std::vector<Element>& elements) const {
    Element sum = multiply(weights.at(0).view(), elements.at(0));
    for (std::size_t i = 1; i < elements.size(); ++i) {
      sum = add(sum, multiply(weights[i].view(), elements[i]));
    }
    return sum;
  }
  std::vector<Scalar> weights;
};

Scalar challenge(const Element& tweaked_key, const Element& m, const Element& z, const Element& t2,
                 const Element& t3) {
  Writer transcript;
  for (const Element* part : {&tweaked_key, &m, &z, &t2, &t3}) put_framed(transcript, *part);
  transcript.raw(as_bytes("Challenge"));
  return hash_to_scalar(transcript.view());
}

/// §2.2.1, with C the evaluated and D the blinded elements: k * C = D for the tweaked key k.
Proof generate_proof(const Scalar& k, const Element& tweaked_key,
                     const std::vector<Element>& evaluated, const std::vector<Element>& blinded,
                     const Scalar& r) {
  const Element m = Weights(tweaked_key, evaluated, blinded).combine(evaluated);
  const Element z = multiply(k.view(), m);
  const Scalar c = challenge(tweaked_key, m, z, multiply_base(r.view()), multiply(r.view(), m));
  Scalar ck;
  crypto_core_ristretto255_scalar_mul(ck.data(), c.data(), k.data());
  Proof out;
  std::copy(c.view().begin(), c.view().end(), out.c.begin());
  crypto_core_ristretto255_scalar_sub(out.s.data(), r.data(), ck.data());
  return out;
}

/// §2.2.2. Every element is valid here.
bool verify_proof(const Element& tweaked_key, const std::vector<Element>& evaluated,
                  const std::vector<Element>& blinded, const Proof& proof) {
  if (!is_canonical(proof.c) || !is_canonical(proof.s)) return false;
  const Weights weights(tweaked_key, evaluated, blinded);
  const Element m = weights.combine(evaluated);
  const Element z = weights.combine(blinded);
  const Element t2 = add(multiply_base(proof.s), multiply(proof.c, tweaked_key));
  const Element t3 = add(multiply(proof.s, m), multiply(proof.c, z));
  return equal(challenge(tweaked_key, m, z, t2, t3).view(), proof.c);
}

Output finish(ByteView input, ByteView info, const Element& unblinded) {
  Writer transcript;
  put_framed(transcript, input);
  put_framed(transcript, info);
  put_framed(transcript, unblinded);
  transcript.raw(as_bytes("Finalize"));
  return sha512(transcript.view());
}

}  // namespace

KeyPair derive_key_pair(const Seed& seed, ByteView key_info) {
  for (std::uint8_t counter = 0;; ++counter) {
    HEARTH_ASSERT(counter < 255);
    Writer input;
    input.raw(seed.view());
    put_framed(input, key_info);
    input.u8(counter);
    const Scalar secret = hash_to_scalar(input.view(), "DeriveKeyPair");
    if (!is_zero(secret)) return {secret, multiply_base(secret.view())};
  }
}

Scalar scalar_from_uniform(const std::array<std::uint8_t, 64>& wide) {
  Scalar out;
  crypto_core_ristretto255_scalar_reduce(out.data(), wide.data());
  return out;
}

Scalar random_scalar() {
  Scalar out;
  crypto_core_ristretto255_scalar_random(out.data());
  return out;
}

Result<Blinded> blind(ByteView input, ByteView info, const Element& public_key,
                      const Scalar& blind) {
  HEARTH_ASSERT(!is_zero(blind) && is_canonical(blind.view()));
  if (!is_element(public_key)) return bad_element("ledger's POPRF key");
  Blinded out;
  out.blind = blind;
  out.tweaked_key = add(multiply_base(tweak_of(info).view()), public_key);
  if (out.tweaked_key == identity) {
    return fail(Code::voucher_invalid, "The ledger's POPRF key cannot be used with this offer.");
  }
  const Element point = hash_to_group(input);
  if (point == identity) return bad_element("voucher's input");
  out.blinded_element = multiply(blind.view(), point);
  return out;
}

Result<Evaluated> blind_evaluate(const KeyPair& key, const std::vector<Element>& blinded,
                                 ByteView info, const Scalar& proof_random) {
  if (blinded.empty() || blinded.size() > max_length) return bad_element("batch");
  if (!std::all_of(blinded.begin(), blinded.end(), is_element)) {
    return bad_element("blinded element");
  }
  const auto k = tweaked_secret(key, info);
  if (!k) return no_inverse();
  const Scalar inverted = inverse(*k);
  Evaluated out;
  for (const Element& element : blinded) out.elements.push_back(multiply(inverted.view(), element));
  out.proof = generate_proof(*k, multiply_base(k->view()), out.elements, blinded, proof_random);
  return out;
}

Result<std::vector<Output>> finalize(const std::vector<Bytes>& inputs,
                                     const std::vector<Blinded>& blinded,
                                     const std::vector<Element>& evaluated, const Proof& proof,
                                     ByteView info, const Element& public_key) {
  HEARTH_ASSERT(inputs.size() == blinded.size() && !inputs.empty());
  const auto invalid = [] {
    return fail(Code::proof_invalid,
                "The ledger's proof does not match its pinned key. The vouchers were not accepted; "
                "keep the receipt as evidence and ask the ledger's operator.");
  };
  if (!is_element(public_key)) return bad_element("ledger's POPRF key");
  if (evaluated.size() != blinded.size()) return invalid();
  if (!std::all_of(evaluated.begin(), evaluated.end(), is_element)) {
    return bad_element("evaluated element");
  }
  const Element tweaked_key = add(multiply_base(tweak_of(info).view()), public_key);
  std::vector<Element> sent;
  for (const Blinded& one : blinded) {
    if (one.tweaked_key != tweaked_key || tweaked_key == identity) return invalid();
    if (!is_element(one.blinded_element)) return bad_element("blinded element");
    sent.push_back(one.blinded_element);
  }
  if (!verify_proof(tweaked_key, evaluated, sent, proof)) return invalid();
  std::vector<Output> out;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Element unblinded = multiply(inverse(blinded[i].blind).view(), evaluated[i]);
    out.push_back(finish(inputs[i], info, unblinded));
  }
  return out;
}

Result<Output> evaluate(const KeyPair& key, ByteView input, ByteView info) {
  const Element point = hash_to_group(input);
  if (point == identity) return bad_element("voucher's input");
  const auto k = tweaked_secret(key, info);
  if (!k) return no_inverse();
  return finish(input, info, multiply(inverse(*k).view(), point));
}

}  // namespace hearth::crypto::poprf
