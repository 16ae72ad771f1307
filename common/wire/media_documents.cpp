#include <algorithm>
#include <iterator>

#include "common/wire/document_fields.h"

namespace hearth::wire {
namespace {

constexpr std::string_view manifest_type = "hearth/manifest/1";
constexpr std::string_view offer_type = "hearth/offer/1";
constexpr std::int64_t max_size = std::int64_t{1} << 42;
constexpr std::int64_t min_piece = 16 * 1024;
constexpr std::int64_t max_piece = 16 * 1024 * 1024;
constexpr std::int64_t max_duration_ms = std::int64_t{1000} * 3600 * 24 * 366;
constexpr std::int64_t max_side = 65'535;
constexpr std::size_t max_poster = 48 * 1024;
constexpr std::size_t max_word = 100;  // media type, codecs
constexpr std::string_view kind_names[] = {"video", "audio", "image", "data"};

bool is_media_type(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("/.+-").find(c) != std::string_view::npos;
  });
}

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Kind kind_field(Fields& fields) {
  const auto kind = kind_from_name(fields.required_text("kind", 16));
  if (!kind) fields.refuse("The manifest's \"kind\" is not video, audio, image or data.");
  return kind.value_or(Kind::data);
}

std::uint32_t piece_length_field(Fields& fields) {
  const std::int64_t length = fields.integer("piece_length", min_piece, max_piece);
  if ((length & (length - 1)) != 0) {
    fields.refuse("The manifest's \"piece_length\" is not a power of two.");
  }
  return static_cast<std::uint32_t>(length);
}

Manifest manifest_fields(Fields& fields) {
  Manifest out;
  out.home = home_field(fields, "home");
  out.name = name_field(fields, "name");
  out.kind = kind_field(fields);
  out.media_type = fields.required_text("media_type", max_word);
  if (!is_media_type(out.media_type)) {
    fields.refuse("The manifest's \"media_type\" holds a character that it may not.");
  }
  out.title = fields.fixed_hex<32>("title");
  out.info_hash = fields.fixed_hex<20>("info_hash");
  out.size = static_cast<std::uint64_t>(fields.integer("size", 0, max_size));
  out.piece_length = piece_length_field(fields);
  out.duration_ms = fields.integer_or("duration_ms", 0, max_duration_ms, 0);
  out.width = static_cast<std::uint32_t>(fields.integer_or("width", 0, max_side, 0));
  out.height = static_cast<std::uint32_t>(fields.integer_or("height", 0, max_side, 0));
  out.codecs = fields.text("codecs", max_word);
  if (!is_printable_ascii(out.codecs)) {
    fields.refuse("The manifest's \"codecs\" holds a character that it may not.");
  }
  if (fields.has("poster")) out.poster = fields.base64url("poster", max_poster);
  out.issued_ms = time_field(fields, "issued_ms");
  return out;
}

}  // namespace

std::string_view kind_name(Kind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kind_from_name(std::string_view name) {
  const auto* found = std::find(std::begin(kind_names), std::end(kind_names), name);
  if (found == std::end(kind_names)) return std::nullopt;
  return static_cast<Kind>(found - std::begin(kind_names));
}

std::string write_manifest(const Manifest& manifest, const crypto::SignKey& home) {
  Json payload = {{"home", manifest.home.text()},
                  {"name", manifest.name},
                  {"kind", kind_name(manifest.kind)},
                  {"media_type", manifest.media_type},
                  {"title", to_hex(manifest.title)},
                  {"info_hash", to_hex(manifest.info_hash)},
                  {"size", manifest.size},
                  {"piece_length", manifest.piece_length},
                  {"duration_ms", manifest.duration_ms},
                  {"width", manifest.width},
                  {"height", manifest.height},
                  {"codecs", manifest.codecs},
                  {"issued_ms", manifest.issued_ms}};
  if (!manifest.poster.empty()) payload["poster"] = to_base64url(manifest.poster);
  return sign_jws(manifest_type, payload, home);
}

Result<Manifest> read_manifest(std::string_view jws) {
  const auto verified = verify_jws(jws, manifest_type, max_manifest_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "manifest");
  Manifest out = manifest_fields(fields);
  if (!fields.ok()) return pass_on(fields.error());
  if (out.home.key != verified->signer) {
    return fail(Code::wrong_signer, "The manifest is not signed by the home that it names.");
  }
  return out;
}

bool refundable(const Terms& terms, UtcMs now) {
  const bool too_late_to_redeem = terms.redeem_until_ms != 0 && now > terms.redeem_until_ms;
  return terms.refund_until_ms == 0 || now <= terms.refund_until_ms || too_late_to_redeem;
}

Result<Offer> write_offer(const std::string& manifest_jws, const money::Amount& price,
                          const Terms& terms, UtcMs issued_ms, const crypto::SignKey& seller) {
  const Json payload = {{"manifest", manifest_jws},
                        {"price", money_to_json(price)},
                        {"terms", terms_to_json(terms)},
                        {"issued_ms", issued_ms}};
  // Read back, so that nobody offers what others would refuse.
  return read_offer(sign_jws(offer_type, payload, seller));
}

Result<Offer> read_offer(std::string_view jws) {
  const auto verified = verify_jws(jws, offer_type, max_offer_jws);
  if (!verified) return pass_on(verified.error());
  Fields fields(verified->payload, "offer");
  std::string manifest_jws = fields.required_text("manifest", max_manifest_jws);
  const auto price = money_field(fields, "price", 0, max_price_minor);
  const Terms terms = terms_field(fields);
  const UtcMs issued_ms = time_field(fields, "issued_ms");
  if (!fields.ok()) return pass_on(fields.error());
  auto manifest = read_manifest(manifest_jws);
  if (!manifest) return pass_on(manifest.error());
  if (manifest->home.key != verified->signer) {
    return fail(Code::wrong_signer,
                "The offer is not signed by the home that published the title.");
  }
  return Offer{.id = crypto::sha256(as_bytes(jws)),
               .jws = std::string(jws),
               .manifest_jws = std::move(manifest_jws),
               .manifest = std::move(*manifest),
               .price = *price,
               .terms = terms,
               .issued_ms = issued_ms};
}

}  // namespace hearth::wire
