// Money: int64 minor units of an ISO 4217 currency, never floating point. Written "3.50 EUR".
// All arithmetic is checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.h"

namespace hearth::money {

/// Three upper-case letters of ISO 4217; only codes of the built-in table exist.
class Currency {
 public:
  static Result<Currency> from_code(std::string_view code);
  std::string_view code() const { return {code_, 3}; }
  int exponent() const { return exponent_; }  ///< digits after the point: EUR 2, JPY 0, BHD 3
  bool operator==(const Currency& other) const { return code() == other.code(); }
  auto operator<=>(const Currency& other) const { return code() <=> other.code(); }

 private:
  Currency() = default;
  char code_[4] = {};
  int exponent_ = 0;
};

struct Amount {
  std::int64_t minor;
  Currency currency;
  bool operator==(const Amount&) const = default;
};

std::optional<std::int64_t> checked_add(std::int64_t a, std::int64_t b);
std::optional<std::int64_t> checked_sub(std::int64_t a, std::int64_t b);
std::optional<std::int64_t> checked_mul(std::int64_t a, std::int64_t b);

/// "3.50 EUR", "-0.05 EUR", "120 JPY". Exactly the currency's digits after the point or none;
/// Code::amount_invalid, Code::currency_unknown, Code::overflow.
Result<Amount> parse(std::string_view text);
/// Plain form that parse() reads.
std::string format(const Amount& amount);

/// floor(amount * basis_points / 10000) + fixed, never above `amount`; amount >= 0,
/// 0 <= basis_points <= 10000. The rounding rule of docs/accounting.md.
std::int64_t fee_of(std::int64_t amount, int basis_points, std::int64_t fixed);

}  // namespace hearth::money
