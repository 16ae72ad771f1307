// What the books stand on, on a disk that fails: a batch that was acknowledged is there whole
// after any fault and any power cut; one that was refused is not seen, and the store goes on when
// the disk does. HEARTH_TEST_SEED repeats a failure.
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/store/rocksdb_env.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/store/faulty_disk.h"

namespace hearth::store {
namespace {

using Contents = std::map<std::string, std::string>;

Contents contents(const View& view) {
  Contents out;
  const auto visit = [&out](ByteView key, ByteView value) {
    out.emplace(as_text(key), as_text(value));
    return true;
  };
  REQUIRE(view.scan({}, {}, visit).has_value());
  return out;
}

/// Long values are told apart by their ends.
std::string difference(const Contents& found, const Contents& expected) {
  for (const auto& [key, value] : expected) {
    const auto there = found.find(key);
    if (there == found.end()) return key + " is missing";
    if (there->second != value) return key + " has another value";
  }
  for (const auto& [key, value] : found)
    if (!expected.contains(key)) return key + " should not be there";
  return {};
}

/// A store on a disk of its own, and what it has acknowledged.
class Books {
 public:
  /// Every other seed keeps some of the keys apart.
  explicit Books(std::uint64_t seed, bool may_be_apart = true)
      : disk_(std::make_shared<FaultyDisk>(seed)), random_(seed) {
    env_ = rocksdb::NewCompositeEnv(disk_);
    if (may_be_apart && seed % 2 == 0) kinds_apart_ = {{"key1"}, {"key3", Kind::Keys::scattered}};
    open();
  }

  FaultyDisk& disk() { return *disk_; }
  Contents found() const { return contents(*store_); }
  const Contents& acknowledged() const { return acknowledged_; }
  /// As it would be, had the first refused batch been kept.
  const Contents& with_refused() const { return with_refused_; }

  /// The batch's result; small ones mostly, now and then one that fills a memtable.
  Result<void> commit() {
    Batch batch;
    Contents after = acknowledged_;
    const std::size_t keys = 1 + random_() % 6;
    for (std::size_t i = 0; i < keys; ++i) {
      const std::string key = "key" + std::to_string(random_() % 40);
      if (random_() % 4 == 0) {
        batch.erase(as_bytes(key));
        after.erase(key);
        continue;
      }
      const std::size_t size = random_() % 30 == 0 ? 5'000'000 : random_() % 40'000;
      std::string value(size, static_cast<char>('a' + random_() % 26));
      value += std::to_string(++writes_);
      batch.put(as_bytes(key), as_bytes(value));
      after[key] = value;
    }
    auto done = store_->commit(batch, epoch_);
    if (done) acknowledged_ = with_refused_ = after;
    // The first that is refused may have reached the disk; those behind it do not even begin.
    if (!done && with_refused_ == acknowledged_) with_refused_ = after;
    return done;
  }

  /// After reopening: a batch that was refused may be there whole, then it counts.
  void take_what_is_there() {
    const Contents there = found();
    REQUIRE((there == acknowledged_ || there == with_refused_));
    acknowledged_ = with_refused_ = there;
  }

  void cut_power(bool torn) {
    disk_->unplug();
    store_.reset();
    disk_->cut_power(torn);
    open();
  }
  void reopen() {
    store_.reset();
    open();
  }
  /// Opens it anew with kinds apart, and again when that fails: whether it did.
  bool fails_to_move_apart(std::uint64_t nth, Fault fault) {
    kinds_apart_ = {{"key1"}, {"key3", Kind::Keys::scattered}};
    store_.reset();
    disk_->fail_from(nth, fault);
    auto opened = open_rocksdb_on(env_.get(), dir_ / "store", kinds_apart_);
    const bool failed = !opened.has_value();
    disk_->unplug();
    opened = fail(Code::io, "closed");
    disk_->cut_power(nth % 2 == 0);
    open();
    return failed;
  }

 private:
  void open() {
    auto opened = open_rocksdb_on(env_.get(), dir_ / "store", kinds_apart_);
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().sentence));
    store_ = std::move(*opened);
    const auto epoch = store_->claim();
    REQUIRE_MESSAGE(epoch.has_value(), (epoch ? "" : epoch.error().sentence));
    epoch_ = *epoch;
  }

  test::TempDir dir_;
  std::shared_ptr<FaultyDisk> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::vector<Kind> kinds_apart_;
  std::unique_ptr<Store> store_;
  std::uint64_t epoch_ = 0;
  std::mt19937_64 random_;
  std::uint64_t writes_ = 0;
  Contents acknowledged_, with_refused_;
};

std::uint64_t first_seed() {
  const char* given = std::getenv("HEARTH_TEST_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 1;
}

constexpr Fault faults[] = {Fault::write_fails, Fault::write_torn, Fault::disk_full,
                            Fault::sync_fails};
constexpr std::uint64_t seeds = 12;

}  // namespace

