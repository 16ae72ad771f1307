// A token with which a device of the home (Kodi, a TV, Jellyfin) may watch channels: which ones, up
// to which rating, until when, from where. Of its secret only the SHA-256 is kept: who reads the
// store cannot watch. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/crypto/hash.h"

namespace hearth::node {

inline constexpr std::size_t max_iptv_tokens = 64, max_token_channels = 500;
inline constexpr std::size_t max_token_address = 45;
inline constexpr std::string_view iptv_token_prefix = "iptv/token/";
/// In the path instead of a token: the one that is bound to the address of who asks.
inline constexpr std::string_view by_address = "here";

struct IptvToken {
  crypto::Sha256Digest digest{};      ///< of the 32 bytes that the path carries
  std::string name;                   ///< what its people call it
  std::vector<std::string> channels;  ///< ids; empty: all, also later ones
  std::int64_t max_age = 0;           ///< titles rated above it are not shown
  bool with_private = true;           ///< titles that the home offers nobody are shown as well
  std::string address;                ///< it holds from there alone; empty: from anywhere
  UtcMs made_ms = 0, until_ms = 0;
  bool operator==(const IptvToken&) const = default;

  std::string id() const;  ///< 16 hex digits
  bool may_see(std::string_view channel) const;
  bool holds(std::string_view from_address, UtcMs now) const;
};

/// The SHA-256 of the 32 bytes that a token's text stands for; nullopt: a text that is no token.
std::optional<crypto::Sha256Digest> token_digest(std::string_view text);
std::string token_key(const IptvToken& token);

Bytes encode(const IptvToken& token);
std::optional<IptvToken> decode_iptv_token(ByteView stored);

}  // namespace hearth::node
