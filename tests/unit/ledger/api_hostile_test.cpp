// What strangers send: hostile JSON, wrong methods, oversized bodies; and the small routes.
#include <doctest/doctest.h>

#include "api_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

TEST_CASE("paths and methods") {
  TestLedger ledger;
  CHECK(as_text(ledger.get("/healthz").body) == "ok");
  for (const char* path : {"/", "/v1", "/v2/keys", "/v1/keys/more", "/v1/offers/a/b",
                           "/admin/status", "/v1/mailboxes/x/events"}) {
    CAPTURE(path);
    CHECK(problem_code(ledger.get(path)) == "not_found");
  }
  struct Row {
    const char* method;
    const char* path;
    const char* allowed;
  };
  for (const Row& row :
       {Row{"DELETE", "/v1/offers", "POST, GET"}, Row{"GET", "/v1/purchases", "POST"},
        Row{"POST", "/v1/keys", "GET"}, Row{"POST", "/announce", "GET"}}) {
    CAPTURE(row.path);
    net::Request request;
    request.method = row.method;
    request.path = row.path;
    const auto response = ledger.request(request);
    CHECK(response.status == 405);
    CHECK(response.headers.at("allow") == row.allowed);
    CHECK(problem_code(response) == "usage");
  }
}

TEST_CASE("the list of keys is signed and complete") {
  TestLedger ledger;
  const auto keys = wire::read_ledger_keys(as_text(ledger.get("/v1/keys").body),
                                           ledger.keys.signing.public_key());
  REQUIRE(keys);
  REQUIRE(keys->epochs.size() == ledger.keys.epochs.size());
  CHECK(keys->epochs.back().poprf_key == ledger.keys.epochs.back().pair.public_key);
  CHECK(keys->escrow == ledger.keys.escrow.public_key());
  CHECK(keys->currencies == std::vector<std::string>{"EUR"});
  CHECK(keys->tracker_url.starts_with("http://127.0.0.1:"));
  CHECK(keys->tracker_url.ends_with("/announce"));
}

TEST_CASE("hostile bodies are refused with a problem document") {
  TestLedger ledger;
  const std::vector<std::string> bodies{
      "",
      "{}",
      "[]",
      "null",
      "{\"announcement\":1,\"torrent\":2}",
      "{\"offer\":\"x\",\"offer\":\"y\",\"sealed_key\":\"\"}",
      "{\"offer\":\"a.b.c\",\"sealed_key\":\"AAAA\"}",
      std::string(1000, '['),
      "{\"offer\":1.5}",
      "\xff\xfe",
      "a.b.c",
      "..",
      std::string(1000, '.'),
      std::string("\0\0\0", 3),
  };
  for (const char* path : {"/v1/homes", "/v1/statement", "/v1/torrents", "/v1/offers",
                           "/v1/purchases", "/v1/redemptions"}) {
    for (const std::string& body : bodies) {
      CAPTURE(path);
      CAPTURE(body.substr(0, 40));
      const auto response = ledger.post(path, body);
      CHECK(response.status == 400);
      CHECK(problem_code(response) == "usage");
    }
  }
}

TEST_CASE("oversized bodies are refused") {
  TestLedger ledger;
  const std::vector<std::pair<const char*, std::size_t>> rows{
      {"/v1/homes", 64 * 1024},
      {"/v1/purchases", 64 * 1024},
      {"/v1/offers", 256 * 1024},
      {"/v1/torrents", 6 * 1024 * 1024},
  };
  for (const auto& [path, limit] : rows) {
    CAPTURE(path);
    CHECK(ledger.post(path, std::string(limit + 1, 'x')).status == 413);
  }
}

TEST_CASE("homes and statements") {
  TestLedger ledger;
  const TestHome home(1), other(2);
  const auto statement = [&](const TestHome& of, const TestHome& by, UtcMs at) {
    return ledger.post(
        "/v1/statement",
        wire::sign_jws("hearth/statement/1", wire::with_issued({{"home", of.address.text()}}, at),
                       by.key));
  };
  CHECK(problem_code(statement(home, home, ledger.clock)) == "unknown_account");
  ledger.open_home(home);
  ledger.open_home(home);
  ledger.deposit(home, 2000);
  const auto json = json_of(statement(home, home, ledger.clock));
  CHECK(json["balances"] == wire::Json::parse(R"([{"minor":2000,"currency":"EUR"}])"));
  REQUIRE(json["entries"].size() == 1);
  CHECK(json["entries"][0]["kind"] == "deposit");
  CHECK(json["entries"][0]["amount"]["minor"] == 2000);
  CHECK(problem_code(statement(home, other, ledger.clock)) == "wrong_signer");
  CHECK(problem_code(statement(home, home, ledger.clock - 300'001)) == "stale_request");
}

TEST_CASE("sources, announces and scrapes over TLS") {
  TestLedger ledger;
  const Published film = ledger.publish(TestHome(1));
  ledger.announce(film.torrent, 7002, 1000);
  const auto sources = json_of(ledger.get("/v1/sources/" + to_hex(film.torrent.info_hash)));
  CHECK(sources["complete"] == 1);
  CHECK(sources["incomplete"] == 1);
  CHECK(sources["peers"] == wire::Json::parse(R"(["127.0.0.1:7001","127.0.0.1:7002"])"));
  CHECK(problem_code(ledger.get("/v1/sources/00")) == "unknown_torrent");
  CHECK(problem_code(ledger.get("/v1/sources/" + std::string(40, '0'))) == "unknown_torrent");
  const auto scraped =
      ledger.get("/scrape?info_hash=" + net::percent_encode(film.torrent.info_hash));
  CHECK(as_text(scraped.body).ends_with("d8:completei1e10:downloadedi0e10:incompletei1eeee"));
  CHECK(as_text(ledger.get("/announce?info_hash=x").body).starts_with("d14:failure reason"));
  CHECK(as_text(ledger
                    .get("/announce?info_hash=" + std::string(20, 'x') +
                         "&peer_id=01234567890123456789&port=1&left=0")
                    .body)
            .starts_with("d14:failure reason"));
}

TEST_CASE("mirrors are told of torrents: those before, then as they come") {
  TestLedger ledger;
  const TestHome home(1);
  ledger.open_home(home);
  const TestTorrent first = make_torrent(5'000, 1), second = make_torrent(5'000, 2);
  REQUIRE(ledger.register_torrent(home, first).status == 200);
  auto socket = ledger.open_socket("/v1/mirror/events?after=0");
  const auto one = socket->read();
  REQUIRE(one);
  CHECK((*one)["info_hash"] == to_hex(first.info_hash));
  CHECK((*one)["size"] == crypto::age::payload_size(5'000));
  REQUIRE(ledger.register_torrent(home, second).status == 200);
  const auto two = socket->read();
  REQUIRE(two);
  CHECK((*two)["info_hash"] == to_hex(second.info_hash));
  auto later = ledger.open_socket("/v1/mirror/events?after=" + (*one)["sequence"].dump());
  CHECK((*later->read())["info_hash"] == to_hex(second.info_hash));
  auto wrong = ledger.open_socket("/v1/mirror/events?after=x");
  CHECK((*wrong->read())["title"] == "usage");
}
