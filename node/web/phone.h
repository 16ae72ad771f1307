// A paired phone or browser, as it is stored, and for how long it stays paired. Of its session only
// the SHA-256 is kept: who reads the store cannot take a phone's place. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/crypto/hash.h"
#include "common/identity/home.h"

namespace hearth::node {

/// What a phone may do (access.h). Append only: stored.
enum class PhoneRole : std::uint8_t { owner = 1, member = 2, child = 3 };
std::string_view name_of(PhoneRole role);
std::optional<PhoneRole> role_of(std::string_view name);

struct Phone {
  std::string id;  ///< 16 hex digits
  std::string name;
  PhoneRole role = PhoneRole::member;
  std::string profile;  ///< child: the profile whose rating it sees
  UtcMs paired_ms = 0, used_ms = 0;
  bool operator==(const Phone&) const = default;
};

inline constexpr std::size_t max_phones = 64;
inline constexpr std::int64_t unused_end_ms = std::int64_t{90} * 24 * 60 * 60 * 1000;

/// Unused for 90 days, or used in a future that the clock has left again by as much.
bool is_over(const Phone& phone, UtcMs now);
/// Whether a use is to be noted: not for each request a write.
bool is_to_note(const Phone& phone, UtcMs now);

/// 32 random bytes are a session; this is where its phone is stored: "web/session/" ‖ hex of
/// SHA-256. nullopt: a text that is no session.
std::optional<std::string> session_key(std::string_view token);
inline constexpr std::string_view session_prefix = "web/session/";

/// "hearth_" ‖ 8 hex digits of this home: browsers do not tell ports apart, so two homes on one
/// machine need two names.
std::string cookie_name(const identity::HomeAddress& home);
/// Set-Cookie. `token` empty: away with it.
std::string set_cookie(const std::string& name, const std::string& token, bool tls);

Bytes encode(const Phone& phone);
std::optional<Phone> decode_phone(ByteView stored);

}  // namespace hearth::node
