#include "common/store/store.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/temp_dir.h"
#include "tests/unit/store/store_contract.h"

namespace hearth::store {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

std::unique_ptr<Store> open(const fs::path& dir, const std::vector<Kind>& kinds = {}) {
  auto store = open_rocksdb(dir, kinds);
  REQUIRE_MESSAGE(store.has_value(), (store ? "" : store.error().sentence));
  return std::move(*store);
}

Batch one(std::string_view key, std::string_view value) {
  Batch batch;
  batch.put(as_bytes(key), as_bytes(value));
  return batch;
}

std::string text_at(const View& view, std::string_view key) {
  const auto found = view.get(as_bytes(key));
  REQUIRE(found.has_value());
  return *found ? std::string(as_text(**found)) : "(nothing)";
}

}  // namespace

TEST_CASE("store: the memory backend keeps the contract") {
  check_store_contract([] { return open_memory(); });
}

TEST_CASE("store: the RocksDB backend keeps the contract") {
  const TempDir dir;
  int count = 0;
  check_store_contract([&] { return open(dir.path() / std::to_string(count++)); });
}

TEST_CASE("store: the RocksDB backend keeps the contract with kinds of keys apart") {
  const TempDir dir;
  const std::vector<Kind> layouts[] = {
      {{"a"}},
      {{"b"}, {"p/"}},
      {{"b", Kind::Keys::scattered}, {"p/", Kind::Keys::scattered}},
      {{"\x01"}, {"ab", Kind::Keys::scattered}, {"\xff"}},
      {{"a"}, {"b"}, {"c"}, {"k", Kind::Keys::scattered}, {"p"}, {"q"}}};
  int count = 0;
  for (const auto& kinds : layouts)
    check_store_contract([&] { return open(dir.path() / std::to_string(count++), kinds); });
}

TEST_CASE("store: kinds apart are scanned in their places, and stay apart") {
  const TempDir dir;
  const auto in_memory = open_memory();
  const std::string keys[] = {"a", "b", "b/1", "b/2", "b0", "c", "d/", "d/1", "e", "\xff\xff"};
  const auto put_all = [&keys](Store& store, std::string_view value) {
    const std::uint64_t epoch = store.claim().value();
    for (const std::string& key : keys)
      REQUIRE(store.commit(one(key, key + std::string(value)), epoch).has_value());
  };
  const auto scanned = [](const View& view, ByteView from, ByteView to) {
    std::string out;
    const auto visit = [&out](ByteView key, ByteView value) {
      out += std::string(as_text(key)) + "=" + std::string(as_text(value)) + " ";
      return true;
    };
    REQUIRE(view.scan(from, to, visit).has_value());
    return out;
  };
  const auto same_everywhere = [&](const View& view) {
    for (const std::string& from : keys)
      for (const std::string& to : keys)
        CHECK(scanned(view, as_bytes(from), as_bytes(to)) ==
              scanned(*in_memory, as_bytes(from), as_bytes(to)));
    CHECK(scanned(view, {}, {}) == scanned(*in_memory, {}, {}));
    for (const std::string& key : keys) CHECK(text_at(view, key) == text_at(*in_memory, key));
  };
  const std::vector<Kind> kinds{{"d/"}, {"b/", Kind::Keys::scattered}, {"\xff"}};
  put_all(*in_memory, "first");
  {
    const auto store = open(dir.path() / "store");
    put_all(*store, "first");
  }
  {
    const auto moved = open(dir.path() / "store", kinds);  // what was there is moved
    same_everywhere(*moved);
    same_everywhere(*moved->snapshot());
    put_all(*in_memory, "second");
    put_all(*moved, "second");
    same_everywhere(*moved);
    REQUIRE(moved->copy_to(dir.path() / "copy").has_value());
  }
  same_everywhere(*open(dir.path() / "store"));  // nobody has to name the kinds again
  same_everywhere(*open(dir.path() / "store", kinds));
  same_everywhere(*open(dir.path() / "copy"));
}

