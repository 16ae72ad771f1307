#include <algorithm>
#include <optional>

#include <sodium.h>

#include "common/base/assert.h"
#include "common/crypto/age/age.h"
#include "common/crypto/hash.h"

namespace hearth::crypto::age {
namespace {

constexpr std::string_view version_line = "age-encryption.org/v1";
constexpr std::string_view stanza_start = "-> ";
constexpr std::string_view mac_start = "---";
constexpr std::string_view x25519_type = "X25519";
constexpr std::string_view x25519_label = "age-encryption.org/v1/X25519";
constexpr std::size_t body_columns = 64;
constexpr std::size_t wrapped_size = FileKey::size() + crypto_aead_chacha20poly1305_ietf_ABYTES;
constexpr std::uint8_t zero_nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = {};

struct Stanza {
  std::vector<std::string_view> arguments;  ///< the type first
  Bytes body;
};

struct ParsedHeader {
  std::vector<Stanza> stanzas;
  ByteView authenticated;  ///< up to and with "---"
  Bytes mac;
  std::size_t size = 0;
};

tl::unexpected<Error> malformed(std::string_view why) {
  return fail(Code::age_header, "This is not an age file: " + std::string(why) + ".");
}

/// Reads lines that end in a line feed; every line of a header does.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  std::optional<std::string_view> next() {
    const std::size_t end = text_.find('\n', at_);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text_.substr(at_, end - at_);
    start_ = at_;
    at_ = end + 1;
    return line;
  }
  std::size_t line_start() const { return start_; }
  std::size_t position() const { return at_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

/// One or more words of visible ASCII with single spaces between; nullopt otherwise.
std::optional<std::vector<std::string_view>> words(std::string_view line) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    if (word.empty() ||
        !std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c <= '~'; })) {
      return std::nullopt;
    }
    out.push_back(word);
    if (end == line.size()) return out;
    line.remove_prefix(end + 1);
  }
}

/// Full lines of 64 columns, then one that is shorter, maybe empty.
Result<Bytes> read_body(Lines& lines) {
  Bytes out;
  while (true) {
    const auto line = lines.next();
    if (!line) return malformed("its header ends in the middle of a stanza");
    const auto bytes = from_base64(*line, false);
    if (!bytes || line->size() > body_columns) {
      return malformed("a stanza's body is not base64 in lines of 64 columns");
    }
    append(out, *bytes);
    if (line->size() < body_columns) return out;
  }
}

Result<ParsedHeader> parse(ByteView in) {
  const ByteView bounded = in.first(std::min(in.size(), max_header));
  Lines lines(as_text(bounded));
  if (lines.next() != version_line) return malformed("it does not begin with the line of age v1");
  ParsedHeader out;
  while (true) {
    const auto line = lines.next();
    if (!line) return malformed("its header does not end within 16 KiB");
    if (line->starts_with(mac_start)) {
      if (line->substr(mac_start.size(), 1) != " ")
        return malformed("its last header line is not of its form");
      const auto mac = from_base64(line->substr(mac_start.size() + 1), false);
      if (!mac || mac->size() != 32) return malformed("its last header line is not of its form");
      if (out.stanzas.empty()) return malformed("it names no recipient");
      out.mac = *mac;
      out.authenticated = bounded.first(lines.line_start() + mac_start.size());
      out.size = lines.position();
      return out;
    }
    if (!line->starts_with(stanza_start)) return malformed("a stanza does not begin with ->");
    auto arguments = words(line->substr(stanza_start.size()));
    if (!arguments) return malformed("a stanza's first line is not of its form");
    auto body = read_body(lines);
    if (!body) return pass_on(body.error());
    out.stanzas.push_back({std::move(*arguments), std::move(*body)});
  }
}

