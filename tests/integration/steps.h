// The main job as steps, for tests that interrupt it: each step can be asked for again after a
// crash, as a person would, and each says when it has come about.
#pragma once

#include <ctime>
#include <string>

#include "common/base/clock.h"
#include "tests/support/daemons.h"

namespace hearth::test {

using hearth::now_ms;

/// The clock in UTC, "20:15:30", or the day of it.
inline std::string clock_of(UtcMs at_ms, const char* format = "%H:%M:%S") {
  const auto at = static_cast<std::time_t>(at_ms / 1000);
  std::tm parts{};
  ::gmtime_r(&at, &parts);
  char text[32];
  std::strftime(text, sizeof text, format, &parts);
  return text;
}

/// The transfer document of one title at a home; null when there is none.
inline Json transfer(const Home& home, const std::string& name) {
  for (const Json& one : rows(home.ok({"transfers"}), "transfers")) {
    if (one.at("name") == name) return one;
  }
  return nullptr;
}

inline bool complete_with_key(const Home& home, const std::string& name) {
  const Json one = transfer(home, name);
  return !one.is_null() && one.at("complete") == true && one.at("has_key") == true;
}

inline std::size_t mirrored(const Home& seed) {
  std::size_t count = 0;
  for (const Json& one : rows(seed.ok({"transfers"}), "transfers"))
    count += one.at("complete") == true;
  return count;
}

/// The one gift of that direction and title; null when there is none.
inline Json gift(const Home& home, const std::string& direction, const std::string& name) {
  for (const Json& one : rows(home.ok({"gift", "list"}), "gifts")) {
    if (one.at("direction") == direction && one.at("name") == name) return one;
  }
  return nullptr;
}

inline std::int64_t balance(const Home& home) {
  const Json balances = home.ok({"wallet", "balance"}).at("balances");
  return balances.empty() ? 0 : balances.at(0).at("minor").get<std::int64_t>();
}

inline std::size_t vouchers(const Home& home, const std::string& state) {
  std::size_t count = 0;
  for (const Json& one : rows(home.ok({"wallet", "vouchers"}), "vouchers")) {
    count += one.at("state") == state;
  }
  return count;
}

/// The seller's books are settled: as many sales as the price says, at 5 % fee.
inline bool sold(const Home& seller, std::int64_t price, int count) {
  return balance(seller) == (price - price * 5 / 100) * count;
}

}  // namespace hearth::test
