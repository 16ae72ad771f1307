#include "common/identity/cards.h"

#include <algorithm>
#include <charconv>

#include "common/base/names.h"
#include "common/crypto/hash.h"
#include "common/wire/document_fields.h"
#include "common/wire/jws.h"

namespace hearth::identity {
namespace {

constexpr std::string_view ledger_prefix = "hearth-ledger:?";
constexpr std::string_view contact_prefix = "hearth:card?d=";
constexpr std::string_view contact_type = "hearth/contact/1";
constexpr std::size_t max_card = 4 * 1024;
constexpr std::size_t sum_size = 4;

tl::unexpected<Error> bad_card(std::string_view which, std::string_view why) {
  return fail(Code::bad_card, "This is not a " + std::string(which) + " card: " + std::string(why) +
                                  " Ask for it again; nothing was changed.");
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (is_unreserved(c)) {
      out += c;
    } else {
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text[0] != '%') {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    const auto byte = text.size() < 3 ? std::nullopt : from_hex(text.substr(1, 2));
    if (!byte) return std::nullopt;
    out += static_cast<char>((*byte)[0]);
    text.remove_prefix(3);
  }
  return out;
}

std::string checksum(std::string_view text) {
  return to_hex(ByteView(crypto::sha256(as_bytes(text))).first(sum_size));
}

bool is_https_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  return url.size() > scheme.size() && url.size() <= wire::max_url && url.starts_with(scheme) &&
         std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// Takes "name=value" off the front, up to the next '&' or the end.
std::optional<std::string_view> take_parameter(std::string_view& text, std::string_view name) {
  const std::size_t end = std::min(text.find('&'), text.size());
  const std::string_view parameter = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!parameter.starts_with(name) || parameter.substr(name.size(), 1) != "=") return std::nullopt;
  return parameter.substr(name.size() + 1);
}

bool take_key(std::string_view& text, std::string_view name, std::array<std::uint8_t, 32>& out) {
  const auto value = take_parameter(text, name);
  const auto bytes = value ? from_base64url(*value) : std::nullopt;
  if (!bytes || bytes->size() != out.size()) return false;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return true;
}

bool take_epoch(std::string_view& text, std::uint32_t& out) {
  const auto value = take_parameter(text, "epoch");
  if (!value) return false;
  const char* end = value->data() + value->size();
  const auto [stop, error] = std::from_chars(value->data(), end, out);
  return error == std::errc() && stop == end;
}

ContactCard card_fields(wire::Fields& fields) {
  ContactCard out;
  out.home = wire::home_field(fields, "home");
  out.encryption = fields.fixed_base64url<32>("encryption");
  out.mailbox = fields.fixed_base64url<32>("mailbox");
  out.drop_token = fields.fixed_base64url<32>("drop_token");
  out.name = wire::name_field(fields, "name");
  out.ledger_url = fields.required_text("ledger_url", wire::max_url);
  out.ledger_key = fields.fixed_base64url<32>("ledger_key");
  out.issued_ms = wire::time_field(fields, "issued_ms");
  return out;
}

}  // namespace

std::string LedgerCard::text() const {
  const std::string body = std::string(ledger_prefix) + "url=" + percent_encode(url) +
                           "&key=" + to_base64url(key) + "&epoch=" + std::to_string(epoch) +
                           "&poprf=" + to_base64url(poprf_key) + "&pin=" + to_base64url(pin);
  return body + "&sum=" + checksum(body);
}

Result<LedgerCard> parse_ledger_card(std::string_view text) {
  if (text.size() > max_card) return bad_card("ledger", "it is too long.");
  text = trimmed(text);
  if (!text.starts_with(ledger_prefix)) {
    return bad_card("ledger", "it does not begin with \"hearth-ledger:\".");
  }
  const std::size_t end = text.rfind("&sum=");
  if (end == std::string_view::npos || text.substr(end + 5) != checksum(text.substr(0, end))) {
    return bad_card("ledger", "a character was changed or lost in copying.");
  }
  std::string_view rest = text.substr(ledger_prefix.size(), end - ledger_prefix.size());
  LedgerCard out;
  const auto encoded_url = take_parameter(rest, "url");
  const auto url = encoded_url ? percent_decode(*encoded_url) : std::nullopt;
  if (!url || !is_https_url(*url))
    return bad_card("ledger", "its address is not an https address.");
  out.url = *url;
  if (!take_key(rest, "key", out.key) || !take_epoch(rest, out.epoch) ||
      !take_key(rest, "poprf", out.poprf_key) || !take_key(rest, "pin", out.pin)) {
    return bad_card("ledger", "a part is missing or not of its form.");
  }
  // One text per card: what follows, or is written another way, is not part of it.
  if (out.text() != text) return bad_card("ledger", "it is not written the way cards are.");
  return out;
}

std::string write_contact_card(const ContactCard& card, const crypto::SignKey& identity) {
  const wire::Json payload = {{"home", card.home.text()},
                              {"encryption", to_base64url(card.encryption)},
                              {"mailbox", to_base64url(card.mailbox)},
                              {"drop_token", to_base64url(card.drop_token)},
                              {"name", card.name},
                              {"ledger_url", card.ledger_url},
                              {"ledger_key", to_base64url(card.ledger_key)},
                              {"issued_ms", card.issued_ms}};
  return std::string(contact_prefix) + wire::sign_jws(contact_type, payload, identity);
}

Result<ContactCard> parse_contact_card(std::string_view text) {
  if (text.size() > max_card) return bad_card("contact", "it is too long.");
  text = trimmed(text);
  if (!text.starts_with(contact_prefix)) {
    return bad_card("contact", "it does not begin with \"hearth:card\".");
  }
  const auto verified =
      wire::verify_jws(text.substr(contact_prefix.size()), contact_type, max_card);
  if (!verified) return bad_card("contact", verified.error().sentence);
  wire::Fields fields(verified->payload, "contact card");
  ContactCard out = card_fields(fields);
  if (!fields.ok()) return bad_card("contact", fields.error().sentence);
  if (!is_https_url(out.ledger_url)) {
    return bad_card("contact", "its ledger's address is not an https address.");
  }
  if (!crypto::is_box_key(out.encryption)) {
    return bad_card("contact", "its encryption key is not a usable one.");
  }
  if (out.home.key != verified->signer) {
    return bad_card("contact", "it is signed by another home than the one it names.");
  }
  return out;
}

}  // namespace hearth::identity
