#include "common/base/stable_table.h"

#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include <doctest/doctest.h>

namespace hearth {
namespace {

/// Few bits of the key, so that many keys want the same cell.
struct FewBits {
  std::size_t operator()(int key) const { return static_cast<std::size_t>(key % 7); }
};
struct AllBits {
  std::size_t operator()(int key) const {
    return static_cast<std::size_t>(key) * 0x9E3779B97F4A7C15ULL;
  }
};

/// Random steps against the standard's table; keys leave in the order in which they came,
/// backwards.
template <class Hash>
void check_against_standard(int keys) {
  std::mt19937 random(7);
  StableTable<int, std::string, Hash> table;
  std::unordered_map<int, std::string> expected;
  std::vector<int> order;
  for (int step = 0; step < 20'000; ++step) {
    const int key = static_cast<int>(random() % static_cast<unsigned>(keys));
    if (random() % 3 == 0 && !order.empty()) {
      REQUIRE(table.last_key() == order.back());
      table.pop_back();
      expected.erase(order.back());
      order.pop_back();
    } else {
      const auto [entry, fresh] = table.try_emplace(key, std::to_string(step));
      REQUIRE(fresh == expected.try_emplace(key, std::to_string(step)).second);
      if (fresh) order.push_back(key);
      REQUIRE(entry->key == key);
    }
    REQUIRE(table.size() == expected.size());
    const int asked = static_cast<int>(random() % static_cast<unsigned>(keys));
    const auto* found = table.find(asked);
    REQUIRE((found != nullptr) == expected.contains(asked));
    if (found) REQUIRE(found->value == expected.at(asked));
  }
  std::vector<int> visited;
  table.each([&visited](const auto& entry) { visited.push_back(entry.key); });
  CHECK(visited == order);
}

}  // namespace

TEST_CASE("stable table: finds what is there and nothing else, also when keys collide") {
  check_against_standard<AllBits>(3'000);
  check_against_standard<FewBits>(60);
}

TEST_CASE("stable table: entries stay where they are") {
  StableTable<int, int, AllBits> table;
  std::vector<int*> places;
  for (int i = 0; i < 10'000; ++i) places.push_back(&table.try_emplace(i, i).first->value);
  for (int i = 0; i < 10'000; ++i) {
    CHECK(table.find(i)->value == i);
    CHECK(&table.find(i)->value == places[static_cast<std::size_t>(i)]);
  }
}

}  // namespace hearth
