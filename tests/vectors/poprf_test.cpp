// RFC 9497 Appendix A.1.3 (rfc9497_poprf.json): every value of every vector, batch included.
#include "common/crypto/poprf.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/base/files.h"
#include "common/wire/json.h"

namespace hearth::crypto::poprf {
namespace {

wire::Json read_vectors() {
  const auto bytes = read_file(
      std::filesystem::path(HEARTH_SOURCE_DIR) / "tests/vectors/rfc9497_poprf.json", 64 * 1024);
  REQUIRE(bytes);
  const auto json = wire::parse_json(*bytes, 64 * 1024);
  REQUIRE(json);
  return *json;
}

Bytes hex(const wire::Json& json) {
  const auto bytes = from_hex(json.get<std::string>());
  REQUIRE(bytes);
  return *bytes;
}

template <std::size_t N>
std::array<std::uint8_t, N> fixed(ByteView bytes) {
  REQUIRE(bytes.size() == N);
  std::array<std::uint8_t, N> out;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

/// A vector's field holds one value per entry of the batch, with commas between.
std::vector<Bytes> list(const wire::Json& json) {
  std::vector<Bytes> out;
  std::string rest = json.get<std::string>();
  while (true) {
    const std::size_t comma = rest.find(',');
    out.push_back(hex(rest.substr(0, comma)));
    if (comma == std::string::npos) return out;
    rest.erase(0, comma + 1);
  }
}

KeyPair key_of(const wire::Json& suite) {
  return derive_key_pair(Seed(fixed<32>(hex(suite["seed"]))), hex(suite["keyInfo"]));
}

TEST_CASE("RFC 9497: the key pair") {
  const auto suite = read_vectors();
  const KeyPair key = key_of(suite);
  CHECK(to_hex(key.secret.view()) == suite["skSm"]);
  CHECK(to_hex(key.public_key) == suite["pkSm"]);
}

TEST_CASE("RFC 9497: blinded elements, evaluated elements, proof and outputs") {
  const auto suite = read_vectors();
  const KeyPair key = key_of(suite);
  REQUIRE(suite["vectors"].size() == 3);
  for (const auto& vector : suite["vectors"]) {
    CAPTURE(vector["Batch"].dump());
    const Bytes info = hex(vector["Info"]);
    const auto inputs = list(vector["Input"]);
    const auto blinds = list(vector["Blind"]);
    const auto expected_blinded = list(vector["BlindedElement"]);
    const auto expected_evaluated = list(vector["EvaluationElement"]);
    const auto expected_outputs = list(vector["Output"]);
    REQUIRE(inputs.size() == vector["Batch"].get<std::size_t>());

    std::vector<Blinded> blinded;
    std::vector<Element> sent;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto one = blind(inputs[i], info, key.public_key, Scalar(fixed<32>(blinds[i])));
      REQUIRE(one);
      CHECK(to_hex(one->blinded_element) == to_hex(expected_blinded[i]));
      blinded.push_back(*one);
      sent.push_back(one->blinded_element);
    }
    const Scalar r(fixed<32>(hex(vector["Proof"]["r"])));
    const auto evaluated = blind_evaluate(key, sent, info, r);
    REQUIRE(evaluated);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      CHECK(to_hex(evaluated->elements[i]) == to_hex(expected_evaluated[i]));
    }
    CHECK(to_hex(evaluated->proof.c) + to_hex(evaluated->proof.s) == vector["Proof"]["proof"]);

    const auto outputs =
        finalize(inputs, blinded, evaluated->elements, evaluated->proof, info, key.public_key);
    REQUIRE(outputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      CHECK(to_hex((*outputs)[i]) == to_hex(expected_outputs[i]));
      const auto direct = evaluate(key, inputs[i], info);
      REQUIRE(direct);
      CHECK(to_hex(*direct) == to_hex(expected_outputs[i]));
    }
  }
}

}  // namespace
}  // namespace hearth::crypto::poprf
