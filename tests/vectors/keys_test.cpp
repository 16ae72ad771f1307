// FIPS 180-4, RFC 4231, RFC 5869 Appendix A, RFC 8032 §7.1, RFC 7748 §6.1, RFC 8037 Appendix A.4.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "common/crypto/hash.h"
#include "common/crypto/sign.h"

namespace hearth::crypto {
namespace {

Bytes hex(const std::string& text) {
  const auto bytes = from_hex(text);
  REQUIRE(bytes);
  return *bytes;
}

Seed seed_of(const Bytes& bytes) {
  REQUIRE(bytes.size() == 32);
  Seed out;
  std::copy(bytes.begin(), bytes.end(), out.data());
  return out;
}

Bytes range(int first, int last) {
  Bytes out;
  for (int i = first; i <= last; ++i) out.push_back(static_cast<std::uint8_t>(i));
  return out;
}

TEST_CASE("FIPS 180-4 examples: SHA-1, SHA-256, SHA-512 of abc") {
  const char* sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
  const char* sha256_text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const char* sha512_text =
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
  CHECK(to_hex(sha256(as_bytes("abc"))) == sha256_text);
  CHECK(to_hex(sha512(as_bytes("abc"))) == sha512_text);
  const std::pair<Hasher::Kind, const char*> rows[] = {{Hasher::Kind::sha1, sha1},
                                                       {Hasher::Kind::sha256, sha256_text},
                                                       {Hasher::Kind::sha512, sha512_text}};
  for (const auto& [kind, expected] : rows) {
    Hasher hasher(kind);
    for (int round = 0; round < 2; ++round) {  // it starts afresh after finish()
      hasher.update(as_bytes("a")).update({}).update(as_bytes("bc"));
      CHECK(to_hex(hasher.finish()) == expected);
    }
  }
}

TEST_CASE("RFC 4231 test case 2: HMAC-SHA-256") {
  CHECK(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("RFC 5869 A.1 to A.3: HKDF-SHA-256") {
  CHECK(to_hex(hkdf_sha256(Bytes(22, 0x0b), range(0, 12), as_text(range(0xf0, 0xf9)), 42)) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(to_hex(hkdf_sha256(range(0, 0x4f), range(0x60, 0xaf), as_text(range(0xb0, 0xff)), 82)) ==
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
        "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
        "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  CHECK(to_hex(hkdf_sha256(Bytes(22, 0x0b), {}, "", 42)) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  CHECK(hkdf_sha256(Bytes(22, 0x0b), {}, "", 255 * 32).size() == 255 * 32);
  CHECK(hkdf_sha256(Bytes(22, 0x0b), {}, "", 0).empty());
}

TEST_CASE("RFC 8032 §7.1 test 1: Ed25519") {
  const auto key = SignKey::from_seed(
      seed_of(hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
  CHECK(to_hex(key.public_key()) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const Signature signature = key.sign({});
  CHECK(to_hex(signature) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  CHECK(verify({}, signature, key.public_key()));
  CHECK(equal(key.seed().view(),
              hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
}

TEST_CASE("RFC 8037 A.4: EdDSA over a JWS signing input") {
  const auto d = from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
  REQUIRE(d);
  const auto key = SignKey::from_seed(seed_of(*d));
  CHECK(to_base64url(key.public_key()) == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  const std::string input = to_base64url(as_bytes(R"({"alg":"EdDSA"})")) + "." +
                            to_base64url(as_bytes("Example of Ed25519 signing"));
  CHECK(input == "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
  CHECK(to_base64url(key.sign(as_bytes(input))) ==
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

TEST_CASE("RFC 7748 §6.1: X25519 public keys") {
  const auto alice = BoxKey::from_seed(
      seed_of(hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")));
  CHECK(to_hex(alice.public_key()) ==
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
}

}  // namespace
}  // namespace hearth::crypto
