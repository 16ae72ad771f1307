#include "tests/unit/store/store_contract.h"

#include <map>
#include <random>
#include <string>
#include <utility>

#include <doctest/doctest.h>

namespace hearth::store {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Batch puts(const Pairs& pairs) {
  Batch batch;
  for (const auto& [key, value] : pairs) batch.put(as_bytes(key), as_bytes(value));
  return batch;
}

std::optional<std::string> get(const View& view, const std::string& key) {
  const auto found = view.get(as_bytes(key));
  REQUIRE(found.has_value());
  // Among others, and twice.
  const auto together = view.get_all(
      {to_bytes(as_bytes("not there")), to_bytes(as_bytes(key)), to_bytes(as_bytes(key))});
  REQUIRE(together.has_value());
  CHECK(*together == std::vector<std::optional<Bytes>>{std::nullopt, *found, *found});
  if (!*found) return std::nullopt;
  return std::string(as_text(**found));
}

Pairs scan(const View& view, ByteView from, ByteView to, std::size_t at_most = 10'000) {
  Pairs pairs;
  const auto visit = [&](ByteView key, ByteView value) {
    pairs.emplace_back(as_text(key), as_text(value));
    return pairs.size() < at_most;
  };
  REQUIRE(view.scan(from, to, visit).has_value());
  return pairs;
}

void reads_what_was_written(Store& store) {
  CHECK(get(store, "a") == std::nullopt);
  REQUIRE(store.commit(puts({{"a", "1"}, {"b", ""}}), 0).has_value());
  CHECK(get(store, "a") == "1");
  CHECK(get(store, "b") == "");
  Batch batch = puts({{"a", "2"}});
  batch.erase(as_bytes("b"));
  batch.erase(as_bytes("never there"));
  REQUIRE(store.commit(batch, 0).has_value());
  CHECK(get(store, "a") == "2");
  CHECK(get(store, "b") == std::nullopt);
}

void later_entries_win(Store& store) {
  Batch batch = puts({{"a", "1"}, {"a", "2"}, {"b", "1"}});
  batch.erase(as_bytes("b"));
  batch.erase(as_bytes("c"));
  batch.put(as_bytes("c"), as_bytes("3"));
  REQUIRE(store.commit(batch, 0).has_value());
  CHECK(scan(store, {}, {}) == Pairs{{"a", "2"}, {"c", "3"}});
}

void scans_in_byte_order(Store& store) {
  const std::string high = "\xff\xfe";
  REQUIRE(store.commit(puts({{high, "h"}, {"b", "2"}, {"a", "1"}, {"ab", "3"}, {"\x01", "0"}}), 0)
              .has_value());
  CHECK(scan(store, {}, {}) ==
        Pairs{{"\x01", "0"}, {"a", "1"}, {"ab", "3"}, {"b", "2"}, {high, "h"}});
  CHECK(scan(store, as_bytes("a"), as_bytes("b")) == Pairs{{"a", "1"}, {"ab", "3"}});
  CHECK(scan(store, as_bytes("aa"), {}) == Pairs{{"ab", "3"}, {"b", "2"}, {high, "h"}});
  CHECK(scan(store, as_bytes("a"), as_bytes("a")).empty());
  CHECK(scan(store, as_bytes("b"), as_bytes("a")).empty());
  CHECK(scan(store, {}, {}, 2).size() == 2);
}

void scans_a_prefix(Store& store) {
  REQUIRE(
      store.commit(puts({{"p", "0"}, {"p/1", "1"}, {"p/\xff", "2"}, {"q", "3"}}), 0).has_value());
  CHECK(scan(store, as_bytes("p/"), prefix_end(as_bytes("p/"))) ==
        Pairs{{"p/1", "1"}, {"p/\xff", "2"}});
}

void snapshots_stay(Store& store) {
  REQUIRE(store.commit(puts({{"a", "1"}, {"b", "1"}}), 0).has_value());
  const auto before = store.snapshot();
  Batch batch = puts({{"a", "2"}, {"c", "2"}});
  batch.erase(as_bytes("b"));
  REQUIRE(store.commit(batch, 0).has_value());
  const auto after = store.snapshot();
  REQUIRE(store.commit(puts({{"a", "3"}}), 0).has_value());
  CHECK(scan(*before, {}, {}) == Pairs{{"a", "1"}, {"b", "1"}});
  CHECK(scan(*after, {}, {}) == Pairs{{"a", "2"}, {"c", "2"}});
  CHECK(scan(store, {}, {}) == Pairs{{"a", "3"}, {"c", "2"}});
  CHECK(get(*before, "a") == "1");
  CHECK(get(*before, "c") == std::nullopt);
}

void a_scan_does_not_see_commits_under_way(Store& store) {
  REQUIRE(store.commit(puts({{"a", "1"}, {"b", "1"}, {"c", "1"}}), 0).has_value());
  std::string seen;
  const auto visit = [&](ByteView key, ByteView value) {
    seen += std::string(as_text(key)) + std::string(as_text(value));
    REQUIRE(store.commit(puts({{"b", "2"}, {"d", "2"}}), 0).has_value());
    return true;
  };
  REQUIRE(store.scan({}, {}, visit).has_value());
  CHECK(seen == "a1b1c1");
}

void older_writers_are_fenced(Store& store) {
  const auto first = store.claim();
  REQUIRE(first.has_value());
  REQUIRE(store.commit(puts({{"a", "first"}}), *first).has_value());
  const auto second = store.claim();
  REQUIRE(second.has_value());
  CHECK(*second > *first);
  const auto refused = store.commit(puts({{"a", "late"}, {"b", "late"}}), *first);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::locked);
  CHECK(scan(store, {}, {}) == Pairs{{"a", "first"}});
  CHECK(store.commit(puts({{"a", "second"}}), *second).has_value());
  CHECK(get(store, "a") == "second");
}

