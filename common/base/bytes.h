// Bytes and their printable forms. Pure functions; no limits of their own: callers bound
// what they decode before they call (docs/protocol.md §1 gives the bounds).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }
inline void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

std::string to_hex(ByteView bytes);
/// Lower or upper case; nullopt on an odd length or another character.
std::optional<Bytes> from_hex(std::string_view text);

/// RFC 4648 §5, without padding (as JWS uses it).
std::string to_base64url(ByteView bytes);
void append_base64url(std::string& out, ByteView bytes);
/// Strict: no padding, no white space, no non-zero trailing bits (one text per value).
std::optional<Bytes> from_base64url(std::string_view text);

/// RFC 4648 §4; `padded` false gives age's form.
std::string to_base64(ByteView bytes, bool padded = true);
std::optional<Bytes> from_base64(std::string_view text, bool padded = true);

}  // namespace hearth
