// Passwords and PINs at rest: Argon2id, libsodium's "interactive" cost (64 MiB, some 60 ms): not for
// the loop thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace hearth::crypto {

inline constexpr std::size_t max_password_hash = 128;

/// With its salt and cost; nullopt: there is not enough memory.
std::optional<std::string> hash_password(const std::string& password);
bool password_matches(const std::string& hash, const std::string& password);

}  // namespace hearth::crypto
