#include <set>
#include <string>

#include <doctest/doctest.h>

#include "common/base/bech32.h"
#include "common/crypto/hash.h"
#include "tests/support/documents.h"

namespace hearth::identity {
namespace {

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "ok" : std::string(code_name(result.error().code));
}

TEST_CASE("home addresses are read in every form that people copy") {
  const HomeAddress home = HomeKeys(test::seed(1)).address();
  const std::string text = home.text();
  CHECK(text.starts_with("home1"));
  CHECK(home.grouped().starts_with("home1 "));
  std::string capitals = text;
  for (char& c : capitals) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  for (const std::string& form : {text, home.grouped(), " " + text + "\n", capitals}) {
    CAPTURE(form);
    const auto parsed = parse_home_address(form);
    REQUIRE(parsed);
    CHECK(*parsed == home);
  }
}

TEST_CASE("what is no home address is refused with a reason") {
  const std::string good = HomeKeys(test::seed(1)).address().text();
  std::string typo = good;
  typo[10] = typo[10] == 'q' ? 'p' : 'q';
  for (const std::string& text :
       {std::string(), std::string("home"), typo, good.substr(0, good.size() - 1), good + "q",
        bech32::encode("age", Bytes(32, 1)), bech32::encode("home", Bytes(31, 1)),
        std::string(10'000, 'q')}) {
    const auto parsed = parse_home_address(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Code::usage);
  }
}

TEST_CASE("the keys of a home derive from its seed by their labels") {
  const HomeKeys keys(test::seed(1));
  CHECK(keys.identity().public_key() ==
        crypto::SignKey::from_seed(crypto::derive(test::seed(1), "home identity", 0)).public_key());
  std::set<std::string> all = {to_hex(keys.identity().public_key()),
                               to_hex(keys.encryption().public_key()),
                               to_hex(keys.mailbox().public_key())};
  CHECK(all.size() == 3);
  CHECK(HomeKeys(test::seed(2)).address() != keys.address());
}

TEST_CASE("ledger cards come back, and every copying error is found") {
  const LedgerCard before = test::Specimens().ledger_card();
  const std::string text = before.text();
  CHECK(text.starts_with("hearth-ledger:?url=https%3A%2F%2Fledger.example%3A7443&key="));
  const auto after = parse_ledger_card(" " + text + "\n");
  REQUIRE(after);
  CHECK(after->url == before.url);
  CHECK(after->key == before.key);
  CHECK(after->epoch == before.epoch);
  CHECK(after->poprf_key == before.poprf_key);
  CHECK(after->pin == before.pin);
  for (std::size_t at = 0; at < text.size(); ++at) {
    CAPTURE(at);
    std::string changed = text;
    changed[at] = changed[at] == 'x' ? 'y' : 'x';
    CHECK(code_of(parse_ledger_card(changed)) == "bad_card");
    CHECK(code_of(parse_ledger_card(text.substr(0, at))) == "bad_card");
  }
}

std::string with_sum(const std::string& body) {
  return body + "&sum=" + to_hex(ByteView(crypto::sha256(as_bytes(body))).first(4));
}

TEST_CASE("ledger cards of another form are refused though their sum is right") {
  const std::string good = test::Specimens().ledger_card().text();
  const std::string body = good.substr(0, good.rfind("&sum="));
  REQUIRE(with_sum(body) == good);
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string out = body;
    return with_sum(out.replace(out.find(from), from.size(), to));
  };
  CHECK(code_of(parse_ledger_card(replaced("https", "http"))) == "bad_card");
  CHECK(code_of(parse_ledger_card(replaced("epoch=2", "epoch=02"))) == "bad_card");
  CHECK(code_of(parse_ledger_card(replaced("epoch=2", "epoch=4294967296"))) == "bad_card");
  CHECK(code_of(parse_ledger_card(replaced("epoch=2", "epoch="))) == "bad_card");
  CHECK(code_of(parse_ledger_card(replaced("&pin=", "&pim="))) == "bad_card");
  CHECK(code_of(parse_ledger_card(replaced("%3A", "%3a"))) == "bad_card");
  CHECK(code_of(parse_ledger_card(replaced("%3A", "%0A"))) == "bad_card");
  CHECK(code_of(parse_ledger_card(replaced("ledger.example", std::string(300, 'x')))) ==
        "bad_card");
  CHECK(code_of(parse_ledger_card(with_sum(body + "&more=1"))) == "bad_card");
  CHECK(code_of(parse_ledger_card(std::string(5'000, 'x'))) == "bad_card");
}

TEST_CASE("contact cards come back, and no changed one is accepted") {
  const test::Specimens all;
  const ContactCard before = all.card(all.buyer);
  const std::string text = write_contact_card(before, all.buyer.identity());
  CHECK(text.starts_with("hearth:card?d="));
  const auto after = parse_contact_card(text + " ");
  REQUIRE(after);
  CHECK(write_contact_card(*after, all.buyer.identity()) == text);
  CHECK(after->drop_token == before.drop_token);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK(code_of(parse_contact_card(changed)) == "bad_card");
  }
}

TEST_CASE("contact cards that say what they may not are refused") {
  const test::Specimens all;
  const auto with = [&](auto&& spoil) {
    ContactCard card = all.card(all.buyer);
    spoil(card);
    return code_of(parse_contact_card(write_contact_card(card, all.buyer.identity())));
  };
  CHECK(with([](ContactCard&) {}) == "ok");
  CHECK(with([](ContactCard& c) { c.name = "../x"; }) == "bad_card");
  CHECK(with([](ContactCard& c) { c.name = ""; }) == "bad_card");
  CHECK(with([](ContactCard& c) {
          c.name =
              "\xe2\x80\xae"
              "evil";
        }) == "bad_card");
  CHECK(with([](ContactCard& c) { c.ledger_url = "http://x"; }) == "bad_card");
  CHECK(with([](ContactCard& c) { c.ledger_url = "https://" + std::string(200, 'x'); }) ==
        "bad_card");
  CHECK(with([](ContactCard& c) { c.encryption.fill(0); }) == "bad_card");
  CHECK(with([&](ContactCard& c) { c.home = all.seller.address(); }) == "bad_card");
  CHECK(with([](ContactCard& c) { c.issued_ms = -1; }) == "bad_card");
}

}  // namespace
}  // namespace hearth::identity
