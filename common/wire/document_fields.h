// The values that several documents share, each with its JSON form (docs/protocol.md §1):
// money, home addresses, times, epochs, terms, group elements, names. The readers follow Fields:
// on failure they refuse there and return something harmless.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/wire/documents.h"
#include "common/wire/json.h"

namespace hearth::wire {

inline constexpr std::int64_t max_price_minor = 1'000'000'000'000;
inline constexpr std::size_t max_vouchers = 16;
inline constexpr std::size_t max_url = 200;
inline constexpr std::size_t max_manifest_jws = 96 * 1024;
inline constexpr std::size_t max_offer_jws = 160 * 1024;

/// {"minor":350,"currency":"EUR"}
Json money_to_json(const money::Amount& amount);
std::optional<money::Amount> money_field(
    Fields& fields, const char* name,
    std::int64_t min_minor = std::numeric_limits<std::int64_t>::min(),
    std::int64_t max_minor = std::numeric_limits<std::int64_t>::max());

identity::HomeAddress home_field(Fields& fields, const char* name);
/// From 1970 to the end of 9999.
UtcMs time_field(Fields& fields, const char* name);
/// As above; missing: 0.
UtcMs time_or_never(Fields& fields, const char* name);
std::uint32_t epoch_field(Fields& fields, const char* name = "epoch");
/// One element of the POPRF's group; whether it is one the POPRF checks.
crypto::poprf::Element element_field(Fields& fields, const char* name);
/// The position of the member's text among `names`; `fallback` when it is missing.
std::size_t choice_field(Fields& fields, const char* name, std::span<const std::string_view> names,
                         std::optional<std::size_t> fallback = std::nullopt);
/// An X25519 key that something will be sealed to: not of small order.
crypto::BoxPublicKey box_key_field(Fields& fields, const char* name);
std::string name_field(Fields& fields, const char* name);
/// Missing: empty.
std::string note_field(Fields& fields, const char* name);

Json terms_to_json(const Terms& terms);
/// The member "terms"; a member that it lacks has its default.
Terms terms_field(Fields& fields);

/// One that is the default is left out.
void put_restrictions(Json& payload, const Restrictions& restrictions);
/// The member "restrictions".
Restrictions restrictions_field(Fields& fields);

Json elements_to_json(const std::vector<crypto::poprf::Element>& elements);
/// 1..max_vouchers of them, 32 bytes each; whether they are elements the POPRF checks.
std::vector<crypto::poprf::Element> elements_field(Fields& fields, const char* name);

/// Passes the first failure of `part` on to `fields`, and returns the value of `part` if any.
template <class T>
T take_or_refuse(Fields& fields, Result<T> part) {
  if (part) return std::move(*part);
  fields.refuse(part.error().sentence, part.error().code);
  return T{};
}

}  // namespace hearth::wire
