// The ledger's keys and its card. Commands: tests/unit/ledger_desk.
#include "ledger/admin/admin.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "common/base/files.h"
#include "ledger/admin/ledger_keys.h"
#include "tests/support/temp_dir.h"

using namespace hearth;
using namespace hearth::ledger;

namespace {

struct TempDir {
  test::TempDir place;
  LedgerDir dir{place.path()};
};

Result<wire::Json> card(const store::Store& store, const LedgerDir& dir) {
  AdminContext context{dir, store};
  return run_admin(context, "card", wire::Json::object());
}

}  // namespace

TEST_CASE("keys are made once, kept privately, and never made anew beside books") {
  const TempDir temp;
  CHECK(load_ledger_keys(temp.dir).error().code == Code::not_initialised);
  const auto made = load_or_make_ledger_keys(temp.dir, 1234).value();
  REQUIRE(made.epochs.size() == 1);
  CHECK(made.epochs[0].epoch == 1);
  CHECK(made.epochs[0].from_ms == 1234);
  const auto again = load_or_make_ledger_keys(temp.dir, 9999).value();
  CHECK(again.signing.public_key() == made.signing.public_key());
  CHECK(again.escrow.public_key() == made.escrow.public_key());
  CHECK(again.epochs[0].pair.public_key == made.epochs[0].pair.public_key);
  CHECK(again.epochs[0].from_ms == 1234);
  CHECK(again.tls.pin == made.tls.pin);
  struct stat status {};
  const auto file = temp.dir.keys() / "ledger.key";
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(stat(temp.dir.keys().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);

  SUBCASE("a card needs the URL of a first start") {
    const auto store = store::open_memory();
    CHECK(card(*store, temp.dir).error().code == Code::not_initialised);
    REQUIRE(store_advertised_url(temp.dir, "https://ledger.example:7600").has_value());
    const auto document = card(*store, temp.dir).value();
    const auto card = identity::parse_ledger_card(document["card"].get<std::string>()).value();
    CHECK(card.url == "https://ledger.example:7600");
    CHECK(card.key == made.signing.public_key());
    CHECK(card.poprf_key == made.epochs[0].pair.public_key);
    CHECK(card.pin == made.tls.pin);
  }
  SUBCASE("readable by others") {
    REQUIRE(chmod(file.c_str(), 0644) == 0);
    CHECK(load_or_make_ledger_keys(temp.dir, 1).error().code == Code::not_private);
  }
  SUBCASE("damaged") {
    REQUIRE(write_file_atomic(file, as_bytes("short"), 0600).has_value());
    CHECK(load_or_make_ledger_keys(temp.dir, 1).error().code == Code::corrupt);
  }
  SUBCASE("lost, with books") {
    std::filesystem::remove(file);
    std::filesystem::create_directory(temp.dir.books());
    CHECK(load_or_make_ledger_keys(temp.dir, 1).error().code == Code::corrupt);
    CHECK_FALSE(std::filesystem::exists(file));
  }
}
