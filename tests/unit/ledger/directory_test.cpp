// docs/protocol.md §6.10: a home is found by an address of its own, if it wants to be; first come.
#include "common/wire/directory.h"

#include <doctest/doctest.h>

#include "api_fixture.h"
#include "common/identity/cards.h"
#include "ledger/directory/directory.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

namespace {

using Kind = wire::DirectoryKind;

std::string card_of(const TestHome& home) {
  identity::ContactCard card;
  card.home = home.address;
  card.encryption = crypto::BoxKey::from_seed(test_seed(8)).public_key();
  card.name = "A home";
  card.ledger_url = "https://ledger.example";
  card.issued_ms = 1;
  return identity::write_contact_card(card, home.key);
}

struct Directory {
  TestLedger ledger;
  TestHome anna{1}, bert{2};

  Directory() {
    ledger.open_home(anna);
    ledger.open_home(bert);
  }
  std::string put(const TestHome& home, std::vector<wire::DirectoryEntry> entries,
                  UtcMs later_ms = 0) {
    const wire::DirectoryList list{home.address, std::move(entries), card_of(home),
                                   ledger.clock + later_ms};
    const auto response = ledger.put("/v1/directory", wire::write_directory(list, home.key));
    return response.status == 200 ? "ok" : problem_code(response);
  }
  /// The home that is found; else the code.
  std::string at(const std::string& path) {
    const auto response = ledger.get("/v1/directory/" + path);
    if (response.status != 200) return problem_code(response);
    const auto json = json_of(response);
    const auto home = json["home"].get<std::string>();
    CHECK(identity::parse_contact_card(json["card"].get<std::string>())->home.text() == home);
    return home;
  }
};

const wire::DirectoryEntry mac{Kind::mac, "00530012ab3c"};
const wire::DirectoryEntry esn{Kind::esn, "AB12-34"};
const wire::DirectoryEntry here{Kind::ip, "127.0.0.1"};

}  // namespace

TEST_CASE("directory: who publishes an address is found by it, however it is spelled") {
  Directory d;
  const std::string anna = d.anna.address.text();
  CHECK(d.at("mac/00530012ab3c") == "not_found");
  REQUIRE(d.put(d.anna, {mac, esn, here}) == "ok");
  for (const char* path : {"mac/00530012ab3c", "mac/00:53:00:12:AB:3C", "esn/ab12-34",
                           "ip/127.0.0.1", "ip/::ffff:127.0.0.1"}) {
    CAPTURE(path);
    CHECK(d.at(path) == anna);
  }
  CHECK(d.at("mac/xyz") == "usage");
  CHECK(d.at("phone/123") == "not_found");
  d.ledger.restart();
  CHECK(d.at("esn/AB12-34") == anna);
}

TEST_CASE("directory: first come, the newest list counts, and what it leaves out is free") {
  Directory d;
  REQUIRE(d.put(d.anna, {mac, esn}) == "ok");
  CHECK(d.put(d.bert, {esn}) == "directory_taken");
  CHECK(d.at("esn/AB12-34") == d.anna.address.text());
  CHECK(d.put(d.anna, {mac}, -1) == "stale_request");
  REQUIRE(d.put(d.anna, {mac}, 1) == "ok");
  CHECK(d.at("esn/AB12-34") == "not_found");
  REQUIRE(d.put(d.bert, {esn}) == "ok");
  CHECK(d.at("esn/AB12-34") == d.bert.address.text());
  CHECK(d.put(d.anna, {mac, esn}, 2) == "directory_taken");
  REQUIRE(d.put(d.anna, {}, 3) == "ok");
  CHECK(d.at("mac/00530012ab3c") == "not_found");
}

TEST_CASE("directory: 30 homes want one address at the same instant: one has it") {
  Directory d;
  std::vector<TestHome> homes;
  std::vector<net::Request> requests;
  for (std::uint8_t number = 10; number < 40; ++number) {
    homes.emplace_back(number);
    d.ledger.open_home(homes.back());
  }
  for (const TestHome& home : homes) {
    net::Request request;
    request.method = "PUT";
    request.path = "/v1/directory";
    const wire::DirectoryList list{home.address, {esn}, card_of(home), d.ledger.clock};
    request.body = to_bytes(as_bytes(wire::write_directory(list, home.key)));
    requests.push_back(std::move(request));
  }
  std::string holder;
  const auto responses = d.ledger.at_once(requests);
  for (std::size_t i = 0; i < responses.size(); ++i) {
    if (responses[i].status == 200) {
      CHECK(holder.empty());
      holder = homes[i].address.text();
    } else {
      CHECK(problem_code(responses[i]) == "directory_taken");
    }
  }
  CHECK(d.at("esn/AB12-34") == holder);
}

TEST_CASE("directory: lists that are refused") {
  Directory d;
  const TestHome stranger(9);
  CHECK(d.put(d.anna, {{Kind::ip, "192.0.2.7"}}) == "wrong_signer");
  CHECK(d.put(stranger, {mac}) == "unknown_account");
  CHECK(d.put(d.anna, {mac}, -300'001) == "stale_request");
  CHECK(d.put(d.anna, {mac}, 300'001) == "stale_request");
  CHECK(d.put(d.anna, {{Kind::mac, "00:53:00:12:AB:3C"}}) == "usage");  // not the normal form
  const wire::DirectoryList borrowed{d.anna.address, {mac}, card_of(d.bert), d.ledger.clock};
  CHECK(problem_code(d.ledger.put("/v1/directory", wire::write_directory(borrowed, d.anna.key))) ==
        "wrong_signer");
  const wire::DirectoryList forged{d.anna.address, {mac}, card_of(d.anna), d.ledger.clock};
  CHECK(problem_code(d.ledger.put("/v1/directory", wire::write_directory(forged, d.bert.key))) ==
        "wrong_signer");
  CHECK(d.at("mac/00530012ab3c") == "not_found");
}

TEST_CASE("directory: who tries one address after the other is slowed down") {
  Directory d;
  std::string last;
  int asked = 0;
  for (; asked < 200 && last != "rate_limited"; ++asked)
    last = d.at("esn/" + std::to_string(100'000 + asked));
  CHECK(last == "rate_limited");
  CHECK(asked >= 25);
  CHECK(asked <= 35);
}

TEST_CASE("directory: the operator gives an address free, out of its home's list too") {
  const auto store = store::open_memory();
  const auto epoch = store->claim().value();
  const TestHome anna(1), bert(2);
  const auto keep = [&](const TestHome& home, std::vector<wire::DirectoryEntry> entries,
                        UtcMs at_ms) {
    auto batch = prepare_list(*store, {home.address, std::move(entries), "card", at_ms});
    if (!batch) return batch.error().code;
    REQUIRE(store->commit(*batch, epoch).has_value());
    return Code::internal;
  };
  keep(anna, {mac, esn}, 1);
  CHECK_FALSE(prepare_removal(*store, here).value().has_value());
  REQUIRE(store->commit(*prepare_removal(*store, esn).value(), epoch).has_value());
  CHECK_FALSE(find_entry(*store, esn).value().has_value());
  CHECK(find_entry(*store, mac).value()->home == anna.address);
  keep(bert, {esn}, 1);
  CHECK(keep(anna, {mac, esn}, 2) == Code::directory_taken);
  keep(anna, {}, 3);
  std::vector<std::string> left;
  REQUIRE(each_entry(*store, [&](const auto& entry, const auto& home) {
    left.push_back(entry.value + " " + home.text());
    return true;
  }));
  CHECK(left == std::vector<std::string>{"AB12-34 " + bert.address.text()});
}
