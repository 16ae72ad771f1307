#include "common/wire/jws.h"

#include <algorithm>
#include <optional>

#include "common/base/assert.h"

namespace hearth::wire {
namespace {

constexpr std::size_t max_protected_header = 512;

struct Parts {
  std::string_view signed_text;  ///< header.payload
  std::string_view header, payload, signature;
};

struct Header {
  std::string typ;
  crypto::SignPublicKey key{};
};

tl::unexpected<Error> not_a_document(std::string_view why) {
  return fail(Code::usage, "The signed document was refused: " + std::string(why) + ".");
}

Result<Parts> split(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) return not_a_document("it does not have three parts");
  Parts out;
  out.signed_text = text.substr(0, second);
  out.header = text.substr(0, first);
  out.payload = text.substr(first + 1, second - first - 1);
  out.signature = text.substr(second + 1);
  return out;
}

// The header as sign_jws() writes it.
constexpr std::string_view before_kid = R"({"alg":"EdDSA","kid":")";
constexpr std::string_view before_typ = R"(","typ":")";
constexpr std::string_view after_typ = R"("})";
constexpr std::size_t kid_size = 43;
constexpr std::size_t max_typ = 64;

std::string write_header(std::string_view typ, const crypto::SignPublicKey& key) {
  std::string out(before_kid);
  out += to_base64url(key);
  out += before_typ;
  out += typ;
  out += after_typ;
  return out;
}

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

/// Nearly every header is of this form, and needs no parser. nullopt: this one does.
std::optional<Header> usual_header(std::string_view text) {
  if (!text.starts_with(before_kid) || !text.ends_with(after_typ)) return std::nullopt;
  text.remove_prefix(before_kid.size());
  text.remove_suffix(after_typ.size());
  if (text.size() <= kid_size + before_typ.size()) return std::nullopt;
  const std::string_view typ = text.substr(kid_size + before_typ.size());
  if (text.substr(kid_size, before_typ.size()) != before_typ || typ.size() > max_typ ||
      !std::all_of(typ.begin(), typ.end(), is_plain)) {
    return std::nullopt;
  }
  const auto kid = from_base64url(text.substr(0, kid_size));
  Header out;
  if (!kid || kid->size() != out.key.size()) return std::nullopt;
  std::copy(kid->begin(), kid->end(), out.key.begin());
  out.typ = typ;
  return out;
}

Result<Header> read_header(std::string_view encoded) {
  if (encoded.size() > max_protected_header) return not_a_document("its header is too long");
  const auto bytes = from_base64url(encoded);
  if (!bytes) return not_a_document("its header is not base64url");
  if (auto usual = usual_header(as_text(*bytes))) return std::move(*usual);
  const auto json = parse_json(*bytes, max_protected_header);
  if (!json) return pass_on(json.error());
  Fields fields(*json, "document's header");
  Header out;
  const std::string algorithm = fields.required_text("alg", 16);
  out.key = fields.fixed_base64url<32>("kid");
  out.typ = fields.required_text("typ", max_typ);
  if (!fields.ok()) return pass_on(fields.error());
  if (algorithm != "EdDSA") return not_a_document("it is not signed with EdDSA");
  if (json->size() != 3) return not_a_document("its header has members other than alg, kid, typ");
  return out;
}

}  // namespace

std::string sign_jws(std::string_view typ, const Json& payload, const crypto::SignKey& key) {
  return sign_jws_text(typ, payload.dump(), key);
}

std::string sign_jws_text(std::string_view typ, std::string_view payload,
                          const crypto::SignKey& key) {
  HEARTH_ASSERT(typ.size() <= max_typ && std::all_of(typ.begin(), typ.end(), is_plain));
  const std::string header = write_header(typ, key.public_key());
  std::string out;
  out.reserve((header.size() + payload.size() + sizeof(crypto::Signature)) * 4 / 3 + 8);
  append_base64url(out, as_bytes(header));
  out += '.';
  append_base64url(out, as_bytes(payload));
  const crypto::Signature signature = key.sign(as_bytes(out));
  out += '.';
  append_base64url(out, signature);
  return out;
}

std::string claimed_jws_type(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return {};
  auto header = read_header(parts->header);
  return header ? std::move(header->typ) : std::string();
}

Result<VerifiedJws> verify_jws(std::string_view text, std::string_view expected_typ,
                               std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return fail(Code::too_large, "The signed document is larger than the " +
                                     std::to_string(max_bytes) + " bytes allowed.");
  }
  const auto parts = split(text);
  if (!parts) return pass_on(parts.error());
  auto header = read_header(parts->header);
  if (!header) return pass_on(header.error());
  if (header->typ != expected_typ) {
    return not_a_document("it is not of the type " + std::string(expected_typ));
  }
  const auto signature_bytes = from_base64url(parts->signature);
  const auto payload_bytes = from_base64url(parts->payload);
  crypto::Signature signature;
  if (!payload_bytes || !signature_bytes || signature_bytes->size() != signature.size()) {
    return not_a_document("its payload or signature is not base64url of the right length");
  }
  std::copy(signature_bytes->begin(), signature_bytes->end(), signature.begin());
  if (!crypto::verify(as_bytes(parts->signed_text), signature, header->key)) {
    return fail(Code::bad_signature,
                "The signature of the document does not match: it was changed, or made with "
                "another key. It was not accepted.");
  }
  auto payload = parse_json(*payload_bytes, max_bytes);
  if (!payload) return pass_on(payload.error());
  return VerifiedJws{std::move(header->typ), header->key, std::move(*payload)};
}

Result<VerifiedJws> verify_jws_from(std::string_view text, std::string_view expected_typ,
                                    const crypto::SignPublicKey& expected, std::size_t max_bytes) {
  auto verified = verify_jws(text, expected_typ, max_bytes);
  if (verified && verified->signer != expected) {
    return fail(Code::wrong_signer,
                "The document is signed, but by somebody else than it should be. It was not "
                "accepted.");
  }
  return verified;
}

}  // namespace hearth::wire
