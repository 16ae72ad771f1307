// A ledger whose files or clock are not what they should be: a sentence, exit 1, and nothing is
// changed: when the fault is taken away again, the books are what they were.
#include <fstream>
#include <tuple>

#include <doctest/doctest.h>

#include "common/store/store.h"
#include "ledger/engine/books_view.h"
#include "tests/integration/market.h"
#include "tests/support/daemons.h"

using namespace hearth;
using namespace hearth::test;

namespace {

/// A ledger with a few homes and deposits, stopped.
class Stopped {
 public:
  Stopped() {
    {
      Line line(town_.card());
      const Stall stall(line, 350);
      for (int i = 0; i < 3; ++i) deposit(std::to_string(i));
    }
    CHECK(town_.ledger().stop() == 0);
    root_ = audit_root();
  }

  Town& town() { return town_; }
  fs::path books() const { return town_.ledger_dir() / "books"; }
  fs::path aside() const { return town_.dir() / "aside"; }
  void deposit(const std::string& reference) {
    const std::string seller = Household(0).address.text();
    town_.operate_ok({"deposit", seller, "1.00 EUR", "--reference", reference});
  }
  /// hearth-ledgerd refuses these files with a sentence that has `words` in it.
  void refuses(const std::string& words) {
    const Outcome outcome = run(
        {bin("hearth-ledgerd"), "--data", town_.ledger_dir().string(), "--listen", "127.0.0.1:0"},
        30'000);
    CHECK(outcome.exit_code == 1);
    CHECK_MESSAGE(outcome.err.find(words) != std::string::npos, outcome.err);
  }
  /// The books are as they were, and the ledger starts and goes on.
  void well_again() {
    CHECK(audit_root() == root_);
    town_.start_ledger();
    deposit("afterwards");
    town_.audit_clean();
  }
  fs::path file_ending(const std::string& ending) const {
    for (const auto& entry : fs::directory_iterator(books()))
      if (entry.path().string().ends_with(ending)) return entry.path();
    FAIL("no file *", ending);
    return {};
  }
  fs::path file_beginning(const std::string& beginning) const {
    for (const auto& entry : fs::directory_iterator(books()))
      if (entry.path().filename().string().starts_with(beginning)) return entry.path();
    FAIL("no file ", beginning, "*");
    return {};
  }

 private:
  std::string audit_root() { return town_.operate_ok({"audit"}).at("root"); }

  Town town_;
  std::string root_;
};

void damage(const fs::path& path, std::uint64_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(at));
  file.write("damage", 6);
  REQUIRE(file.good());
}

}  // namespace

TEST_CASE("files that are missing") {
  Stopped ledger;
  for (const fs::path& file : {ledger.books() / "CURRENT", ledger.file_beginning("MANIFEST-"),
                               ledger.town().ledger_dir() / "keys" / "ledger.key"}) {
    CAPTURE(file.string());
    REQUIRE(fs::exists(file));
    fs::rename(file, ledger.aside());
    ledger.refuses("backup");
    CHECK_FALSE(fs::exists(file));
    fs::rename(ledger.aside(), file);
  }
  ledger.well_again();
}

TEST_CASE("a damaged database") {
  Stopped ledger;
  const fs::path manifest = ledger.file_beginning("MANIFEST-");
  fs::copy_file(manifest, ledger.aside());
  damage(manifest, fs::file_size(manifest) / 2);
  ledger.refuses("amaged");
  fs::copy_file(ledger.aside(), manifest, fs::copy_options::overwrite_existing);
  ledger.well_again();
}

TEST_CASE("books of another version") {
  Stopped ledger;
  const auto put = [&](std::string_view row, const Bytes& value) {
    const Bytes key = ledger::books::key(row, {});
    auto store = store::open_rocksdb(ledger.books()).value();
    Bytes before = store->get(key).value().value();
    store::Batch batch;
    batch.put(key, value);
    REQUIRE(store->commit(batch, store->claim().value()).has_value());
    return before;
  };
  for (const auto& [row, format, says] :
       {std::tuple(ledger::books::tree, 2, "newer version"),
        std::tuple(ledger::books::currencies, 3, "newer version"),
        std::tuple(ledger::books::currencies, 1, "older version")}) {
    CAPTURE(row);
    const Bytes other{static_cast<std::uint8_t>(format), 'E', 'U', 'R'};
    const Bytes kept = put(row, other);
    ledger.refuses(says);
    CHECK(put(row, kept) == other);
  }
  ledger.well_again();
}

TEST_CASE("a clock that was set back") {
  Stopped ledger;
  ledger.town().start_ledger({std::string("LD_PRELOAD=") + HEARTH_FAILING_WRITES,
                              "HEARTH_CLOCK_AHEAD_S=3600",
                              "ASAN_OPTIONS=verify_asan_link_order=0"});
  ledger.deposit("an hour ahead");
  const std::string root = ledger.town().operate_ok({"audit"}).at("root");
  CHECK(ledger.town().ledger().stop() == 0);
  ledger.refuses("Set the clock");
  CHECK(ledger.town().operate_ok({"audit"}).at("root") == root);
}

TEST_CASE("a second server on the same directory") {
  Stopped ledger;
  ledger.town().start_ledger();
  ledger.refuses("in use by process");
  ledger.deposit("the first goes on");
  ledger.town().audit_clean();
}

TEST_CASE("old files put back") {
  Stopped ledger;
  fs::copy(ledger.books(), ledger.aside(), fs::copy_options::recursive);
  ledger.town().start_ledger();
  for (int i = 0; i < 3; ++i) ledger.deposit("later " + std::to_string(i));
  ledger.town().operate_ok({"checkpoint"});
  CHECK(ledger.town().ledger().stop() == 0);
  const fs::path later = ledger.town().dir() / "later";
  fs::rename(ledger.books(), later);
  fs::rename(ledger.aside(), ledger.books());
  ledger.refuses("--accept-restored");
  fs::remove_all(ledger.books());
  fs::rename(later, ledger.books());
  ledger.town().start_ledger();
  ledger.town().audit_clean();
}