TEST_CASE("store: after a power cut exactly what was acknowledged is there") {
  for (std::uint64_t seed = first_seed(); seed < first_seed() + seeds; ++seed) {
    CAPTURE(seed);
    Books books(seed);
    for (std::uint64_t round = 0; round < 4; ++round) {
      for (std::uint64_t i = 0; i < 1 + (seed + round) % 9; ++i)
        REQUIRE(books.commit().has_value());
      books.cut_power(round % 2 == 1);
      CHECK(difference(books.found(), books.acknowledged()) == "");
    }
  }
}

// After an error that may have lost what was written before (EIO), only reading the log anew tells
// what is on the disk: the store refuses until it is opened again. A full disk loses nothing.
TEST_CASE("store: a write that fails is refused, hidden, and over when the disk is well") {
  for (std::uint64_t seed = first_seed(); seed < first_seed() + seeds; ++seed) {
    for (const Fault fault : faults) {
      CAPTURE(seed);
      CAPTURE(static_cast<int>(fault));
      Books books(seed);
      for (std::uint64_t i = 0; i < seed % 5; ++i) REQUIRE(books.commit().has_value());
      books.disk().fail_from(1 + seed % 4, fault);
      Result<void> refused;
      for (int i = 0; i < 50 && refused; ++i) refused = books.commit();
      REQUIRE_FALSE(refused.has_value());
      REQUIRE(books.disk().struck());
      CHECK(refused.error().code == (fault == Fault::disk_full ? Code::disk_full : Code::io));
      CHECK(refused.error().sentence.find("nothing of the change was kept") != std::string::npos);
      CHECK(difference(books.found(), books.acknowledged()) == "");
      // Still ill: refused again, and still readable.
      CHECK_FALSE(books.commit().has_value());
      CHECK(difference(books.found(), books.acknowledged()) == "");
      books.disk().heal();
      if (fault != Fault::disk_full) {
        const auto still = books.commit();
        REQUIRE_FALSE(still.has_value());
        CHECK(still.error().sentence.find("start the program again") != std::string::npos);
        CHECK(difference(books.found(), books.acknowledged()) == "");
        books.reopen();
        books.take_what_is_there();
      }
      const auto again = books.commit();
      REQUIRE_MESSAGE(again.has_value(), (again ? "" : again.error().sentence));
      CHECK(difference(books.found(), books.acknowledged()) == "");
      books.cut_power(seed % 2 == 0);
      CHECK(difference(books.found(), books.acknowledged()) == "");
    }
  }
}

TEST_CASE("store: power that goes while writes fail leaves the refused batch whole or not at all") {
  for (std::uint64_t seed = first_seed(); seed < first_seed() + seeds; ++seed) {
    for (const Fault fault : faults) {
      CAPTURE(seed);
      CAPTURE(static_cast<int>(fault));
      Books books(seed);
      for (std::uint64_t i = 0; i < seed % 6; ++i) REQUIRE(books.commit().has_value());
      books.disk().fail_from(1 + seed % 3, fault);
      Result<void> refused;
      for (int i = 0; i < 50 && refused; ++i) refused = books.commit();
      REQUIRE_FALSE(refused.has_value());
      const bool torn = seed % 2 == 0;
      books.cut_power(torn);
      const std::string without = difference(books.found(), books.acknowledged());
      const std::string with = difference(books.found(), books.with_refused());
      CAPTURE(without);
      CAPTURE(with);
      // Nothing that was not synced survives: then the refused batch cannot be there either.
      CHECK((without.empty() || (torn && with.empty())));
    }
  }
}

/// Each write of the move fails once, in one of the ways; other seeds take other ways.
TEST_CASE("store: kinds of keys are moved apart, whatever happens on the way") {
  for (std::uint64_t way = 0; way < std::size(faults); ++way) {
    const Fault fault = faults[(first_seed() + way) % std::size(faults)];
    bool failed = true;
    std::uint64_t nth = 1 + way;
    for (; failed; nth += std::size(faults)) {
      CAPTURE(static_cast<int>(fault));
      CAPTURE(nth);
      REQUIRE(nth < 1'000);
      Books books(first_seed() + nth, false);
      for (int i = 0; i < 12; ++i) REQUIRE(books.commit().has_value());
      failed = books.fails_to_move_apart(nth, fault);
      CHECK(difference(books.found(), books.acknowledged()) == "");
      REQUIRE(books.commit().has_value());
      books.reopen();
      CHECK(difference(books.found(), books.acknowledged()) == "");
    }
    CHECK(nth > 5);
  }
}

TEST_CASE("store: a program that dies while writes fail finds every acknowledged batch again") {
  for (std::uint64_t seed = first_seed(); seed < first_seed() + seeds; ++seed) {
    CAPTURE(seed);
    Books books(seed);
    for (std::uint64_t i = 0; i < 3; ++i) REQUIRE(books.commit().has_value());
    books.disk().fail_from(1 + seed % 5, faults[seed % 4]);
    Result<void> refused;
    for (int i = 0; i < 50 && refused; ++i) refused = books.commit();
    REQUIRE_FALSE(refused.has_value());
    books.disk().heal();
    books.reopen();
    const std::string without = difference(books.found(), books.acknowledged());
    const std::string with = difference(books.found(), books.with_refused());
    CAPTURE(without);
    CAPTURE(with);
    CHECK((without.empty() || with.empty()));
  }
}

}  // namespace hearth::store
