#include <set>

#include <doctest/doctest.h>

#include "common/crypto/hash.h"
#include "common/crypto/sign.h"

namespace hearth::crypto {
namespace {

TEST_CASE("derived seeds differ by parent, label and index, and repeat") {
  const Seed parent(std::array<std::uint8_t, 32>{1});
  const Seed other(std::array<std::uint8_t, 32>{2});
  std::set<std::string> seen;
  for (const Seed* from : {&parent, &other}) {
    for (const char* label : {"home identity", "mailbox", "mailbox2"}) {
      for (const std::uint64_t index : {0ULL, 1ULL, 1ULL << 32, ~0ULL}) {
        const Seed derived = derive(*from, label, index);
        CHECK(seen.insert(to_hex(derived.view())).second);
        CHECK(equal(derived.view(), derive(*from, label, index).view()));
      }
    }
  }
  // The form that docs/protocol.md §2 gives.
  Bytes info = to_bytes(as_bytes("mailbox"));
  append(info, Bytes{0, 0, 0, 0, 0, 0, 0, 3});
  CHECK(equal(derive(parent, "mailbox", 3).view(),
              hkdf_sha256(parent.view(), as_bytes("hearth"), as_text(info), 32)));
}

TEST_CASE("a signature holds for its message, key and bits alone") {
  const auto key = SignKey::from_seed(Seed(random_array<32>()));
  const auto other = SignKey::from_seed(Seed(random_array<32>()));
  const Bytes message = to_bytes(as_bytes("a message"));
  Signature signature = key.sign(message);
  CHECK(verify(message, signature, key.public_key()));
  CHECK_FALSE(verify(message, signature, other.public_key()));
  CHECK_FALSE(verify(as_bytes("a messagf"), signature, key.public_key()));
  for (std::size_t at = 0; at < signature.size(); ++at) {
    signature[at] ^= 0x10;
    CHECK_FALSE(verify(message, signature, key.public_key()));
    signature[at] ^= 0x10;
  }
}

TEST_CASE("a key of small order signs nothing") {
  // With the identity as the key and as R, and S = 0, the equation holds for every message.
  SignPublicKey identity{};
  identity[0] = 1;
  Signature forged{};
  forged[0] = 1;
  CHECK_FALSE(verify(as_bytes("anything"), forged, identity));
}

TEST_CASE("secrets compare by size and every byte") {
  CHECK(equal(Bytes{1, 2}, Bytes{1, 2}));
  CHECK_FALSE(equal(Bytes{1, 2}, Bytes{1, 3}));
  CHECK_FALSE(equal(Bytes{1, 2}, Bytes{1, 2, 0}));
  CHECK(equal(Bytes{}, Bytes{}));
  std::array<std::uint8_t, 4> data{1, 2, 3, 4};
  wipe(data.data(), data.size());
  CHECK(data == std::array<std::uint8_t, 4>{});
}

}  // namespace
}  // namespace hearth::crypto
