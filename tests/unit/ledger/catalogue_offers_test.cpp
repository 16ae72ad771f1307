// Offers and torrents in the catalogue: registration, search, paging, and what is refused.
#include <doctest/doctest.h>

#include "api_fixture.h"

using namespace hearth;
using namespace hearth::ledger;
using namespace hearth::ledger::test;

TEST_CASE("names are folded for searching") {
  CHECK(folded("HeLLo 42") == "hello 42");
  CHECK(folded("ÄÖÜ Éa") == "äöü éa");
  CHECK(folded("ΟΔΟΣ") == folded("οδος"));
  CHECK(folded("ДОМ") == "дом");
  CHECK(folded("\xff\xc3") == "\xff\xc3");
}

TEST_CASE("torrents: registered once, given back as they are") {
  TestLedger ledger;
  const TestHome home(1), stranger(2);
  ledger.open_home(home);
  const TestTorrent torrent = make_torrent(5'000, 1);
  const std::string path = "/v1/torrents/" + to_hex(torrent.info_hash);
  CHECK(problem_code(ledger.get(path)) == "unknown_torrent");
  CHECK(problem_code(ledger.register_torrent(stranger, torrent)) == "unknown_account");
  const auto first = ledger.register_torrent(home, torrent);
  CHECK(first.status == 200);
  CHECK(json_of(first)["info_hash"] == to_hex(torrent.info_hash));
  CHECK(ledger.register_torrent(home, torrent).body == first.body);
  CHECK(ledger.get(path).body == torrent.file);
  ledger.restart();
  CHECK(ledger.get(path).body == torrent.file);
  CHECK(problem_code(ledger.get("/v1/torrents/nonsense")) == "unknown_torrent");
}

TEST_CASE("torrent announcements that do not match are refused") {
  TestLedger ledger;
  const TestHome home(1), other(2);
  ledger.open_home(home);
  const TestTorrent torrent = make_torrent(5'000, 1), another = make_torrent(5'000, 2);
  struct Row {
    std::string code;
    const TestTorrent& named;
    const crypto::SignKey& signer;
    UtcMs issued_ms;
    Bytes file;
  };
  const std::vector<Row> rows{
      {"bad_torrent", another, home.key, ledger.clock, torrent.file},
      {"wrong_signer", torrent, other.key, ledger.clock, torrent.file},
      {"stale_request", torrent, home.key, ledger.clock - 300'001, torrent.file},
      {"bad_torrent", torrent, home.key, ledger.clock, to_bytes(as_bytes("d4:infodee"))},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    const std::string announcement = wire::sign_jws(
        "hearth/torrent/1",
        wire::with_issued({{"home", home.address.text()},
                           {"info_hash", to_hex(row.named.info_hash)},
                           {"torrent_sha256", to_hex(crypto::sha256(row.named.file))}},
                          row.issued_ms),
        row.signer);
    const wire::Json body{{"announcement", announcement}, {"torrent", to_base64url(row.file)}};
    CHECK(problem_code(ledger.post("/v1/torrents", body.dump())) == row.code);
  }
  CHECK(problem_code(ledger.get("/v1/torrents/" + to_hex(torrent.info_hash))) == "unknown_torrent");
}

TEST_CASE("offers that cannot be kept are refused with the reason") {
  TestLedger ledger;
  const TestHome seller(1);
  ledger.open_home(seller);
  const TestTorrent torrent = make_torrent(5'000, 1);
  REQUIRE(ledger.register_torrent(seller, torrent).status == 200);
  const auto key = crypto::age::new_file_key();
  const auto code = [&](const wire::Offer& offer) {
    return problem_code(ledger.register_offer(offer, key));
  };
  CHECK(code(ledger.make_offer(seller, make_torrent(5'000, 2), "x", euros(1))) ==
        "unknown_torrent");
  TestTorrent lying = torrent;
  lying.plain_size += 1;
  CHECK(code(ledger.make_offer(seller, lying, "x", euros(1))) == "bad_torrent");
  lying = torrent;
  lying.title[0] ^= 1;
  CHECK(code(ledger.make_offer(seller, lying, "x", euros(1))) == "bad_torrent");
  lying = torrent;
  lying.piece_length *= 2;
  CHECK(code(ledger.make_offer(seller, lying, "x", euros(1))) == "bad_torrent");
  CHECK(code(ledger.make_offer(seller, torrent, "x", {1, *money::Currency::from_code("USD")})) ==
        "currency_unknown");

  const wire::Offer offer = ledger.make_offer(seller, torrent, "x", euros(1));
  const auto sealed_to = [&](const crypto::BoxPublicKey& to, std::string_view tail) {
    Bytes sealed = crypto::age::write_header(key, {to});
    append(sealed, as_bytes(tail));
    const wire::Json body{{"offer", offer.jws}, {"sealed_key", to_base64url(sealed)}};
    return problem_code(ledger.post("/v1/offers", body.dump()));
  };
  const auto stranger = crypto::BoxKey::from_seed(test_seed(9)).public_key();
  CHECK(sealed_to(stranger, "") == "age_no_match");
  CHECK(sealed_to(ledger.keys.escrow.public_key(), "more") == "age_trailing");
  CHECK(problem_code(ledger.get("/v1/offers/" + to_hex(offer.id))) == "unknown_offer");
  CHECK(json_of(ledger.get("/v1/offers"))["offers"].empty());
  CHECK(code(offer) == "");
  CHECK(code(offer) == "");
  CHECK(json_of(ledger.get("/v1/offers"))["offers"].size() == 1);
}

TEST_CASE("search: newest first, case-folded, in pages, without what has ended") {
  TestLedger ledger;
  const TestHome seller(1);
  wire::Terms ended;
  ended.sold_until_ms = ledger.clock + 1'000;
  for (const char* name : {"Sommer am See", "Winter", "SOMMER in Österreich", "Herbst"}) {
    ledger.publish(seller, name);
  }
  ledger.publish(seller, "Sommer von gestern", 350, ended);
  ledger.clock += 2'000;
  const auto names = [](const wire::Json& page) {
    std::string out;
    for (const auto& one : page["offers"]) {
      const auto offer = wire::read_offer(one["offer"].get<std::string>());
      REQUIRE(offer);
      CHECK(one["id"] == to_hex(offer->id));
      out += offer->manifest.name + "|";
    }
    return out;
  };
  const auto run = [&] {
    CHECK(names(json_of(ledger.get("/v1/offers"))) ==
          "Herbst|SOMMER in Österreich|Winter|Sommer am See|");
    CHECK(names(json_of(ledger.get("/v1/offers?search=sommer"))) ==
          "SOMMER in Österreich|Sommer am See|");
    CHECK(names(json_of(ledger.get("/v1/offers?search=%C3%96STER"))) == "SOMMER in Österreich|");
    CHECK(names(json_of(ledger.get("/v1/offers?search=nothing"))).empty());
    const auto first = json_of(ledger.get("/v1/offers?limit=3"));
    CHECK(names(first) == "Herbst|SOMMER in Österreich|Winter|");
    const auto rest =
        json_of(ledger.get("/v1/offers?limit=3&after=" + first["next"].get<std::string>()));
    CHECK(names(rest) == "Sommer am See|");
    CHECK(rest["next"] == "");
  };
  run();
  ledger.restart();
  run();
  CHECK(problem_code(ledger.get("/v1/offers?limit=51")) == "usage");
  CHECK(problem_code(ledger.get("/v1/offers?limit=0")) == "usage");
  CHECK(problem_code(ledger.get("/v1/offers?limit=x")) == "usage");
  CHECK(problem_code(ledger.get("/v1/offers?after=00")) == "unknown_offer");
  CHECK(problem_code(ledger.get("/v1/offers?after=" + std::string(64, '0'))) == "unknown_offer");
  CHECK(problem_code(ledger.get("/v1/offers?search=" + std::string(201, 'a'))) == "usage");
}

TEST_CASE("an offer tells how many complete sources are online") {
  TestLedger ledger;
  const Published film = ledger.publish(TestHome(1));
  const std::string path = "/v1/offers/" + to_hex(film.offer.id);
  CHECK(json_of(ledger.get(path))["complete_sources"] == 1);
  ledger.clock += Tracker::forget_after_ms + 1;
  CHECK(json_of(ledger.get(path))["complete_sources"] == 0);
}
