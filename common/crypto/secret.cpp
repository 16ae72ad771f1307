#include "common/crypto/secret.h"

#include <sodium.h>

#include "common/base/assert.h"

namespace hearth::crypto {
namespace {

/// Picks libsodium's fast code before main; this file is part of every program that has a Secret.
[[maybe_unused]] const bool sodium_ready = [] {
  HEARTH_ASSERT(sodium_init() >= 0);
  return true;
}();

}  // namespace

void wipe(void* data, std::size_t size) {
  sodium_memzero(data, size);
}

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hearth::crypto
