#include "node/iptv/token.h"

#include <algorithm>

#include "common/base/codec.h"
#include "common/base/names.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t secret_bytes = 32, max_name = 1024, max_channel = 32;
constexpr std::int64_t oldest = 21;

}  // namespace

std::string IptvToken::id() const {
  return to_hex(ByteView(digest).first(8));
}

bool IptvToken::may_see(std::string_view channel) const {
  return channels.empty() || std::find(channels.begin(), channels.end(), channel) != channels.end();
}

bool IptvToken::holds(std::string_view from_address, UtcMs now) const {
  return now < until_ms && (address.empty() || address == from_address);
}

std::optional<crypto::Sha256Digest> token_digest(std::string_view text) {
  if (text.size() > 2 * secret_bytes) return std::nullopt;
  const auto bytes = from_base64url(text);
  if (!bytes || bytes->size() != secret_bytes) return std::nullopt;
  return crypto::sha256(*bytes);
}

std::string token_key(const IptvToken& token) {
  return std::string(iptv_token_prefix) + token.id();
}

Bytes encode(const IptvToken& token) {
  Writer out;
  out.u8(format).raw(token.digest).text(token.name);
  out.u16(static_cast<std::uint16_t>(token.channels.size()));
  for (const std::string& channel : token.channels) out.text(channel);
  out.i64(token.max_age).u8(token.with_private ? 1 : 0).text(token.address);
  out.i64(token.made_ms).i64(token.until_ms);
  return out.take();
}

std::optional<IptvToken> decode_iptv_token(ByteView stored) {
  Reader in(stored);
  const bool known = in.u8() == format;
  IptvToken token;
  token.digest = in.fixed<std::tuple_size_v<crypto::Sha256Digest>>();
  token.name = in.text(max_name);
  const std::size_t channels = in.u16();
  if (channels > max_token_channels) return std::nullopt;
  for (std::size_t i = 0; i < channels && in.ok(); ++i)
    token.channels.push_back(in.text(max_channel));
  token.max_age = in.i64();
  const std::uint8_t with_private = in.u8();
  token.with_private = with_private == 1;
  token.address = in.text(max_token_address);
  token.made_ms = in.i64();
  token.until_ms = in.i64();
  const bool in_range = with_private <= 1 && token.max_age >= 0 && token.max_age <= oldest;
  if (!known || !in.done() || !in_range || !checked_name(token.name)) return std::nullopt;
  return token;
}

}  // namespace hearth::node
