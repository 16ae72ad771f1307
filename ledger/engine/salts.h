// Random salts for the journal's commitments, taken from the system in larger pieces: one call for
// 256 of them. Each is given out once and wiped here. One thread at a time.
#pragma once

#include <algorithm>
#include <array>

#include "common/crypto/hash.h"
#include "common/crypto/secret.h"
#include "ledger/journal/stored.h"

namespace hearth::ledger {

class Salts {
 public:
  Salt next() {
    if (at_ == pool_.size()) {
      crypto::random_bytes(pool_.data(), pool_.size());
      at_ = 0;
    }
    Salt salt;
    std::copy_n(pool_.begin() + static_cast<std::ptrdiff_t>(at_), salt.size(), salt.begin());
    crypto::wipe(pool_.data() + at_, salt.size());
    at_ += salt.size();
    return salt;
  }

 private:
  std::array<std::uint8_t, 256 * sizeof(Salt)> pool_{};
  std::size_t at_ = pool_.size();
};

}  // namespace hearth::ledger
