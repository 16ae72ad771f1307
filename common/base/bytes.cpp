#include "common/base/bytes.h"

#include <array>

namespace hearth {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view alphabet_standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view alphabet_url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t not_in_alphabet = 64;
using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view alphabet) {
  Values out{};
  out.fill(not_in_alphabet);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    out[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return out;
}
/// In small letters or capitals.
constexpr Values values_of_hex() {
  Values out = values_of(hex_digits);
  for (unsigned char c = 'A'; c <= 'F'; ++c) out[c] = out[c - 'A' + 'a'];
  return out;
}
constexpr Values values_hex = values_of_hex();
constexpr Values values_standard = values_of(alphabet_standard);
constexpr Values values_url = values_of(alphabet_url);

void encode_base64(std::string& out, ByteView bytes, std::string_view alphabet, bool padded) {
  const std::size_t before = out.size();
  out.resize(before + (bytes.size() * 4 + 2) / 3);
  char* to = out.data() + before;
  const std::uint8_t* from = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 3; left -= 3, from += 3) {
    const std::uint32_t bits = static_cast<std::uint32_t>(from[0] << 16 | from[1] << 8 | from[2]);
    *to++ = alphabet[bits >> 18];
    *to++ = alphabet[bits >> 12 & 63];
    *to++ = alphabet[bits >> 6 & 63];
    *to++ = alphabet[bits & 63];
  }
  if (left > 0) {
    const std::uint32_t bits =
        static_cast<std::uint32_t>(from[0] << 16 | (left == 2 ? from[1] << 8 : 0));
    *to++ = alphabet[bits >> 18];
    *to++ = alphabet[bits >> 12 & 63];
    if (left == 2) *to++ = alphabet[bits >> 6 & 63];
  }
  while (padded && (out.size() - before) % 4 != 0) out += '=';
}

/// Without padding. One text per value: bits left over must be zero.
std::optional<Bytes> decode_base64(std::string_view text, const Values& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes out(text.size() * 3 / 4);
  std::uint8_t* to = out.data();
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  std::uint32_t seen = 0;  // every value, or-ed: 64 stays visible
  for (; left >= 4; left -= 4, from += 4) {
    const std::uint32_t a = values[from[0]], b = values[from[1]], c = values[from[2]],
                        d = values[from[3]];
    seen |= a | b | c | d;
    *to++ = static_cast<std::uint8_t>(a << 2 | b >> 4);
    *to++ = static_cast<std::uint8_t>(b << 4 | c >> 2);
    *to++ = static_cast<std::uint8_t>(c << 6 | d);
  }
  if (left > 0) {
    const std::uint32_t a = values[from[0]], b = values[from[1]],
                        c = left == 3 ? values[from[2]] : std::uint8_t{0};
    seen |= a | b | c;
    *to++ = static_cast<std::uint8_t>(a << 2 | b >> 4);
    if (left == 3) *to++ = static_cast<std::uint8_t>(b << 4 | c >> 2);
    if ((left == 3 ? c & 3 : b & 15) != 0) return std::nullopt;
  }
  if ((seen & not_in_alphabet) != 0) return std::nullopt;
  return out;
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string out(bytes.size() * 2, '\0');
  char* to = out.data();
  for (const std::uint8_t byte : bytes) {
    *to++ = hex_digits[byte >> 4];
    *to++ = hex_digits[byte & 15];
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out(text.size() / 2);
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  std::uint32_t seen = 0;
  for (std::uint8_t& byte : out) {
    const std::uint32_t high = values_hex[*from++], low = values_hex[*from++];
    seen |= high | low;
    byte = static_cast<std::uint8_t>(high << 4 | low);
  }
  if ((seen & not_in_alphabet) != 0) return std::nullopt;
  return out;
}

std::string to_base64url(ByteView bytes) {
  std::string out;
  append_base64url(out, bytes);
  return out;
}

void append_base64url(std::string& out, ByteView bytes) {
  encode_base64(out, bytes, alphabet_url, false);
}

std::optional<Bytes> from_base64url(std::string_view text) {
  return decode_base64(text, values_url);
}

std::string to_base64(ByteView bytes, bool padded) {
  std::string out;
  encode_base64(out, bytes, alphabet_standard, padded);
  return out;
}

std::optional<Bytes> from_base64(std::string_view text, bool padded) {
  if (padded) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  return decode_base64(text, values_standard);
}

}  // namespace hearth
