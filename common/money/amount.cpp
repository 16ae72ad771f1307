#include "common/money/amount.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "common/base/assert.h"
#include "common/base/names.h"

namespace hearth::money {
namespace {

struct CurrencyRow {
  std::string_view code;
  int exponent;
};

/// ISO 4217's active currencies; funds, metals and testing codes are not money that people pay
/// with.
constexpr std::string_view two_digits =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWL";
constexpr std::string_view no_digits =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
constexpr std::string_view three_digits = "BHD IQD JOD KWD LYD OMR TND";

constexpr std::size_t letters = 26;
constexpr std::size_t no_code = letters * letters * letters;

/// Of the code among all that three upper-case letters make; no_code: another text.
constexpr std::size_t place_of(std::string_view code) {
  std::size_t place = 0;
  for (const char letter : code) {
    if (letter < 'A' || letter > 'Z') return no_code;
    place = place * letters + static_cast<std::size_t>(letter - 'A');
  }
  return code.size() == 3 ? place : no_code;
}

/// Exponents by place, -1 where there is no currency: the books ask for each account they read.
constexpr std::array<std::int8_t, no_code + 1> exponents = [] {
  std::array<std::int8_t, no_code + 1> out{};
  out.fill(-1);
  const auto enter = [&out](std::string_view row, std::int8_t exponent) {
    for (std::size_t at = 0; at < row.size(); at += 4) out[place_of(row.substr(at, 3))] = exponent;
  };
  enter(two_digits, 2);
  enter(no_digits, 0);
  enter(three_digits, 3);
  return out;
}();

std::optional<int> exponent_of(std::string_view code) {
  if (code.size() != 3) return std::nullopt;
  const int exponent = exponents[place_of(code)];
  return exponent < 0 ? std::nullopt : std::optional(exponent);
}

std::int64_t power_of_ten(int exponent) {
  std::int64_t out = 1;
  while (exponent-- > 0) out *= 10;
  return out;
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

tl::unexpected<Error> not_an_amount(std::string_view text, std::string_view why) {
  return fail(Code::amount_invalid, "\"" + printable(text, 40) + "\" is not an amount of money: " +
                                        std::string(why) + " Write it like 3.50 EUR.");
}

}  // namespace

Result<Currency> Currency::from_code(std::string_view code) {
  const auto exponent = exponent_of(code);
  if (!exponent) {
    return fail(Code::currency_unknown,
                "\"" + printable(code, 20) + "\" is not a currency that Hearth knows.");
  }
  Currency out;
  std::memcpy(out.code_, code.data(), 3);
  out.exponent_ = *exponent;
  return out;
}

std::optional<std::int64_t> checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t out;
  if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
  return out;
}

std::optional<std::int64_t> checked_sub(std::int64_t a, std::int64_t b) {
  std::int64_t out;
  if (__builtin_sub_overflow(a, b, &out)) return std::nullopt;
  return out;
}

std::optional<std::int64_t> checked_mul(std::int64_t a, std::int64_t b) {
  std::int64_t out;
  if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
  return out;
}

Result<Amount> parse(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return not_an_amount(text, "the currency is missing.");
  const auto currency = Currency::from_code(text.substr(space + 1));
  if (!currency) return pass_on(currency.error());
  std::string_view number = text.substr(0, space);
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  const std::size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  std::string digits(whole);
  if (!is_digits(whole)) return not_an_amount(text, "the number is not made of digits.");
  if (whole.size() > 1 && whole[0] == '0') return not_an_amount(text, "it begins with a zero.");
  if (point == std::string_view::npos) {
    digits.append(static_cast<std::size_t>(currency->exponent()), '0');
  } else {
    const std::string_view fraction = number.substr(point + 1);
    if (!is_digits(fraction) || fraction.size() != static_cast<std::size_t>(currency->exponent())) {
      return not_an_amount(text, std::string(currency->code()) + " has " +
                                     std::to_string(currency->exponent()) +
                                     " digits after the point.");
    }
    digits += fraction;
  }
  // Counted downwards, so that the smallest int64 can be read too.
  std::optional<std::int64_t> minor = 0;
  for (const char c : digits) {
    minor = checked_mul(*minor, 10);
    if (minor) minor = checked_sub(*minor, c - '0');
    if (!minor) break;
  }
  if (minor && !negative) minor = checked_sub(0, *minor);
  if (!minor) {
    return fail(Code::overflow, "\"" + printable(text, 40) + "\" is more money than can be kept.");
  }
  return Amount{*minor, *currency};
}

std::string format(const Amount& amount) {
  const auto unit = static_cast<std::uint64_t>(power_of_ten(amount.currency.exponent()));
  const std::uint64_t size = amount.minor < 0 ? 0 - static_cast<std::uint64_t>(amount.minor)
                                              : static_cast<std::uint64_t>(amount.minor);
  std::string out = (amount.minor < 0 ? "-" : "") + std::to_string(size / unit);
  if (amount.currency.exponent() > 0) {
    const std::string fraction = std::to_string(size % unit);
    const auto width = static_cast<std::size_t>(amount.currency.exponent());
    out += '.' + std::string(width - fraction.size(), '0') + fraction;
  }
  return out + ' ' + std::string(amount.currency.code());
}

std::int64_t fee_of(std::int64_t amount, int basis_points, std::int64_t fixed) {
  HEARTH_ASSERT(amount >= 0 && basis_points >= 0 && basis_points <= 10'000 && fixed >= 0);
  // Split so that nothing overflows: amount * 10000 may not fit.
  const std::int64_t share =
      amount / 10'000 * basis_points + amount % 10'000 * basis_points / 10'000;
  return fixed >= amount - share ? amount : share + fixed;
}

}  // namespace hearth::money
