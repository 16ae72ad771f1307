#include "common/store/ahead.h"

#include <atomic>

#include <doctest/doctest.h>

namespace hearth::store {

TEST_CASE("ahead: values arrive in order, and the maker's word at the end") {
  for (const int count : {0, 1, 511, 512, 513, 100'000}) {
    CAPTURE(count);
    Ahead<int> numbers([count](const auto& give) -> Result<void> {
      for (int i = 0; i < count; ++i)
        if (!give(int{i})) return {};
      return fail(Code::io, "that was all");
    });
    int expected = 0;
    while (const int* number = numbers.next()) REQUIRE(*number == expected++);
    CHECK(expected == count);
    REQUIRE_FALSE(numbers.ended().has_value());
    CHECK(numbers.ended().error().sentence == "that was all");
  }
}

TEST_CASE("ahead: the maker stops when nobody wants more, and makes little that nobody takes") {
  std::atomic<int> made = 0;
  {
    Ahead<int> numbers([&made](const auto& give) -> Result<void> {
      while (give(made++)) {
      }
      return {};
    });
    for (int i = 0; i < 1'000; ++i) REQUIRE(*numbers.next() == i);
  }  // waits for the maker
  CHECK(made >= 1'000);
  CHECK(made < 20'000);
}

}  // namespace hearth::store
