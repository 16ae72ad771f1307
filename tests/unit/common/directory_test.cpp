#include "common/wire/directory.h"

#include <doctest/doctest.h>

#include "tests/support/documents.h"

namespace hearth::wire {
namespace {

const test::Specimens& specimens() {
  static const test::Specimens all;
  return all;
}

DirectoryList list() {
  const auto& buyer = specimens().buyer;
  return {.home = buyer.address(),
          .entries = {{DirectoryKind::ip, "192.0.2.7"}, {DirectoryKind::esn, "TV-0815"}},
          .card = identity::write_contact_card(specimens().card(buyer), buyer.identity()),
          .issued_ms = specimens().now};
}

std::string code_of(const Result<DirectoryList>& result) {
  return result ? "ok" : std::string(code_name(result.error().code));
}

}  // namespace

TEST_CASE("every address has one written form") {
  struct Row {
    const char* typed;
    const char* normal;  ///< empty: refused
  };
  const Row rows[] = {{"ip:192.0.2.7", "192.0.2.7"},
                      {"ip:::ffff:192.0.2.7", "192.0.2.7"},
                      {"ip:2001:DB8:0:0::7", "2001:db8::7"},
                      {"ip:192.0.2.07", ""},
                      {"ip:192.0.2.256", ""},
                      {"ip:home.example", ""},
                      {"mac:00:53:00:1A:2b:3c", "0053001a2b3c"},
                      {"mac:0053.001a.2b3c", "0053001a2b3c"},
                      {"mac:00-53-00-1a-2b", ""},
                      {"mac:00:53:00:1a:2b:3g", ""},
                      {"esn:tv-0815", "TV-0815"},
                      {"esn:abc", ""},
                      {"esn:TV 0815", ""},
                      {"esn:", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.typed);
    const auto entry = parse_directory_name(row.typed);
    REQUIRE(entry);
    if (*row.normal == '\0') {
      CHECK_FALSE(entry->has_value());
    } else {
      REQUIRE(entry->has_value());
      CHECK((*entry)->value == row.normal);
    }
  }
  CHECK_FALSE(parse_directory_name("Grandma"));
  CHECK_FALSE(parse_directory_name("home1qqqq"));
}

TEST_CASE("a directory list comes back as it was written") {
  const DirectoryList before = list();
  const auto after = read_directory(write_directory(before, specimens().buyer.identity()));
  REQUIRE(after);
  CHECK(after->home == before.home);
  CHECK(after->entries == before.entries);
  CHECK(after->card == before.card);
  CHECK(after->issued_ms == before.issued_ms);
}

TEST_CASE("a directory list is refused when") {
  const auto& key = specimens().buyer.identity();
  SUBCASE("another home signed it") {
    CHECK(code_of(read_directory(write_directory(list(), specimens().seller.identity()))) ==
          "wrong_signer");
  }
  SUBCASE("it carries another home's card") {
    DirectoryList spoilt = list();
    const auto& seller = specimens().seller;
    spoilt.card = identity::write_contact_card(specimens().card(seller), seller.identity());
    CHECK(code_of(read_directory(write_directory(spoilt, key))) == "wrong_signer");
  }
  SUBCASE("a value is not in normal form") {
    DirectoryList spoilt = list();
    spoilt.entries[1].value = "tv-0815";
    CHECK(code_of(read_directory(write_directory(spoilt, key))) == "usage");
  }
  SUBCASE("it has too many entries") {
    DirectoryList spoilt = list();
    spoilt.entries.assign(max_directory_entries + 1, spoilt.entries[0]);
    CHECK_FALSE(read_directory(write_directory(spoilt, key)));
  }
  SUBCASE("an empty one needs no card") {
    DirectoryList none = list();
    none.entries.clear();
    none.card.clear();
    CHECK(code_of(read_directory(write_directory(none, key))) == "ok");
  }
}

}  // namespace hearth::wire
