#include "node/web/phone.h"

#include <array>

#include "common/base/codec.h"
#include "common/base/names.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_name = 1024;
constexpr std::size_t session_bytes = 32;
constexpr std::int64_t note_after_ms = std::int64_t{6} * 60 * 60 * 1000;
/// Browsers keep no cookie for longer. The home ends the session earlier.
constexpr std::int64_t cookie_s = std::int64_t{400} * 24 * 60 * 60;

constexpr std::array<std::pair<PhoneRole, std::string_view>, 3> roles = {
    {{PhoneRole::owner, "owner"}, {PhoneRole::member, "member"}, {PhoneRole::child, "child"}}};

}  // namespace

std::string_view name_of(PhoneRole role) {
  for (const auto& [one, name] : roles) {
    if (one == role) return name;
  }
  return "unknown";
}

std::optional<PhoneRole> role_of(std::string_view name) {
  for (const auto& [role, one] : roles) {
    if (one == name) return role;
  }
  return std::nullopt;
}

bool is_over(const Phone& phone, UtcMs now) {
  const std::int64_t unused = now - phone.used_ms;
  return unused >= unused_end_ms || unused <= -unused_end_ms;
}

bool is_to_note(const Phone& phone, UtcMs now) {
  const std::int64_t unused = now - phone.used_ms;
  return unused >= note_after_ms || unused <= -note_after_ms;
}

std::optional<std::string> session_key(std::string_view token) {
  if (token.size() > 2 * session_bytes) return std::nullopt;
  const auto bytes = from_base64url(token);
  if (!bytes || bytes->size() != session_bytes) return std::nullopt;
  return std::string(session_prefix) + to_hex(crypto::sha256(*bytes));
}

std::string cookie_name(const identity::HomeAddress& home) {
  const auto digest = crypto::sha256(as_bytes("hearth page " + home.text()));
  return "hearth_" + to_hex(ByteView(digest).first(4));
}

std::string set_cookie(const std::string& name, const std::string& token, bool tls) {
  return name + "=" + token + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" +
         std::to_string(token.empty() ? 0 : cookie_s) + (tls ? "; Secure" : "");
}

Bytes encode(const Phone& phone) {
  Writer out;
  out.u8(format).text(phone.id).text(phone.name).u8(static_cast<std::uint8_t>(phone.role));
  out.text(phone.profile).i64(phone.paired_ms).i64(phone.used_ms);
  return out.take();
}

std::optional<Phone> decode_phone(ByteView stored) {
  Reader in(stored);
  const bool known = in.u8() == format;
  Phone phone;
  phone.id = in.text(16);
  phone.name = in.text(max_name);
  const std::uint8_t role = in.u8();
  phone.role = static_cast<PhoneRole>(role);
  phone.profile = in.text(max_name);
  phone.paired_ms = in.i64();
  phone.used_ms = in.i64();
  const bool in_range = role >= 1 && role <= 3;
  if (!known || !in.done() || !in_range || phone.id.empty() || !checked_name(phone.name)) {
    return std::nullopt;
  }
  return phone;
}

}  // namespace hearth::node
