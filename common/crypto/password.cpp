#include "common/crypto/password.h"

#include <sodium.h>

namespace hearth::crypto {

static_assert(max_password_hash == crypto_pwhash_STRBYTES);

std::optional<std::string> hash_password(const std::string& password) {
  char hash[crypto_pwhash_STRBYTES] = {};
  if (crypto_pwhash_str(hash, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    return std::nullopt;
  }
  return std::string(hash);
}

bool password_matches(const std::string& hash, const std::string& password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace hearth::crypto
