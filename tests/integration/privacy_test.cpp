// Who learns what (docs/threats.md), on the whole road: each home has a relay of its own before the
// ledger that writes down every plain byte; afterwards stores, logs and files of the ledger, the
// seed and the seller are read too. Secrets are looked for in every encoding.
#include <algorithm>
#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include "common/crypto/poprf.h"
#include "common/identity/home.h"
#include "common/store/store.h"
#include "node/library/records.h"
#include "node/wallet/derivations.h"
#include "tests/integration/parties.h"
#include "tests/integration/steps.h"

using namespace hearth;
using namespace hearth::test;

namespace {

void none_in(const Needles& needles, std::string_view text, const std::string& where) {
  const auto found = needles.in(text);
  std::string all;
  for (const auto& what : found) all += what + "; ";
  CHECK_MESSAGE(found.empty(), where, " has ", all);
}

/// Nothing of `needles` in what `party` said to the ledger and heard from it, except in requests
/// that begin with one of `allowed`.
void none_in_talks(const Needles& needles, const Party& party,
                   const std::vector<std::string>& allowed) {
  for (const auto& talk : party.relay.talks()) {
    const bool may = std::any_of(allowed.begin(), allowed.end(), [&](const std::string& request) {
      return talk.asked.starts_with(request);
    });
    const std::string where = party.name + ": " + first_line(talk.asked).substr(0, 60);
    if (!may) none_in(needles, opened(talk.asked), where);
    if (!may) none_in(needles, opened(talk.answered), where + " (answer)");
  }
}

/// Logs and files below a directory as they lie there, and what a home's store has in it.
void none_in_files(const Needles& needles, const fs::path& dir) {
  none_in(needles, slurp(dir.string() + ".log"), dir.filename().string() + ".log");
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    if (entry.is_regular_file()) none_in(needles, slurp(entry.path()), entry.path().string());
  }
  if (!fs::exists(dir / "store")) return;
  for (const auto& [key, value] : records_of(dir / "store"))
    none_in(needles, opened(key) + opened(value), dir.filename().string() + "'s record " + key);
}

/// The shape of a request: header names, members of the document, and all lengths.
std::string shape_of(const std::string& asked) {
  const std::size_t end = asked.find("\r\n\r\n");
  REQUIRE(end != std::string::npos);
  std::string out = std::to_string(asked.size() - end - 4) + " bytes\n";
  for (std::size_t at = 0; at < end; at = asked.find("\r\n", at) + 2) {
    const std::string line = asked.substr(at, asked.find("\r\n", at) - at);
    out += line.substr(0, line.find(':')) + "\n";
  }
  const std::string body = asked.substr(end + 4);
  const std::size_t first = body.find('.'), second = body.find('.', first + 1);
  REQUIRE(second != std::string::npos);
  const auto payload = from_base64url(body.substr(first + 1, second - first - 1));
  REQUIRE(payload);
  const Json document = Json::parse(std::string(as_text(*payload)));
  for (const auto& [name, value] : document.items()) {
    out += name + " " + std::string(value.type_name());
    if (value.is_string()) out += " of " + std::to_string(value.get<std::string>().size());
    out += "\n";
  }
  return out;
}

crypto::age::FileKey file_key_of(const fs::path& home_dir, const std::string& name) {
  for (const auto& [key, value] : records_of(home_dir / "store")) {
    if (!key.starts_with(node::title_prefix)) continue;
    const auto record = node::read_title(as_bytes(value));
    if (record && record->title.manifest.name == name && record->title.key)
      return *record->title.key;
  }
  FAIL("no key of ", name);
  return {};
}

}  // namespace

