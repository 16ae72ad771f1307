// Who a home is: every key derives from one 32-byte wallet seed (docs/protocol.md §2).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/crypto/sign.h"

namespace hearth::identity {

/// A home address: the Ed25519 key in bech32 with prefix "home".
struct HomeAddress {
  crypto::SignPublicKey key{};
  auto operator<=>(const HomeAddress&) const = default;
  std::string text() const;     ///< "home1…", one word
  std::string grouped() const;  ///< "home1 qyqs zq…": groups of four, for reading aloud
};
/// Takes both forms, blanks anywhere. Code::usage with a sentence.
Result<HomeAddress> parse_home_address(std::string_view text);

/// The keys of one home. Labels: "home identity", "home encryption", "mailbox", "device".
class HomeKeys {
 public:
  explicit HomeKeys(const crypto::Seed& seed);
  const crypto::Seed& seed() const { return seed_; }
  const crypto::SignKey& identity() const { return identity_; }
  const crypto::BoxKey& encryption() const { return encryption_; }
  /// Not linked to the identity by anything that the ledger sees.
  const crypto::SignKey& mailbox() const { return mailbox_; }
  HomeAddress address() const { return {identity_.public_key()}; }

 private:
  crypto::Seed seed_;
  crypto::SignKey identity_;
  crypto::BoxKey encryption_;
  crypto::SignKey mailbox_;
};

}  // namespace hearth::identity
