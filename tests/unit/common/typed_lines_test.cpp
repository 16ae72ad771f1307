// Gift cards and seed lines: what people type and scan, and what they are told when it went wrong.
#include <doctest/doctest.h>

#include "common/base/bech32.h"
#include "common/base/typed_text.h"
#include "common/identity/seed_line.h"
#include "common/wire/gift_card.h"

using namespace hearth;

namespace {

wire::GiftCard a_card() {
  wire::GiftCard card;
  const auto ledger = crypto::SignKey::from_seed(crypto::Seed(crypto::sha256(as_bytes("ledger"))));
  card.ledger = wire::ledger_mark(ledger.public_key());
  card.voucher.offer.fill(0x11);
  card.voucher.epoch = 7;
  card.voucher.one_time_seed = crypto::Seed(crypto::sha256(as_bytes("one time")));
  card.voucher.token.fill(0x22);
  return card;
}

bool same(const wire::GiftCard& a, const wire::GiftCard& b) {
  return wire::gift_card_text(a) == wire::gift_card_text(b);
}

std::string with_change(std::string text, std::size_t at) {
  text[at] = text[at] == 'q' ? 'p' : 'q';
  return text;
}

}  // namespace

TEST_CASE("a gift card is read in every form in which it is written") {
  const auto card = a_card();
  const std::string text = wire::gift_card_text(card);
  const std::string uri = wire::gift_card_uri(card);
  CHECK(text.size() == 243);
  CHECK(text.starts_with("hearthgift1"));
  CHECK(uri == "hearth:gift?c=" + upper_case(text));
  for (const std::string& form :
       {text, upper_case(text), uri, upper_case(uri), lower_case(uri), in_groups(text),
        in_groups(upper_case(text), 5), "  " + text + "\r\n",
        text.substr(0, 100) + "\n" + text.substr(100)}) {
    CAPTURE(form);
    const auto read = wire::parse_gift_card(form);
    REQUIRE(read);
    CHECK(same(*read, card));
    CHECK(read->voucher.epoch == 7);
    CHECK(read->voucher.one_time_seed.view().size() == 32);
  }
}

TEST_CASE("what is wrong with a gift card is told") {
  const std::string text = wire::gift_card_text(a_card());
  Bytes newer = bech32::decode(text)->data;
  newer[0] = 2;
  struct Row {
    const char* what;
    std::string text;
    const char* told;
  };
  const Row rows[] = {
      {"nothing", "", "not a gift card"},
      {"a word", "hello", "not a gift card"},
      {"another prefix", "hearthgifts1" + text.substr(11), "not a gift card"},
      {"an address", "home1qqqq", "home's address"},
      {"a contact card", "hearth:card?d=abc", "contact card"},
      {"a seed line", identity::seed_line(crypto::Seed()), "Show it to nobody"},
      {"the end is missing", text.substr(0, 200), "200 of 243"},
      {"one letter is missing", text.substr(0, 50) + text.substr(51), "242 of 243"},
      {"one letter too many", text + "q", "1 characters too many"},
      {"a letter was mistyped", with_change(text, 60), "mistyped"},
      {"the last letter was mistyped", with_change(text, 242), "mistyped"},
      {"a letter that does not exist", text.substr(0, 60) + "b" + text.substr(61), "mistyped"},
      {"of a newer version", bech32::encode("hearthgift", newer), "newer Hearth"},
      {"a book", std::string(10'000, 'q'), "too long"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto read = wire::parse_gift_card(row.text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::bad_gift_card);
    CHECK(read.error().sentence.find(row.told) != std::string::npos);
    CHECK(read.error().sentence.find("as good as before") != std::string::npos);
  }
}

TEST_CASE("a gift card says which ledger it belongs to") {
  const auto card = a_card();
  const auto ledger = crypto::SignKey::from_seed(crypto::Seed(crypto::sha256(as_bytes("ledger"))));
  const auto other = crypto::SignKey::from_seed(crypto::Seed(crypto::sha256(as_bytes("other"))));
  CHECK(wire::check_ledger(card, ledger.public_key()));
  const auto refused = wire::check_ledger(card, other.public_key());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::other_ledger);
}

TEST_CASE("a seed line comes back as the seed, whatever it looks like on paper") {
  const crypto::Seed seed(crypto::sha256(as_bytes("a wallet")));
  const std::string line = identity::seed_line(seed);
  CHECK(line.size() == 70);
  for (const std::string& form : {line, upper_case(line), in_groups(line), line + "\n"}) {
    const auto read = identity::parse_seed_line(form);
    REQUIRE(read);
    CHECK(crypto::equal(read->view(), seed.view()));
  }
  struct Row {
    std::string text;
    const char* told;
  };
  const Row rows[] = {{"", "not a seed line"},
                      {wire::gift_card_text(a_card()), "not a seed line"},
                      {line.substr(0, 69), "69 of 70"},
                      {line + line.substr(60), "characters too many"},
                      {with_change(line, 30), "mistyped"},
                      {std::string(5'000, 'q'), "too long"}};
  for (const Row& row : rows) {
    CAPTURE(row.told);
    const auto read = identity::parse_seed_line(row.text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::bad_seed_line);
    CHECK(read.error().sentence.find(row.told) != std::string::npos);
  }
}

TEST_CASE("every single mistyped letter of a gift card and of a seed line is noticed") {
  const std::string card = wire::gift_card_text(a_card());
  for (std::size_t at = 11; at < card.size(); ++at) {
    CHECK_FALSE(wire::parse_gift_card(with_change(card, at)));
  }
  const std::string line = identity::seed_line(crypto::Seed());
  for (std::size_t at = 11; at < line.size(); ++at) {
    CHECK_FALSE(identity::parse_seed_line(with_change(line, at)));
  }
}