void the_stores_own_keys_are_hidden(Store& store) {
  const auto epoch = store.claim();
  REQUIRE(epoch.has_value());
  REQUIRE(store.commit(puts({{"a", "1"}}), *epoch).has_value());
  const Bytes zero{0x00};
  const std::string epoch_name("\0epoch", 6);
  CHECK(scan(store, {}, {}) == Pairs{{"a", "1"}});
  CHECK(scan(store, zero, {}) == Pairs{{"a", "1"}});
  CHECK(get(store, epoch_name) == std::nullopt);
  CHECK(get(*store.snapshot(), epoch_name) == std::nullopt);
}

void large_values_and_many_keys(Store& store) {
  const std::string large(5 * 1024 * 1024, 'x');
  REQUIRE(store.commit(puts({{"large", large}}), 0).has_value());
  CHECK(get(store, "large") == large);
  Pairs many;
  for (int i = 0; i < 5000; ++i) many.emplace_back("m" + std::to_string(10'000 + i), "v");
  REQUIRE(store.commit(puts(many), 0).has_value());
  CHECK(scan(store, as_bytes("m"), as_bytes("n")) == many);
}

/// The independent model is a std::map of strings.
void behaves_like_a_map(Store& store, std::uint32_t seed) {
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::map<std::string, std::string> model;
  for (int round = 0; round < 60; ++round) {
    Batch batch;
    for (std::uint32_t i = 0, n = random() % 8; i < n; ++i) {
      std::string key;
      for (std::uint32_t k = 0, size = 1 + random() % 3; k < size; ++k) {
        key.push_back(
            static_cast<char>("\x01"
                              "az\x7f\xff"[random() % 5]));
      }
      if (random() % 3 == 0) {
        batch.erase(as_bytes(key));
        model.erase(key);
      } else {
        const std::string value = std::to_string(random());
        batch.put(as_bytes(key), as_bytes(value));
        model[key] = value;
      }
    }
    REQUIRE(store.commit(batch, 0).has_value());
    REQUIRE(scan(store, {}, {}) == Pairs(model.begin(), model.end()));
  }
}

}  // namespace

void check_store_contract(const MakeStore& make) {
  const std::pair<const char*, void (*)(Store&)> promises[] = {
      {"reads what was written", reads_what_was_written},
      {"later entries of a batch win", later_entries_win},
      {"scans in byte order", scans_in_byte_order},
      {"scans a prefix", scans_a_prefix},
      {"snapshots stay as they are", snapshots_stay},
      {"a scan does not see commits under way", a_scan_does_not_see_commits_under_way},
      {"older writers are fenced", older_writers_are_fenced},
      {"the store's own keys are hidden", the_stores_own_keys_are_hidden},
      {"large values, many keys", large_values_and_many_keys},
  };
  for (const auto& [promise, check] : promises) {
    CAPTURE(promise);
    const auto store = make();
    REQUIRE(store != nullptr);
    check(*store);
  }
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    const auto store = make();
    REQUIRE(store != nullptr);
    behaves_like_a_map(*store, seed);
  }
}

}  // namespace hearth::store
