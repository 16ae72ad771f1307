// What the TV says when it asks about a gift.
#include "node/app/gift_prompts.h"

#include <doctest/doctest.h>

#include "common/identity/home.h"
#include "tests/support/documents.h"

using namespace hearth;
using namespace hearth::node;

namespace {

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

ReceivedGift letter(const std::string& name_on_its_card) {
  const identity::HomeKeys keys(crypto::Seed(crypto::sha256(as_bytes("a giver"))));
  identity::ContactCard card;
  card.home = keys.address();
  card.encryption = keys.encryption().public_key();
  card.mailbox = keys.mailbox().public_key();
  card.name = name_on_its_card;
  card.ledger_url = "https://ledger.example";
  card.issued_ms = 1;
  ReceivedGift gift;
  gift.id = "aa";
  gift.from = keys.address();
  gift.from_card = identity::write_contact_card(card, keys.identity());
  gift.title_name = "Letter";
  gift.size = 18'500;
  return gift;
}

}  // namespace

TEST_CASE("the TV names the giver, and says what a stranger's name is worth") {
  const ReceivedGift gift = letter("Carl");
  Contact contact;
  contact.name = "Uncle Carl";
  const GiftPrompt known = prompt_of({gift}, &contact, {});
  CHECK(known.headline == "A gift from Uncle Carl");
  CHECK(says(known.meaning, "tells Uncle Carl that you accepted."));
  const GiftPrompt stranger = prompt_of({gift}, nullptr, {});
  CHECK(stranger.headline == "A gift from Carl, who is no contact");
  CHECK(says(stranger.meaning, "tells Carl that you accepted."));
  ReceivedGift nameless = gift;
  nameless.from_card = "no card";
  CHECK(prompt_of({nameless}, nullptr, {}).headline == "A gift from a home that is no contact");
}

TEST_CASE("the TV says where a gift wants to be shown and how long it waits") {
  ReceivedGift gift = letter("Carl");
  CHECK_FALSE(says(prompt_of({gift}, nullptr, {}).meaning, "channel"));
  CHECK_FALSE(says(prompt_of({gift}, nullptr, {}).meaning, "waits until"));
  gift.words.channel = "Evening";
  CHECK(says(prompt_of({gift}, nullptr, {}).meaning, "It is for the channel Evening."));
  gift.words.expires_ms = 1'800'000'000'000;
  CHECK(says(prompt_of({gift}, nullptr, {}).meaning, "It waits until 1"));
  CHECK(says(prompt_of({gift}, nullptr, {}).meaning, " Jan 2027"));
}

TEST_CASE("a gift without a picture of its giver's choice shows that of its title") {
  const test::Specimens documents;
  ReceivedGift gift = letter("Carl");
  gift.manifest_jws = documents.manifest_jws();
  const GiftPrompt plain = prompt_of({gift}, nullptr, {});
  CHECK(plain.picture == documents.manifest().poster);
  CHECK(plain.details == "Film, 1 minute, 18.5 kB");
  CHECK(prompt_of({gift}, nullptr, Bytes{1, 2, 3}).picture == Bytes{1, 2, 3});
}
