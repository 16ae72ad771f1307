#include "common/wire/document_fields.h"

#include <algorithm>

#include "common/base/names.h"

namespace hearth::wire {
namespace {

constexpr UtcMs end_of_9999 = 253'402'300'799'999;
constexpr std::size_t max_name_bytes = 120 * 4;
constexpr std::size_t max_note_bytes = 2000;
constexpr std::size_t max_address_bytes = 100;

}  // namespace

Json money_to_json(const money::Amount& amount) {
  return {{"minor", amount.minor}, {"currency", amount.currency.code()}};
}

std::optional<money::Amount> money_field(Fields& fields, const char* name, std::int64_t min_minor,
                                         std::int64_t max_minor) {
  if (!fields.ok()) return std::nullopt;
  Fields money(fields.object(name), name);
  const std::int64_t minor = money.integer("minor", min_minor, max_minor);
  const std::string code = money.required_text("currency", 3);
  if (!money.ok()) {
    fields.refuse(money.error().sentence, money.error().code);
    return std::nullopt;
  }
  const auto currency = money::Currency::from_code(code);
  if (!currency) {
    fields.refuse(currency.error().sentence, currency.error().code);
    return std::nullopt;
  }
  return money::Amount{minor, *currency};
}

identity::HomeAddress home_field(Fields& fields, const char* name) {
  const std::string text = fields.required_text(name, max_address_bytes);
  if (!fields.ok()) return {};
  return take_or_refuse(fields, identity::parse_home_address(text));
}

UtcMs time_field(Fields& fields, const char* name) {
  return fields.integer(name, 0, end_of_9999);
}

std::uint32_t epoch_field(Fields& fields) {
  return static_cast<std::uint32_t>(
      fields.integer("epoch", 0, std::numeric_limits<std::uint32_t>::max()));
}

crypto::BoxPublicKey box_key_field(Fields& fields, const char* name) {
  const auto key = fields.fixed_base64url<32>(name);
  if (!crypto::is_box_key(key)) {
    fields.refuse("The key \"" + std::string(name) + "\" is not one that can be sealed to.");
  }
  return key;
}

std::string name_field(Fields& fields, const char* name) {
  const std::string text = fields.required_text(name, max_name_bytes);
  if (!fields.ok()) return {};
  return take_or_refuse(fields, checked_name(text));
}

std::string note_field(Fields& fields, const char* name) {
  const std::string text = fields.text(name, max_note_bytes);
  if (!fields.ok()) return {};
  return take_or_refuse(fields, checked_note(text, max_note_bytes));
}

Json terms_to_json(const Terms& terms) {
  return {{"giftable", terms.giftable},
          {"min_age", terms.min_age},
          {"sold_until_ms", terms.sold_until_ms}};
}

Terms terms_field(Fields& fields) {
  Terms out;
  if (!fields.has("terms")) return out;
  const Json& object = fields.object("terms");
  if (!fields.ok()) return out;
  Fields terms(object, "terms");
  out.giftable = terms.boolean_or("giftable", true);
  out.min_age = terms.integer_or("min_age", 0, 21, 0);
  out.sold_until_ms = terms.integer_or("sold_until_ms", 0, end_of_9999, 0);
  if (!terms.ok()) fields.refuse(terms.error().sentence, terms.error().code);
  return out;
}

Json elements_to_json(const std::vector<crypto::poprf::Element>& elements) {
  Json out = Json::array();
  for (const auto& element : elements) out.push_back(to_base64url(element));
  return out;
}

std::vector<crypto::poprf::Element> elements_field(Fields& fields, const char* name) {
  std::vector<crypto::poprf::Element> out;
  const std::string what = "\"" + std::string(name) + "\"";
  for (const Json& item : fields.array(name, max_vouchers)) {
    crypto::poprf::Element element;
    const auto bytes =
        item.is_string() ? from_base64url(item.get_ref<const std::string&>()) : std::nullopt;
    if (!bytes || bytes->size() != element.size()) {
      fields.refuse("An entry of " + what + " is not base64url of 32 bytes.");
      return {};
    }
    std::copy(bytes->begin(), bytes->end(), element.begin());
    out.push_back(element);
  }
  if (out.empty()) fields.refuse("The list " + what + " is missing or empty.");
  return out;
}

}  // namespace hearth::wire
