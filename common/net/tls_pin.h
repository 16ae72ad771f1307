// Inside net/ only.
#pragma once

#include <optional>

#include <openssl/types.h>

#include "common/identity/cards.h"

namespace hearth::net {

/// SHA-256 of the certificate's SubjectPublicKeyInfo in DER.
std::optional<identity::TlsPin> pin_of(const X509* certificate);

}  // namespace hearth::net
