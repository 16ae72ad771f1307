// TLS 1.3 only, with a self-made certificate that peers pin (docs/protocol.md §4).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "common/base/error.h"
#include "common/identity/cards.h"

namespace hearth::net {

/// A private key and self-signed certificate (ECDSA P-256, valid 20 years),
/// kept in DIR/tls.key (0600) and DIR/tls.crt; made when missing.
struct TlsIdentity {
  std::string key_pem;
  std::string certificate_pem;
  identity::TlsPin pin;  ///< SHA-256 of SubjectPublicKeyInfo
};
Result<TlsIdentity> load_or_make_tls_identity(const std::filesystem::path& dir);

}  // namespace hearth::net