TEST_CASE("store: keys of all kinds are there however the store is opened, merged all the while") {
  const TempDir dir;
  const std::vector<Kind> kinds{{"k", Kind::Keys::scattered}, {"m", Kind::Keys::ascending}};
  const std::string padding(500, 'p');
  const auto scattered = [](int number) { return "k" + std::to_string(number * 7'919 % 100'003); };
  const auto ascending = [](int number) { return "m" + std::to_string(1'000'000 + number); };
  int made = 0;
  // Each closing leaves new tables behind; more than are left unmerged.
  for (int round = 0; round < 9; ++round) {
    const auto store =
        round % 3 == 2 ? open(dir.path() / "store") : open(dir.path() / "store", kinds);
    const std::uint64_t epoch = store->claim().value();
    for (int batches = 0; batches < 10; ++batches) {
      Batch batch;
      for (int i = 0; i < 1'000; ++i, ++made)
        for (const std::string& key : {scattered(made), ascending(made)})
          batch.put(as_bytes(key), as_bytes(padding + std::to_string(made)));
      REQUIRE(store->commit(batch, epoch).has_value());
    }
  }
  for (const bool named : {true, false}) {
    const auto store = named ? open(dir.path() / "store", kinds) : open(dir.path() / "store");
    int found = 0;
    const auto count = [&found](ByteView, ByteView) { return ++found > 0; };
    REQUIRE(store->scan({}, {}, count).has_value());
    CHECK(found == 2 * made);
    for (int number = 0; number < made; number += 97)
      for (const std::string& key : {scattered(number), ascending(number)})
        CHECK(text_at(*store, key) == padding + std::to_string(number));
  }
}

TEST_CASE("store: after a close there is no long log to read") {
  const TempDir dir;
  const auto logged = [&dir] {
    std::uintmax_t bytes = 0;
    for (const auto& file : fs::directory_iterator(dir.path() / "store"))
      if (file.path().extension() == ".log") bytes += file.file_size();
    return bytes;
  };
  const std::string value(1 << 20, 'v');
  {
    const auto store = open(dir.path() / "store", {{"a"}, {"b", Kind::Keys::scattered}});
    const std::uint64_t epoch = store->claim().value();
    for (const char* key : {"a", "b", "c"})
      for (int i = 0; i < 4; ++i)
        REQUIRE(store->commit(one(key + std::to_string(i), value), epoch).has_value());
    CHECK(logged() > 12'000'000);
  }
  CHECK(logged() < 1'000'000);
  const auto store = open(dir.path() / "store");
  for (const char* key : {"a0", "b1", "c3"}) CHECK(text_at(*store, key) == value);
}

TEST_CASE("store: a copy holds one moment, opens by itself, and spares what is there") {
  const TempDir dir;
  const auto kept = open(dir.path() / "store");
  const auto in_memory = open_memory();
  Store* const stores[] = {kept.get(), in_memory.get()};
  int count = 0;
  for (Store* store : stores) {
    const std::uint64_t epoch = store->claim().value();
    for (int i = 0; i < 100; ++i)
      REQUIRE(store->commit(one("key " + std::to_string(i), "first"), epoch).has_value());
    const fs::path copy = dir.path() / ("copy " + std::to_string(count++));
    REQUIRE(store->copy_to(copy).has_value());
    REQUIRE(store->commit(one("key 7", "second"), epoch).has_value());
    CHECK_FALSE(store->copy_to(copy).has_value());  // it would mix two moments
    const auto opened = open(copy);
    CHECK(text_at(*opened, "key 0") == "first");
    CHECK(text_at(*opened, "key 7") == "first");
    CHECK(text_at(*opened, "key 99") == "first");
    CHECK(text_at(*store, "key 7") == "second");
  }
}

TEST_CASE("store: the first key after a prefix") {
  const std::pair<Bytes, Bytes> table[] = {
      {{0x61}, {0x62}}, {{0x61, 0xff}, {0x62}}, {{0x61, 0x00}, {0x61, 0x01}}, {{0xff, 0xff}, {}},
      {{}, {}},
  };
  for (const auto& [prefix, end] : table) CHECK(prefix_end(prefix) == end);
}

TEST_CASE("store: a batch knows its size") {
  Batch batch;
  CHECK(batch.empty());
  batch.put(as_bytes("key"), as_bytes("value"));
  batch.erase(as_bytes("other"));
  CHECK(batch.size_bytes() == 13);
  CHECK(batch.entries().size() == 2);
}

TEST_CASE("store: what was committed is there after reopening, the epoch too") {
  const TempDir dir;
  std::uint64_t epoch = 0;
  {
    const auto store = open(dir.path());
    epoch = store->claim().value();
    REQUIRE(store->commit(one("a", "1"), epoch).has_value());
  }
  const auto store = open(dir.path());
  CHECK(text_at(*store, "a") == "1");
  CHECK(store->claim().value() == epoch + 1);
  const auto late = store->commit(one("a", "2"), epoch);
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().code == Code::locked);
  CHECK(text_at(*store, "a") == "1");
}

TEST_CASE("store: a directory opens once at a time") {
  const TempDir dir;
  auto store = open(dir.path());
  const auto second = open_rocksdb(dir.path());
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == Code::locked);
  CHECK(second.error().sentence.find("Another program uses") != std::string::npos);
  store.reset();
  CHECK(open_rocksdb(dir.path()).has_value());
}

TEST_CASE("store: a snapshot outlives its store") {
  const TempDir dir;
  auto store = open(dir.path());
  REQUIRE(store->commit(one("a", "1"), 0).has_value());
  const auto snapshot = store->snapshot();
  store.reset();
  CHECK(text_at(*snapshot, "a") == "1");
}

TEST_CASE("store: damage is told, not passed over") {
  const TempDir dir;
  {
    const auto store = open(dir.path());
    for (int i = 0; i < 200; ++i) {
      REQUIRE(store->commit(one("key" + std::to_string(i), std::string(1000, 'v')), 0).has_value());
    }
  }
  // The log of what was written, in its middle.
  fs::path log;
  for (const auto& entry : fs::directory_iterator(dir.path())) {
    if (entry.path().extension() == ".log" && entry.file_size() > 100'000) log = entry.path();
  }
  REQUIRE_FALSE(log.empty());
  std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100'000);
  file.write("damage", 6);
  file.close();
  const auto damaged = open_rocksdb(dir.path());
  REQUIRE_FALSE(damaged.has_value());
  CHECK(damaged.error().code == Code::corrupt);
}

TEST_CASE("store: a directory that cannot be made") {
  const TempDir dir;
  std::ofstream(dir.path() / "file") << "in the way";
  const auto store = open_rocksdb(dir.path() / "file" / "store");
  REQUIRE_FALSE(store.has_value());
  CHECK(store.error().code == Code::io);
}

}  // namespace hearth::store
