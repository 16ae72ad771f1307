// The signature on a payment provider's event, in the form of Stripe's header:
//   Stripe-Signature: t=1795348800,v1=5257a8…,v1=6ffbb5…,v0=…
// v1 = hex HMAC-SHA256(secret, t as written || "." || body as it came). Several v1 stand there
// while a provider changes its secret; one that matches is enough. Other schemes are passed over:
// taking a weaker one would let an attacker choose it. `t` bounds how long a recorded event can
// be sent again: five minutes, both directions. Pure. docs/protocol.md §8.2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/crypto/hash.h"

namespace hearth::ledger::payments {

inline constexpr UtcMs replay_window_ms = 5 * 60 * 1000;
inline constexpr std::size_t max_signature_header = 4096;
inline constexpr std::size_t max_signatures = 16;

struct SignatureHeader {
  std::string timestamp;  ///< as written: 1 to 12 digits
  std::int64_t at_s = 0;
  std::vector<crypto::Sha256Digest> v1;
};
/// Code::usage.
Result<SignatureHeader> parse_signature_header(std::string_view header);

/// `secrets`: any of them may have signed. Code::usage for another form, Code::bad_signature,
/// Code::stale_request for an event that was signed too long ago or in the future.
Result<void> verify_signature(std::string_view header, ByteView body,
                              const std::vector<std::string>& secrets, UtcMs now);

/// The header for a body; what a provider writes.
std::string sign_event(std::string_view secret, std::int64_t at_s, ByteView body);

}  // namespace hearth::ledger::payments
