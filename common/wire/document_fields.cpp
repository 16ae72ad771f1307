#include "common/wire/document_fields.h"

#include <algorithm>

#include "common/base/names.h"

namespace hearth::wire {
namespace {

constexpr UtcMs end_of_9999 = 253'402'300'799'999;
constexpr std::size_t max_name_bytes = 120 * 4;
constexpr std::size_t max_note_bytes = 2000;
constexpr std::size_t max_address_bytes = 100;
constexpr std::int64_t max_age = 21;
constexpr std::int64_t max_homes = 16;
constexpr std::string_view push_names[] = {"none", "ask", "accept"};

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

UtcMs time_or_never(Fields& fields, const char* name) {
  return fields.integer_or(name, 0, end_of_9999, 0);
}

std::uint32_t epoch_field(Fields& fields, const char* name) {
  return static_cast<std::uint32_t>(
      fields.integer(name, 0, std::numeric_limits<std::uint32_t>::max()));
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

crypto::poprf::Element element_field(Fields& fields, const char* name) {
  return fields.fixed_base64url<32>(name);
}

std::size_t choice_field(Fields& fields, const char* name, std::span<const std::string_view> names,
                         std::optional<std::size_t> fallback) {
  if (fallback && !fields.has(name)) return *fallback;
  const std::string word = fields.required_text(name, 16);
  const auto found = std::find(names.begin(), names.end(), word);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  fields.refuse("The member \"" + std::string(name) + "\" holds a word that does not exist there.");
  return 0;
}

Json terms_to_json(const Terms& terms) {
  Json out = {{"giftable", terms.giftable},
              {"min_age", terms.min_age},
              {"sold_until_ms", terms.sold_until_ms}};
  if (terms.not_before_ms != 0) out["not_before_ms"] = terms.not_before_ms;
  if (terms.redeem_until_ms != 0) out["redeem_until_ms"] = terms.redeem_until_ms;
  if (terms.refund_until_ms != 0) out["refund_until_ms"] = terms.refund_until_ms;
  if (terms.homes != 1) out["homes"] = terms.homes;
  return out;
}

Terms terms_field(Fields& fields) {
  Terms out;
  if (!fields.has("terms")) return out;
  const Json& object = fields.object("terms");
  if (!fields.ok()) return out;
  Fields terms(object, "terms");
  out.giftable = terms.boolean_or("giftable", true);
  out.min_age = terms.integer_or("min_age", 0, max_age, 0);
  out.sold_until_ms = time_or_never(terms, "sold_until_ms");
  out.not_before_ms = time_or_never(terms, "not_before_ms");
  out.redeem_until_ms = time_or_never(terms, "redeem_until_ms");
  out.refund_until_ms = time_or_never(terms, "refund_until_ms");
  out.homes = terms.integer_or("homes", 1, max_homes, 1);
  if (!terms.ok()) fields.refuse(terms.error().sentence, terms.error().code);
  return out;
}

void put_restrictions(Json& payload, const Restrictions& restrictions) {
  if (restrictions == Restrictions{}) return;
  payload["restrictions"] = {{"push", push_names[static_cast<std::size_t>(restrictions.push)]},
                             {"min_age", restrictions.min_age},
                             {"not_before_ms", restrictions.not_before_ms}};
}

Restrictions restrictions_field(Fields& fields) {
  Restrictions out;
  if (!fields.has("restrictions")) return out;
  const Json& object = fields.object("restrictions");
  if (!fields.ok()) return out;
  Fields asked(object, "restrictions");
  out.push = static_cast<Push>(choice_field(asked, "push", push_names, 0));
  out.min_age = asked.integer_or("min_age", 0, max_age, 0);
  out.not_before_ms = time_or_never(asked, "not_before_ms");
  if (!asked.ok()) fields.refuse(asked.error().sentence, asked.error().code);
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
