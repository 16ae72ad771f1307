#include "common/base/bech32.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace hearth::bech32 {
namespace {

constexpr std::string_view charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t checksum_size = 6;
constexpr std::size_t max_text = 1000;
constexpr std::size_t max_prefix = 83;

using Groups = std::vector<std::uint8_t>;  // of five bits

constexpr std::uint8_t not_in_charset = 32;

/// The value of each character, in small letters or capitals.
constexpr std::array<std::uint8_t, 256> character_values() {
  std::array<std::uint8_t, 256> out{};
  out.fill(not_in_charset);
  for (std::size_t i = 0; i < charset.size(); ++i) {
    const char c = charset[i];
    out[static_cast<unsigned char>(c)] = static_cast<std::uint8_t>(i);
    if (c >= 'a') out[static_cast<unsigned char>(c - 'a' + 'A')] = static_cast<std::uint8_t>(i);
  }
  return out;
}
constexpr auto values = character_values();

/// What the five bits that leave the checksum add to it.
constexpr std::array<std::uint32_t, 32> feedback() {
  constexpr std::uint32_t generators[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                          0x2a1462b3};
  std::array<std::uint32_t, 32> out{};
  for (std::size_t top = 0; top < out.size(); ++top) {
    for (std::size_t i = 0; i < 5; ++i) {
      if ((top >> i & 1) != 0) out[top] ^= generators[i];
    }
  }
  return out;
}
constexpr auto feedback_of = feedback();

/// The running BCH checksum of BIP 173.
class Checksum {
 public:
  void add(std::uint8_t value) {
    state_ = ((state_ & 0x1ffffff) << 5 ^ value) ^ feedback_of[state_ >> 25];
  }
  void add_prefix(std::string_view prefix) {
    for (const char c : prefix) add(static_cast<std::uint8_t>(static_cast<std::uint8_t>(c) >> 5));
    add(0);
    for (const char c : prefix) add(static_cast<std::uint8_t>(c & 31));
  }
  std::uint32_t state() const { return state_; }

 private:
  std::uint32_t state_ = 1;
};

Groups to_groups(ByteView data) {
  Groups out;
  out.reserve(data.size() * 8 / 5 + 1);
  std::uint32_t bits = 0;
  int held = 0;
  for (const std::uint8_t byte : data) {
    bits = (bits << 8 | byte) & 0xfff;
    held += 8;
    while (held >= 5) {
      held -= 5;
      out.push_back(static_cast<std::uint8_t>(bits >> held & 31));
    }
  }
  if (held > 0) out.push_back(static_cast<std::uint8_t>(bits << (5 - held) & 31));
  return out;
}

/// Empty optional when the padding is a whole group or not zero.
std::optional<Bytes> from_groups(const Groups& groups) {
  Bytes out;
  out.reserve(groups.size() * 5 / 8 + 1);
  std::uint32_t bits = 0;
  int held = 0;
  for (const std::uint8_t group : groups) {
    bits = (bits << 5 | group) & 0xfff;
    held += 5;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<std::uint8_t>(bits >> held));
    }
  }
  if (held >= 5 || (bits & ((1U << held) - 1)) != 0) return std::nullopt;
  return out;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

}  // namespace

std::string encode(std::string_view prefix, ByteView data) {
  Checksum checksum;
  checksum.add_prefix(prefix);
  std::string out(prefix);
  out += '1';
  for (const std::uint8_t group : to_groups(data)) {
    checksum.add(group);
    out += charset[group];
  }
  for (std::size_t i = 0; i < checksum_size; ++i) checksum.add(0);
  const std::uint32_t value = checksum.state() ^ 1;
  for (int shift = 25; shift >= 0; shift -= 5) out += charset[value >> shift & 31];
  return out;
}

Result<Decoded> decode(std::string_view text) {
  if (text.size() > max_text) return fail(Code::usage, "It is too long to be a bech32 text.");
  const bool upper = std::any_of(text.begin(), text.end(), is_upper);
  if (upper && std::any_of(text.begin(), text.end(), is_lower)) {
    return fail(Code::usage, "It mixes capital and small letters.");
  }
  const std::size_t separator = text.rfind('1');
  if (separator == std::string_view::npos || separator == 0 || separator > max_prefix) {
    return fail(Code::usage, "It does not begin with a prefix and the digit 1.");
  }
  if (text.size() - separator - 1 < checksum_size) {
    return fail(Code::usage, "It is too short: its end is missing.");
  }
  Decoded out;
  out.prefix = text.substr(0, separator);
  for (char& c : out.prefix) {
    if (c < 33 || c > 126) return fail(Code::usage, "Its prefix holds a character it may not.");
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  Checksum checksum;
  checksum.add_prefix(out.prefix);
  Groups groups;
  groups.reserve(text.size() - separator - 1);
  for (const char c : text.substr(separator + 1)) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == not_in_charset) {
      return fail(Code::usage, "It holds a character that bech32 does not use.");
    }
    groups.push_back(value);
    checksum.add(value);
  }
  if (checksum.state() != 1) {
    return fail(Code::usage, "Its checksum does not match: a character was mistyped or lost.");
  }
  groups.resize(groups.size() - checksum_size);
  auto data = from_groups(groups);
  if (!data) return fail(Code::usage, "Its last character carries bits that mean nothing.");
  out.data = std::move(*data);
  return out;
}

}  // namespace hearth::bech32
