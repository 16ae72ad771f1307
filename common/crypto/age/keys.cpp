#include <algorithm>

#include "common/base/bech32.h"
#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"

namespace hearth::crypto::age {
namespace {

constexpr std::string_view recipient_prefix = "age";
constexpr std::string_view identity_prefix = "age-secret-key-";

tl::unexpected<Error> not_a(std::string_view what, std::string_view why) {
  return fail(Code::usage, "This is not an age " + std::string(what) + ": " + std::string(why));
}

/// The 32 bytes of a bech32 text that begins exactly with `start`, which fixes its case.
Result<std::array<std::uint8_t, 32>> key_bytes(std::string_view text, std::string_view start,
                                               std::string_view prefix, std::string_view what) {
  if (!text.starts_with(start)) return not_a(what, "it does not begin with " + std::string(start));
  auto decoded = bech32::decode(text);
  if (!decoded) return not_a(what, decoded.error().sentence);
  std::array<std::uint8_t, 32> out;
  if (decoded->prefix != prefix || decoded->data.size() != out.size()) {
    return not_a(what, "it has the wrong length.");
  }
  std::copy(decoded->data.begin(), decoded->data.end(), out.begin());
  wipe(decoded->data.data(), decoded->data.size());
  return out;
}

}  // namespace

FileKey new_file_key() {
  return FileKey(random_array<FileKey::size()>());
}

std::string recipient_text(const BoxPublicKey& key) {
  return bech32::encode(recipient_prefix, key);
}

Result<BoxPublicKey> recipient_from_text(std::string_view text) {
  const auto key = key_bytes(text, "age1", recipient_prefix, "recipient");
  if (key && !is_box_key(*key)) return not_a("recipient", "its key is not a usable one.");
  return key;
}

std::string identity_text(const BoxKey& key) {
  std::string out = bech32::encode(identity_prefix, key.secret());
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

Result<BoxKey> identity_from_text(std::string_view text) {
  const auto key = key_bytes(text, "AGE-SECRET-KEY-1", identity_prefix, "identity");
  if (!key) return pass_on(key.error());
  return BoxKey::from_seed(Seed(*key));
}

}  // namespace hearth::crypto::age
