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
#include "tests/integration/steps.h"
#include "tests/support/daemons.h"
#include "tests/support/needles.h"
#include "tests/support/relay.h"

using namespace hearth;
using namespace hearth::test;

namespace {

using test::Home;

constexpr std::uint64_t purchases_looked_at = 6;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A home, what it said to the ledger, and what is its own.
struct Party {
  Party(Town& town, const std::string& home_name, bool seed = false)
      : name(home_name), relay(town.ledger_dir(), town.port()) {
    Place through;
    through.card = town.card_with_url("https://127.0.0.1:" + std::to_string(relay.port()));
    home = seed ? &town.add_seed(name, {}, through) : &town.add_home(name, {}, through);
    const auto bytes = from_hex(slurp(home->dir() / "wallet.seed").substr(0, 64));
    REQUIRE(bytes);
    crypto::Seed wallet;
    std::copy(bytes->begin(), bytes->end(), wallet.data());
    keys = std::make_unique<identity::HomeKeys>(wallet);
  }
  /// Whatever names this home.
  Needles identity() const {
    Needles out;
    out.add_text(name + "'s name", name);
    out.add_text(name + "'s address", keys->address().text());
    out.add(name + "'s key", keys->address().key);
    out.add(name + "'s device", node::device_id(keys->seed()));
    out.add(name + "'s encryption key", keys->encryption().public_key());
    return out;
  }
  Needles mailbox() const {
    Needles out;
    out.add(name + "'s mailbox", keys->mailbox().public_key());
    return out;
  }
  /// Whatever a purchase of this home is made of, seen by the ledger or not, except what a holder
  /// of the voucher has to show.
  Needles purchases() const;
  /// The keys of the vouchers that its purchases made: known to whoever gave them away.
  Needles given_keys() const;
  /// Whatever its exchanges are made of, except what the fresh voucher has to show.
  Needles exchanges() const;

  std::string name;
  Relay relay;
  Home* home = nullptr;
  std::unique_ptr<identity::HomeKeys> keys;
};

std::string first_line(const std::string& asked) {
  return asked.substr(0, asked.find("\r\n"));
}

/// Requests that begin so, opened.
std::vector<std::string> asked(const Party& party, const std::string& request) {
  std::vector<std::string> out;
  for (const auto& talk : party.relay.talks())
    if (talk.asked.starts_with(request)) out.push_back(talk.asked);
  return out;
}

Needles Party::purchases() const {
  Needles out;
  for (std::uint64_t n = 0; n < purchases_looked_at; ++n) {
    const std::string what = name + "'s purchase " + std::to_string(n) + ": ";
    const crypto::Seed purchase = node::purchase_seed(keys->seed(), n);
    out.add(what + "seed", purchase.view());
    out.add(what + "request id", node::request_id(purchase));
    for (std::uint64_t i = 0; i < 2; ++i)
      out.add(what + "blind", node::voucher_blind(purchase, i).view());
  }
  // What went over the wire: blinded elements, and the receipt's evaluation and proof.
  for (const auto& talk : relay.talks()) {
    if (!talk.asked.starts_with("POST /v1/purchases")) continue;
    const std::string jws = talk.asked.substr(talk.asked.find("\r\n\r\n") + 4);
    out.add("hash of the purchase", crypto::sha256(as_bytes(jws)));
    const auto request = wire::read_purchase(jws);
    REQUIRE(request);
    for (const auto& element : request->blinded) out.add("blinded element", element);
    const std::string receipt = opened(talk.answered.substr(talk.answered.find("\r\n\r\n") + 4));
    const auto payload = receipt.find("{\"", receipt.find("hearth/receipt/1"));
    REQUIRE(payload != std::string::npos);
    const Json json = Json::parse(receipt.substr(payload, receipt.find('\n', payload) - payload));
    out.add_text("evaluated element", json.at("evaluated").at(0));
    out.add_text("proof c", json.at("proof_c"));
    out.add_text("proof s", json.at("proof_s"));
  }
  return out;
}

Needles Party::given_keys() const {
  Needles out;
  for (std::uint64_t n = 0; n < purchases_looked_at; ++n) {
    const auto one_time = node::one_time_seed(node::purchase_seed(keys->seed(), n), 0);
    const std::string what = name + "'s voucher " + std::to_string(n);
    out.add(what + ": seed", one_time.view());
    out.add(what + ": key", crypto::SignKey::from_seed(one_time).public_key());
  }
  return out;
}

Needles Party::exchanges() const {
  Needles out;
  for (std::uint64_t m = 0; m < purchases_looked_at; ++m) {
    const std::string what = name + "'s exchange " + std::to_string(m) + ": ";
    const crypto::Seed exchange = node::exchange_seed(keys->seed(), m);
    out.add(what + "seed", exchange.view());
    out.add(what + "request id", node::request_id(exchange));
    out.add(what + "blind", node::voucher_blind(exchange, 0).view());
  }
  return out;
}

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

/// Everything in a store: its records one by one, as they lie there.
std::vector<std::pair<std::string, std::string>> records_of(const fs::path& dir) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto store = store::open_rocksdb(dir);
  REQUIRE_MESSAGE(store.has_value(), dir.string());
  const auto scanned = (*store)->scan({}, {}, [&](ByteView key, ByteView value) {
    out.emplace_back(as_text(key), as_text(value));
    return true;
  });
  REQUIRE(scanned);
  return out;
}

/// Which table of the ledger a key belongs to: "b/j", "home/devices".
std::string table_of(const std::string& key) {
  if (key.starts_with("b/")) return key.substr(0, 3);
  return key.substr(0, key.find('/', key.find('/') + 1));
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
