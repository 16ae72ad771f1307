#include "common/crypto/poprf.h"

#include <doctest/doctest.h>
#include <sodium.h>

#include "common/base/codec.h"
#include "common/crypto/hash.h"

namespace hearth::crypto::poprf {
namespace {

/// One honest batch of three, to be spoilt.
struct Batch {
  KeyPair key = derive_key_pair(Seed(random_array<32>()), as_bytes("key"));
  Bytes info = to_bytes(as_bytes("hearth access v1 and an offer"));
  std::vector<Bytes> inputs;
  std::vector<Blinded> blinded;
  std::vector<Element> sent;
  Evaluated evaluated;

  Batch() {
    for (const char* text : {"one", "two", "three"}) {
      inputs.push_back(to_bytes(as_bytes(text)));
      blinded.push_back(blind(inputs.back(), info, key.public_key, random_scalar()).value());
      sent.push_back(blinded.back().blinded_element);
    }
    evaluated = blind_evaluate(key, sent, info, random_scalar()).value();
  }
  Result<std::vector<Output>> finish() const {
    return finalize(inputs, blinded, evaluated.elements, evaluated.proof, info, key.public_key);
  }
  Code refusal() const {
    const auto result = finish();
    REQUIRE_FALSE(result);
    return result.error().code;
  }
};

TEST_CASE("a batch gives what the server computes without blinding, whatever the blinds") {
  const Batch batch;
  const auto outputs = batch.finish();
  REQUIRE(outputs);
  for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
    CHECK((*outputs)[i] == evaluate(batch.key, batch.inputs[i], batch.info).value());
  }
  CHECK((*outputs)[0] != (*outputs)[1]);
}

TEST_CASE("another key, info, order or proof is refused") {
  Batch batch;
  REQUIRE(batch.finish());
  SUBCASE("the client pinned another key") {
    batch.key.public_key = derive_key_pair(Seed(random_array<32>()), {}).public_key;
    CHECK(batch.refusal() == Code::proof_invalid);
  }
  SUBCASE("the server used another key") {
    const KeyPair other = derive_key_pair(Seed(random_array<32>()), {});
    batch.evaluated = blind_evaluate(other, batch.sent, batch.info, random_scalar()).value();
    CHECK(batch.refusal() == Code::proof_invalid);
  }
  SUBCASE("the client names other info") {
    batch.info.push_back(1);
    CHECK(batch.refusal() == Code::proof_invalid);
  }
  SUBCASE("the server used other info") {
    batch.evaluated =
        blind_evaluate(batch.key, batch.sent, as_bytes("other"), random_scalar()).value();
    CHECK(batch.refusal() == Code::proof_invalid);
  }
  SUBCASE("two evaluated elements changed places") {
    std::swap(batch.evaluated.elements[0], batch.evaluated.elements[1]);
    CHECK(batch.refusal() == Code::proof_invalid);
  }
  SUBCASE("an evaluated element is missing") {
    batch.evaluated.elements.pop_back();
    CHECK(batch.refusal() == Code::proof_invalid);
  }
  SUBCASE("the proof of another batch") {
    batch.evaluated.proof = Batch().evaluated.proof;
    CHECK(batch.refusal() == Code::proof_invalid);
  }
}

TEST_CASE("every changed bit of the proof is refused") {
  Batch batch;
  for (std::size_t bit = 0; bit < 512; bit += 7) {
    CAPTURE(bit);
    auto& part = bit < 256 ? batch.evaluated.proof.c : batch.evaluated.proof.s;
    auto& byte = part[bit % 256 / 8];
    byte = static_cast<std::uint8_t>(byte ^ 1U << bit % 8);
    CHECK(batch.refusal() == Code::proof_invalid);
    byte = static_cast<std::uint8_t>(byte ^ 1U << bit % 8);
  }
  CHECK(batch.finish());
}

TEST_CASE("a scalar of the proof that is not reduced is refused") {
  Batch batch;
  // s + L stands for the same scalar; only one of the two forms is accepted.
  const auto order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  REQUIRE(order);
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += batch.evaluated.proof.s[i] + (*order)[i];
    batch.evaluated.proof.s[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  CHECK(batch.refusal() == Code::proof_invalid);
}

TEST_CASE("what is no element is refused on both sides") {
  const auto from = [](const char* text) {
    Element out;
    const auto bytes = from_hex(text);
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
  };
  // RFC 9496 Appendix A.2: non-canonical field elements, negative ones, non-squares, s = -1.
  const Element bad[] = {Element{},
                         from("00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
                         from("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
                         from("f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
                         from("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
                         from("0100000000000000000000000000000000000000000000000000000000000000"),
                         from("01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
                         from("26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371"),
                         from("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")};
  for (const Element& element : bad) {
    CAPTURE(to_hex(element));
    Batch batch;
    const auto as_public = blind(batch.inputs[0], batch.info, element, random_scalar());
    REQUIRE_FALSE(as_public);
    CHECK(as_public.error().code == Code::bad_element);
    auto sent = batch.sent;
    sent[1] = element;
    const auto evaluated = blind_evaluate(batch.key, sent, batch.info, random_scalar());
    REQUIRE_FALSE(evaluated);
    CHECK(evaluated.error().code == Code::bad_element);
    batch.evaluated.elements[2] = element;
    CHECK(batch.refusal() == Code::bad_element);
  }
}

TEST_CASE("an empty batch is refused") {
  const Batch batch;
  const auto evaluated = blind_evaluate(batch.key, {}, batch.info, random_scalar());
  REQUIRE_FALSE(evaluated);
  CHECK(evaluated.error().code == Code::bad_element);
}

/// -m of RFC 9497 §3.3.3 for `info`, computed here a second time.
KeyPair key_that_cancels(std::string_view info) {
  const std::string tag = std::string("HashToScalar-OPRFV1-\x02-ristretto255-SHA512");
  const Bytes tag_prime =
      Writer().raw(as_bytes(tag)).u8(static_cast<std::uint8_t>(tag.size())).take();
  const auto framed = Writer()
                          .raw(Bytes(128, 0))
                          .raw(as_bytes("Info"))
                          .u16(static_cast<std::uint16_t>(info.size()))
                          .raw(as_bytes(info))
                          .u16(64)
                          .u8(0)
                          .raw(tag_prime)
                          .take();
  const auto first = sha512(framed);
  const Scalar m = scalar_from_uniform(sha512(Writer().raw(first).u8(1).raw(tag_prime).view()));
  KeyPair out;
  crypto_core_ristretto255_scalar_negate(out.secret.data(), m.data());
  REQUIRE(crypto_scalarmult_ristretto255_base(out.public_key.data(), out.secret.data()) == 0);
  return out;
}

TEST_CASE("a key that the info cancels out raises an alarm, and nobody blinds for it") {
  const Batch batch;
  const KeyPair key = key_that_cancels("the info");
  const auto evaluated = blind_evaluate(key, batch.sent, as_bytes("the info"), random_scalar());
  REQUIRE_FALSE(evaluated);
  CHECK(evaluated.error().code == Code::internal);
  const auto direct = evaluate(key, batch.inputs[0], as_bytes("the info"));
  REQUIRE_FALSE(direct);
  CHECK(direct.error().code == Code::internal);
  const auto blinded =
      blind(batch.inputs[0], as_bytes("the info"), key.public_key, random_scalar());
  REQUIRE_FALSE(blinded);
  CHECK(blinded.error().code == Code::voucher_invalid);
  CHECK(evaluate(key, batch.inputs[0], as_bytes("other info")));
}

}  // namespace
}  // namespace hearth::crypto::poprf