TEST_CASE("who learns what, read from every byte") {
  Town town;
  Party seller(town, "Krokus Films"), seed(town, "Ackerseed", true);
  Party ben(town, "Haus Birnbaum"), dora(town, "Haus Distel"), cleo(town, "Haus Clematis");
  town.befriend(*ben.home, *cleo.home);
  town.befriend(*dora.home, *cleo.home);
  const fs::path film = town.make_file("film.bin", 300'000, 51);
  const fs::path song = town.make_file("song.bin", 280'000, 52);
  const fs::path reel = town.make_file("reel.bin", 260'000, 53);
  const std::string film_offer = town.publish(*seller.home, film, "3.50 EUR").at("offer");
  const std::string song_offer = town.publish(*seller.home, song, "2.00 EUR").at("offer");
  dora.home->ok({"library", "add", reel.string()});
  dora.home->ok({"publish", "reel.bin", "--private"});
  eventually("the seed mirrors all three", 90, [&] { return mirrored(*seed.home) == 3; });
  town.deposit(*ben.home, "10.00 EUR", "x1");
  town.deposit(*dora.home, "10.00 EUR", "x2");

  ben.home->ok({"gift", "send", film_offer, "--to", cleo.name, "--note", "for Sunday"});
  dora.home->ok({"gift", "send", song_offer, "--to", cleo.name});
  dora.home->ok({"gift", "send", "reel.bin", "--to", cleo.name});
  const std::vector<std::string> names{"film.bin", "song.bin", "reel.bin"};
  for (const auto& name : names) {
    eventually(name + " waits", 60, [&] { return !gift(*cleo.home, "received", name).is_null(); });
  }
  // Whoever published may go: the seed serves what it cannot read.
  CHECK(seller.home->daemon().stop() == 0);
  for (const auto& name : names) {
    cleo.home->ok({"gift", "accept", gift(*cleo.home, "received", name).at("gift")});
  }
  for (const auto& name : names) {
    eventually(name + " is at Cleo's", 90, [&] { return complete_with_key(*cleo.home, name); });
  }
  eventually("the givers hear of it", 60, [&] {
    return gift(*ben.home, "sent", "film.bin").at("state") == "fetched" &&
           gift(*dora.home, "sent", "reel.bin").at("state") == "fetched";
  });
  const Json offers = rows(cleo.home->ok({"catalogue"}), "offers");
  for (Party* party : {&ben, &dora, &cleo, &seed}) CHECK(party->home->daemon().stop() == 0);
  CHECK(town.ledger().stop() == 0);

  // What must be there, or the rest would prove nothing.
  REQUIRE(asked(ben, "POST /v1/purchases").size() >= 1);
  REQUIRE(asked(cleo, "POST /v1/redemptions").size() == 2);
  CHECK_FALSE(ben.identity().in(opened(asked(ben, "POST /v1/purchases").front())).empty());
  CHECK_FALSE(cleo.identity().in(opened(asked(cleo, "POST /v1/homes").front())).empty());
  CHECK_FALSE(ben.purchases().in(opened(asked(ben, "POST /v1/purchases").front())).empty());

  // The receiving home: known to the ledger as a home that is there (it says so itself, signed),
  // and by nothing else. Its mailbox is a pseudonym that is never on one connection with it.
  const std::vector<std::string> as_itself{"POST /v1/homes", "POST /v1/statement"};
  none_in_talks(cleo.identity(), cleo, as_itself);
  for (const Party* party : {&seller, &seed, &ben, &dora})
    none_in_talks(cleo.identity(), *party, {});
  for (const auto& request : as_itself)
    for (const auto& text : asked(cleo, request))
      none_in(cleo.mailbox(), opened(text), "Cleo: " + request);
  none_in(cleo.mailbox(), opened(asked(ben, "POST /v1/purchases").front()), "Ben's purchase");
  none_in(cleo.identity(), slurp(town.dir() / "ledger.log"), "the ledger's log");
  // In the books: that the home opened an account, what it is called, and its one device.
  std::set<std::string> tables;
  std::size_t journal_records = 0;
  for (const auto& [key, value] : records_of(town.ledger_dir() / "books")) {
    if (cleo.identity().in(opened(key) + opened(value)).empty()) continue;
    tables.insert(table_of(key));
    journal_records += key.starts_with("b/j");
  }
  CHECK(tables == std::set<std::string>{"b/a", "b/h", "b/j", "home/devices"});
  CHECK(journal_records == 1);

  // The givers and payers: nothing of theirs at the seller or the seed, nor on the receiver's way.
  for (const Party* payer : {&ben, &dora}) {
    none_in_talks(payer->identity(), seller, {});
    none_in_talks(payer->identity(), seed, {});
    none_in_talks(payer->identity(), cleo, {});
    none_in_files(payer->identity(), seed.home->dir());
    if (payer != &dora) none_in_files(payer->identity(), seller.home->dir());
  }
  none_in_files(cleo.identity(), seller.home->dir());
  none_in_files(cleo.identity(), seed.home->dir());

  // Redemptions: made of nothing that a purchase is made of, and of one form whoever paid.
  Needles bought = ben.purchases();
  bought.add_all(dora.purchases());
  none_in_talks(bought, cleo, {});
  const auto redemptions = asked(cleo, "POST /v1/redemptions");
  CHECK(shape_of(redemptions[0]) == shape_of(redemptions[1]));
  Needles not_in_a_redemption = cleo.exchanges();
  for (const Needles& more :
       {ben.given_keys(), dora.given_keys(), cleo.mailbox(), cleo.identity(), ben.identity()})
    not_in_a_redemption.add_all(more);
  for (const auto& text : redemptions) none_in(not_in_a_redemption, opened(text), "a redemption");

  // What the books keep of them is of one form as well.
  std::vector<std::multiset<std::string>> kept;
  for (const auto& text : redemptions) {
    const auto redemption = wire::read_redemption(text.substr(text.find("\r\n\r\n") + 4));
    REQUIRE(redemption);
    Needles voucher;
    voucher.add("the voucher", wire::voucher_input(redemption->one_time_key));
    kept.emplace_back();
    for (const auto& [key, value] : records_of(town.ledger_dir() / "books")) {
      if (voucher.in(opened(key) + opened(value)).empty()) continue;
      kept.back().insert(table_of(key) + " " + std::to_string(key.size()) + " " +
                         std::to_string(value.size()));
    }
  }
  CHECK(kept.at(0).size() >= 2);  // a spent voucher and a record of the journal
  CHECK(kept.at(0) == kept.at(1));

  // Exchanges: the voucher that Ben gave, and nothing of what Cleo redeems in its place.
  const auto exchanges = asked(cleo, "POST /v1/exchanges");
  REQUIRE(exchanges.size() == 2);
  CHECK(shape_of(exchanges[0]) == shape_of(exchanges[1]));
  CHECK_FALSE(ben.given_keys().in(opened(exchanges[0] + exchanges[1])).empty());
  Needles not_in_an_exchange = cleo.mailbox();
  for (const auto& text : redemptions) {
    const auto redemption = wire::read_redemption(text.substr(text.find("\r\n\r\n") + 4));
    REQUIRE(redemption);
    not_in_an_exchange.add("the fresh voucher's token", redemption->token);
    not_in_an_exchange.add("the fresh voucher's key", redemption->one_time_key);
    not_in_an_exchange.add("the redemption's recipient", redemption->recipient);
  }
  for (const auto& text : exchanges) none_in(not_in_an_exchange, opened(text), "an exchange");

  // The private title: in no catalogue, its key nowhere, nor a plain byte of it.
  CHECK(offers.size() == 2);
  Needles secret;
  secret.add("the private title's file key", file_key_of(dora.home->dir(), "reel.bin").view());
  CHECK(crypto::equal(file_key_of(cleo.home->dir(), "reel.bin").view(),
                      file_key_of(dora.home->dir(), "reel.bin").view()));
  const std::string plain = slurp(reel);
  for (std::size_t at = 0; at < plain.size(); at += 64 * 1024)
    secret.add_text("plain bytes", plain.substr(at, 48));
  secret.add_text("the private title's name", "reel.bin");
  for (const Party* party : {&seller, &seed, &ben, &dora, &cleo}) none_in_talks(secret, *party, {});
  none_in_files(secret, seed.home->dir());
  none_in_files(secret, town.ledger_dir());
  for (const auto& [key, value] : records_of(town.ledger_dir() / "books"))
    none_in(secret, opened(key) + opened(value), "the ledger's record " + key);

  // The titles that are sold: the seed cannot read those either.
  Needles sold_keys;
  sold_keys.add("the film's file key", file_key_of(seller.home->dir(), "film.bin").view());
  sold_keys.add_text("plain bytes", slurp(film).substr(100'000, 48));
  none_in_files(sold_keys, seed.home->dir());
  none_in_talks(sold_keys, seed, {});
  none_in_talks(sold_keys, cleo, {});
}

TEST_CASE("a restore: no two asks that the ledger could tell to be one home's") {
  Town town({"--log-level", "debug"});
  Party seller(town, "Krokus Films"), ben(town, "Haus Birnbaum"), dora(town, "Haus Distel");
  const std::string film =
      town.publish(*seller.home, town.make_file("film.bin", 200'000, 61), "3.50 EUR").at("offer");
  const std::string song =
      town.publish(*seller.home, town.make_file("song.bin", 100'000, 62), "1.00 EUR").at("offer");
  town.deposit(*ben.home, "20.00 EUR", "x1");
  town.deposit(*dora.home, "20.00 EUR", "x2");
  town.befriend(*ben.home, *dora.home);
  ben.home->ok({"buy", film});
  eventually("Ben has the film", 60, [&] { return complete_with_key(*ben.home, "film.bin"); });
  ben.home->ok({"wallet", "refund", ben.home->ok({"buy", song, "--keep-voucher"}).at("voucher")});
  ben.home->ok({"buy", film, "--keep-voucher"});
  ben.home->ok({"gift", "claim", dora.home->ok({"gift", "card", song}).at("text")});
  eventually("Ben has the song", 60, [&] { return complete_with_key(*ben.home, "song.bin"); });
  const std::string line = ben.home->ok({"wallet", "seed"}).at("line");
  ben.home->daemon().kill9();
  CHECK(dora.home->daemon().stop() == 0);
  CHECK(seller.home->daemon().stop() == 0);
  CHECK(town.ledger().stop() == 0);
  const auto before = records_of(town.ledger_dir() / "books");
  town.start_ledger();

  const Relay relay(town.ledger_dir(), town.port());
  const fs::path in = town.dir() / "line.txt";
  std::ofstream(in) << line << '\n';
  const Outcome restored =
      run({"sh", "-c",
           "exec " + bin("hearth") + " --data " + (town.dir() / "again").string() +
               " --json wallet restore --ledger '" +
               town.card_with_url("https://127.0.0.1:" + std::to_string(relay.port())) +
               "' --name '" + ben.name + "' < " + in.string()});
  REQUIRE_MESSAGE(restored.exit_code == 0, restored.err);
  CHECK(restored.json().at("titles") == 2);
  CHECK(restored.json().at("held") == 1);
  CHECK(restored.json().at("contacts") == 1);
  CHECK(town.ledger().stop() == 0);

  // On the wire: one connection, one request, one thing of the home's at most, and nothing that
  // names the home or its mailbox beside it.
  const std::vector<Needles> things = ben.things();
  std::set<std::string> seen;
  std::size_t as_itself = 0, as_mailbox = 0;
  for (const auto& talk : relay.talks()) {
    const std::string where = first_line(talk.asked).substr(0, 60);
    CAPTURE(where);
    const std::string text = opened(talk.asked) + opened(talk.answered);
    CHECK(talk.asked.find(" HTTP/1.1\r\n") == talk.asked.rfind(" HTTP/1.1\r\n"));
    std::size_t here = 0;
    for (const Needles& thing : things) {
      const auto found = thing.in(text);
      here += !found.empty();
      if (!found.empty()) seen.insert(found.front().substr(0, found.front().find(':')));
    }
    const bool names_home = !ben.identity().in(text).empty();
    const bool names_mailbox = !ben.mailbox().in(text).empty();
    as_itself += names_home;
    as_mailbox += names_mailbox;
    CHECK(here + names_home + names_mailbox <= 1);
  }
  // What must be there, or the rest would prove nothing: itself; three purchases and their
  // vouchers, an exchange and its voucher.
  CHECK(as_itself >= 2);
  CHECK(as_mailbox == 1);
  CHECK(seen.size() >= 8);
  // What is redeemed again are the same bytes: nothing new is said of the voucher.
  std::set<std::string> first_time;
  for (const auto& text : asked(ben, "POST /v1/redemptions"))
    first_time.insert(text.substr(text.find("\r\n\r\n")));
  std::size_t again = 0;
  for (const auto& talk : relay.talks()) {
    if (!talk.asked.starts_with("POST /v1/redemptions")) continue;
    ++again;
    CHECK(first_time.contains(talk.asked.substr(talk.asked.find("\r\n\r\n"))));
  }
  CHECK(again == 2);

  // In the books: the new machine's number is all that a restore leaves behind.
  const std::set<std::pair<std::string, std::string>> old(before.begin(), before.end());
  std::set<std::string> tables;
  const auto after = records_of(town.ledger_dir() / "books");
  for (const auto& record : after) {
    if (!old.contains(record)) tables.insert(table_of(record.first));
  }
  CHECK(tables == std::set<std::string>{"home/devices"});
  CHECK(after.size() == before.size());
  // No record of the whole life, restore included, has two things of the home, or one with its name
  // or mailbox, but for what it signed itself: its purchases.
  for (const auto& [key, value] : after) {
    const std::string text = opened(key) + opened(value);
    std::size_t here = 0;
    for (const Needles& thing : things) here += !thing.in(text).empty();
    const bool is_purchase = key.starts_with("b/") && !ben.identity().in(text).empty();
    CHECK_MESSAGE(here <= 1, table_of(key));
    if (!is_purchase) CHECK_MESSAGE(here + !ben.mailbox().in(text).empty() <= 1, table_of(key));
  }
  const std::string log = slurp(town.dir() / "ledger.log");
  none_in(ben.identity(), log, "the ledger's log");
  none_in(ben.mailbox(), log, "the ledger's log");
  for (const Needles& thing : things) none_in(thing, log, "the ledger's log");
}