/// The key that wraps the file key; nullopt when the shared secret is zero.
std::optional<Secret<32>> wrap_key(ByteView secret, const BoxPublicKey& their_key,
                                   ByteView ephemeral, ByteView recipient) {
  Secret<32> shared;
  if (crypto_scalarmult(shared.data(), secret.data(), their_key.data()) != 0) return std::nullopt;
  Bytes salt = to_bytes(ephemeral);
  append(salt, recipient);
  Bytes bytes = hkdf_sha256(shared.view(), salt, x25519_label, 32);
  Secret<32> out;
  std::copy(bytes.begin(), bytes.end(), out.data());
  wipe(bytes.data(), bytes.size());
  return out;
}

Sha256Digest header_mac(const FileKey& key, ByteView authenticated) {
  Bytes mac_key = hkdf_sha256(key.view(), {}, "header", 32);
  const Sha256Digest out = hmac_sha256(mac_key, authenticated);
  wipe(mac_key.data(), mac_key.size());
  return out;
}

std::string x25519_stanza(const FileKey& key, const BoxPublicKey& recipient) {
  const BoxKey ephemeral = BoxKey::from_seed(Seed(random_array<32>()));
  const auto wrapping = wrap_key(ephemeral.secret(), recipient, ephemeral.public_key(), recipient);
  // A recipient of small order: wrapped with a key that is forgotten at once.
  const Secret<32> used = wrapping ? *wrapping : Secret<32>(random_array<32>());
  std::array<std::uint8_t, wrapped_size> body;
  crypto_aead_chacha20poly1305_ietf_encrypt(body.data(), nullptr, key.data(), key.size(), nullptr,
                                            0, nullptr, zero_nonce, used.data());
  return std::string(stanza_start) + std::string(x25519_type) + " " +
         to_base64(ephemeral.public_key(), false) + "\n" + to_base64(body, false) + "\n";
}

/// The file key if the stanza is for `identity`, nothing if it is for another.
Result<std::optional<FileKey>> unwrap(const Stanza& stanza, const BoxKey& identity) {
  if (stanza.arguments.size() != 2 || stanza.body.size() != wrapped_size) {
    return malformed("an X25519 stanza is not of its form");
  }
  const auto share = from_base64(stanza.arguments[1], false);
  BoxPublicKey ephemeral;
  if (!share || share->size() != ephemeral.size()) {
    return malformed("an X25519 stanza is not of its form");
  }
  std::copy(share->begin(), share->end(), ephemeral.begin());
  const auto wrapping = wrap_key(identity.secret(), ephemeral, ephemeral, identity.public_key());
  if (!wrapping) return malformed("an X25519 stanza has a share of small order");
  FileKey out;
  if (crypto_aead_chacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, stanza.body.data(),
                                                stanza.body.size(), nullptr, 0, zero_nonce,
                                                wrapping->data()) != 0) {
    return std::optional<FileKey>();
  }
  return std::optional<FileKey>(out);
}

}  // namespace

Bytes write_header(const FileKey& key, const std::vector<BoxPublicKey>& recipients) {
  HEARTH_ASSERT(!recipients.empty());
  std::string text = std::string(version_line) + "\n";
  for (const BoxPublicKey& recipient : recipients) text += x25519_stanza(key, recipient);
  text += mac_start;
  const Sha256Digest mac = header_mac(key, as_bytes(text));
  text += " " + to_base64(mac, false) + "\n";
  HEARTH_ASSERT(text.size() <= max_header);
  return to_bytes(as_bytes(text));
}

Result<Header> open_header(ByteView in, const BoxKey& identity) {
  const auto parsed = parse(in);
  if (!parsed) return pass_on(parsed.error());
  for (const Stanza& stanza : parsed->stanzas) {
    if (stanza.arguments[0] != x25519_type) continue;
    const auto key = unwrap(stanza, identity);
    if (!key) return pass_on(key.error());
    if (!*key) continue;
    if (!equal(header_mac(**key, parsed->authenticated), parsed->mac)) {
      return fail(Code::age_mac, "The header of the age file was changed. Nothing was opened.");
    }
    return Header{**key, parsed->size};
  }
  return fail(Code::age_no_match, "The age file is not sealed to this key. Nothing was opened.");
}

}  // namespace hearth::crypto::age
