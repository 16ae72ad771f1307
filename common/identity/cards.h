// Cards that people copy, scan and mail: a ledger's and a home's. Both are one line of text,
// hostile when they arrive. docs/protocol.md §4.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/crypto/poprf.h"
#include "common/crypto/sign.h"
#include "common/identity/home.h"

namespace hearth::identity {

using TlsPin = std::array<std::uint8_t, 32>;  ///< SHA-256 of the certificate's SubjectPublicKeyInfo

/// hearth-ledger:?url=…&key=…&poprf=…&epoch=…&pin=…&sum=… ; `sum` is 4 bytes of SHA-256 over what
/// stands before it: a copying error is told from another ledger.
struct LedgerCard {
  std::string url;  ///< https://host:port
  crypto::SignPublicKey key{};
  std::uint32_t epoch = 0;
  crypto::poprf::Element poprf_key{};
  TlsPin pin{};
  std::string text() const;
};
/// Code::bad_card.
Result<LedgerCard> parse_ledger_card(std::string_view text);

using DropToken = std::array<std::uint8_t, 32>;

/// hearth:card?d=<JWS, typ "hearth/contact/1", signed by the home>
struct ContactCard {
  HomeAddress home;
  crypto::BoxPublicKey encryption{};
  crypto::SignPublicKey mailbox{};
  DropToken drop_token{};
  std::string name;
  std::string ledger_url;
  crypto::SignPublicKey ledger_key{};
  std::int64_t issued_ms = 0;
};
std::string write_contact_card(const ContactCard& card, const crypto::SignKey& identity);
/// Checks form, bounds, name and signature. Code::bad_card with a sentence.
Result<ContactCard> parse_contact_card(std::string_view text);

}  // namespace hearth::identity
