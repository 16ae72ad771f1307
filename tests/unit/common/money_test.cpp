#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "common/money/amount.h"

namespace hearth::money {
namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

TEST_CASE("amounts are read and written in one form") {
  struct Row {
    const char* text;
    std::int64_t minor;
  };
  const Row rows[] = {{"3.50 EUR", 350},
                      {"0.00 EUR", 0},
                      {"-0.05 EUR", -5},
                      {"120 JPY", 120},
                      {"1.234 BHD", 1234},
                      {"92233720368547758.07 EUR", largest},
                      {"-92233720368547758.08 EUR", smallest}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto amount = parse(row.text);
    REQUIRE(amount);
    CHECK(amount->minor == row.minor);
    CHECK(format(*amount) == row.text);
  }
  CHECK(parse("3 EUR")->minor == 300);
  CHECK(parse("-3 BHD")->minor == -3000);
  CHECK(parse("-0 EUR")->minor == 0);
}

TEST_CASE("what is no amount is refused with its code") {
  struct Row {
    const char* text;
    Code code;
  };
  const Row rows[] = {{"", Code::amount_invalid},
                      {"3.50", Code::amount_invalid},
                      {"EUR", Code::amount_invalid},
                      {"3.5 EUR", Code::amount_invalid},
                      {"3.505 EUR", Code::amount_invalid},
                      {"3. EUR", Code::amount_invalid},
                      {".50 EUR", Code::amount_invalid},
                      {"03.50 EUR", Code::amount_invalid},
                      {"+3.50 EUR", Code::amount_invalid},
                      {"--3.50 EUR", Code::amount_invalid},
                      {"3,50 EUR", Code::amount_invalid},
                      {"1e3 EUR", Code::amount_invalid},
                      {" 3.50 EUR", Code::currency_unknown},
                      {"3.50  EUR", Code::currency_unknown},
                      {"3.50 EUR ", Code::currency_unknown},
                      {"3.50 eur", Code::currency_unknown},
                      {"3.50 QQQ", Code::currency_unknown},
                      {"3.50 EU", Code::currency_unknown},
                      {"120.0 JPY", Code::amount_invalid},
                      {"92233720368547758.08 EUR", Code::overflow},
                      {"-92233720368547758.09 EUR", Code::overflow},
                      {"99999999999999999999999999 EUR", Code::overflow}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto amount = parse(row.text);
    REQUIRE_FALSE(amount);
    CHECK(code_name(amount.error().code) == code_name(row.code));
  }
}

TEST_CASE("currencies have the exponents of ISO 4217") {
  CHECK(Currency::from_code("EUR")->exponent() == 2);
  CHECK(Currency::from_code("JPY")->exponent() == 0);
  CHECK(Currency::from_code("KWD")->exponent() == 3);
  CHECK(Currency::from_code("EUR").value() == Currency::from_code("EUR").value());
  CHECK(Currency::from_code("EUR").value() < Currency::from_code("USD").value());
  for (const char* code : {"", "E", "EURO", "eur", "XAU", "DEM", "ED ", " AE", "D A"}) {
    CAPTURE(code);
    CHECK_FALSE(Currency::from_code(code));
  }
}

TEST_CASE("arithmetic that would not fit gives nothing") {
  CHECK(checked_add(2, 3) == 5);
  CHECK_FALSE(checked_add(largest, 1));
  CHECK_FALSE(checked_add(smallest, -1));
  CHECK(checked_sub(2, 3) == -1);
  CHECK_FALSE(checked_sub(smallest, 1));
  CHECK_FALSE(checked_sub(0, smallest));
  CHECK(checked_mul(-2, 3) == -6);
  CHECK_FALSE(checked_mul(largest, 2));
  CHECK_FALSE(checked_mul(smallest, -1));
}

TEST_CASE("fees round down and never exceed the amount") {
  struct Row {
    std::int64_t amount;
    int basis_points;
    std::int64_t fixed, fee;
  };
  const Row rows[] = {{350, 500, 0, 17},
                      {350, 500, 5, 22},
                      {350, 0, 0, 0},
                      {350, 10'000, 0, 350},
                      {350, 10'000, 5, 350},
                      {3, 0, 5, 3},
                      {0, 500, 5, 0},
                      {19, 500, 0, 0},
                      {20, 500, 0, 1},
                      {largest, 10'000, 0, largest},
                      {largest, 1, largest, largest},
                      {largest, 5'000, 0, largest / 2}};
  for (const Row& row : rows) {
    CAPTURE(row.amount);
    CAPTURE(row.basis_points);
    CHECK(fee_of(row.amount, row.basis_points, row.fixed) == row.fee);
  }
}

}  // namespace
}  // namespace hearth::money
