#include <string>

#include <doctest/doctest.h>

#include "tests/support/documents.h"

namespace hearth::wire {
namespace {

using test::code_of;
using test::specimens;

Result<Bytes> seal(const Gift& gift) {
  return seal_gift(gift, specimens().buyer.identity(),
                   specimens().receiver.encryption().public_key());
}

Result<OpenedDrop> open(const Bytes& sealed) {
  return open_drop(sealed, specimens().receiver.encryption(), specimens().receiver.address());
}

TEST_CASE("a bought gift arrives with its voucher") {
  const Gift before = specimens().gift();
  const auto sealed = seal(before);
  REQUIRE(sealed);
  const auto drop = open(*sealed);
  REQUIRE(drop);
  CHECK(drop->from == specimens().buyer.address());
  CHECK_FALSE(drop->answer);
  REQUIRE(drop->gift);
  const Gift& after = *drop->gift;
  CHECK(after.id == before.id);
  CHECK(after.note == before.note);
  CHECK(after.offer_jws == before.offer_jws);
  CHECK(after.from_card == before.from_card);
  REQUIRE(after.voucher);
  CHECK(voucher_to_json(*after.voucher) == voucher_to_json(*before.voucher));
  CHECK_FALSE(after.file_key);
}

TEST_CASE("a private gift arrives with its file key") {
  const auto sealed = seal(specimens().private_gift());
  REQUIRE(sealed);
  const auto drop = open(*sealed);
  REQUIRE(drop);
  REQUIRE(drop->gift);
  REQUIRE(drop->gift->file_key);
  CHECK(crypto::equal(drop->gift->file_key->view(), specimens().private_gift().file_key->view()));
  CHECK(drop->gift->manifest_jws == specimens().manifest_jws());
}

TEST_CASE("gifts whose parts do not fit are not sent") {
  struct Row {
    const char* what;
    void (*spoil)(Gift&);
    const char* code;
  };
  const Row rows[] = {
      {"offer without voucher", [](Gift& g) { g.voucher.reset(); }, "usage"},
      {"picture that is no JPEG",
       [](Gift& g) {
         g.picture = {1, 2, 3, 4, 5};
       },
       "usage"},
      {"picture too large",
       [](Gift& g) {
         g.picture.assign(max_gift_picture + 1, 0xd8);
         g.picture[0] = 0xff;
       },
       "usage"},
      {"part beyond the parcel",
       [](Gift& g) {
         g.parcel = Parcel{{1}, 3, 2};
       },
       "usage"},
      {"too many parts",
       [](Gift& g) {
         g.parcel = Parcel{{1}, 1, 17};
       },
       "usage"},
      {"ends before it may be opened",
       [](Gift& g) {
         g.open_from_ms = 20;
         g.expires_ms = 20;
       },
       "usage"},
      {"channel with escapes",
       [](Gift& g) {
         g.place = Place{"\x1b[2J", 0};
       },
       "name_refused"},
      {"both kinds",
       [](Gift& g) {
         g.manifest_jws = specimens().manifest_jws();
         g.file_key = crypto::age::new_file_key();
       },
       "usage"},
      {"bought, with a key as well", [](Gift& g) { g.file_key = crypto::age::new_file_key(); },
       "usage"},
      {"voucher of another offer", [](Gift& g) { g.voucher->offer[0] ^= 1; }, "usage"},
      {"note too long", [](Gift& g) { g.note = std::string(2001, 'x'); }, "name_refused"},
      {"note with escapes", [](Gift& g) { g.note = "\x1b[2J"; }, "name_refused"},
      {"no card", [](Gift& g) { g.from_card.clear(); }, "bad_card"},
      {"somebody else's card",
       [](Gift& g) {
         const auto& seller = specimens().seller;
         g.from_card = identity::write_contact_card(specimens().card(seller), seller.identity());
       },
       "wrong_signer"}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Gift gift = specimens().gift();
    row.spoil(gift);
    CHECK(code_of(seal(gift)) == row.code);
  }
}

TEST_CASE("a drop for another home or key, or changed anywhere, is not opened") {
  Gift misdirected = specimens().gift();
  misdirected.to = specimens().seller.address();
  CHECK(code_of(open(seal(misdirected).value())) == "usage");
  const Bytes sealed = seal(specimens().gift()).value();
  CHECK(code_of(open_drop(sealed, specimens().seller.encryption(),
                          specimens().receiver.address())) == "age_no_match");
  CHECK(code_of(open(Bytes(max_drop + 1))) == "too_large");
  CHECK(code_of(open({})) == "age_header");
  for (std::size_t at = 0; at < sealed.size(); at += 11) {
    Bytes changed = sealed;
    changed[at] ^= 0x20;
    CHECK_FALSE(open(changed));
  }
  const auto no_document = crypto::age::seal_file(as_bytes("no document"),
                                                  {specimens().receiver.encryption().public_key()});
  CHECK(code_of(open(no_document)) == "usage");
}

TEST_CASE("answers come back in every state") {
  using State = GiftAnswer::State;
  const auto& all = specimens();
  for (const State state : {State::delivered, State::accepted, State::declined, State::fetched,
                            State::played, State::expired}) {
    CAPTURE(gift_state_name(state));
    GiftAnswer before;
    before.id = {5};
    before.to = all.receiver.address();
    before.state = state;
    before.at_ms = all.now;
    if (state == State::declined || state == State::expired) {
      before.reason = "We have it already.";
      before.voucher = all.voucher();
    }
    if (state == State::fetched) before.thanks = "Thank you!\nC";
    const auto sealed =
        seal_gift_answer(before, all.buyer.identity(), all.receiver.encryption().public_key());
    REQUIRE(sealed);
    const auto drop = open(*sealed);
    REQUIRE(drop);
    CHECK_FALSE(drop->gift);
    REQUIRE(drop->answer);
    CHECK(drop->answer->state == state);
    CHECK(drop->answer->reason == before.reason);
    CHECK(drop->answer->thanks == before.thanks);
    CHECK(drop->answer->voucher.has_value() == before.voucher.has_value());
    CHECK(drop->from == all.buyer.address());
  }
}

TEST_CASE("what a gift says beside its title arrives") {
  Gift before = specimens().gift();
  before.offer_jws.clear();  // the catalogue has it
  before.parcel = Parcel{{7}, 2, 3};
  before.picture = {0xff, 0xd8, 0xff, 0xd9};
  before.open_from_ms = 10;
  before.expires_ms = 20;
  before.place = Place{"Kino 1", 15};
  before.restrictions = {Push::ask, 6, 10};
  before.wish = GiftId{9};
  const auto drop = open(seal(before).value());
  REQUIRE(drop);
  REQUIRE(drop->gift);
  const Gift& after = *drop->gift;
  CHECK(after.offer_jws.empty());
  REQUIRE(after.voucher);
  REQUIRE(after.parcel);
  CHECK(after.parcel->id == before.parcel->id);
  CHECK(after.parcel->part == 2);
  CHECK(after.parcel->parts == 3);
  CHECK(after.picture == before.picture);
  CHECK(after.open_from_ms == 10);
  CHECK(after.expires_ms == 20);
  REQUIRE(after.place);
  CHECK(after.place->channel == "Kino 1");
  CHECK(after.place->at_ms == 15);
  CHECK(after.restrictions == before.restrictions);
  CHECK(after.wish == before.wish);
}

TEST_CASE("hellos and wishes arrive, with their sender's own card only") {
  const auto& all = specimens();
  const auto& to = all.receiver.encryption().public_key();
  Hello hello;
  hello.to = all.receiver.address();
  hello.from_card = specimens().gift().from_card;
  for (const auto state : {Hello::State::ask, Hello::State::accepted, Hello::State::gone}) {
    hello.state = state;
    hello.note = "It's us from number 4";
    const auto drop = open(seal_hello(hello, all.buyer.identity(), to).value());
    REQUIRE(drop);
    REQUIRE(drop->hello);
    CHECK_FALSE(drop->gift);
    CHECK(drop->hello->state == state);
    CHECK(drop->hello->note == hello.note);
    CHECK(drop->from == all.buyer.address());
  }
  CHECK(code_of(seal_hello(hello, all.seller.identity(), to)) == "wrong_signer");

  const Wish wish{.id = {8},
                  .to = all.receiver.address(),
                  .from_card = hello.from_card,
                  .offer = all.offer().id,
                  .note = "Please?",
                  .sent_ms = all.now};
  const auto drop = open(seal_wish(wish, all.buyer.identity(), to).value());
  REQUIRE(drop);
  REQUIRE(drop->wish);
  CHECK(drop->wish->id == wish.id);
  CHECK(drop->wish->offer == wish.offer);
  CHECK(drop->wish->note == wish.note);
  CHECK(code_of(seal_wish(wish, all.seller.identity(), to)) == "wrong_signer");
}

TEST_CASE("an answer gives a reason and a voucher back only when it declines") {
  const auto& all = specimens();
  GiftAnswer answer;
  answer.to = all.receiver.address();
  answer.state = GiftAnswer::State::accepted;
  answer.voucher = all.voucher();
  const auto& to = all.receiver.encryption().public_key();
  CHECK(code_of(seal_gift_answer(answer, all.buyer.identity(), to)) == "usage");
  answer.voucher.reset();
  answer.reason = "because";
  CHECK(code_of(seal_gift_answer(answer, all.buyer.identity(), to)) == "usage");
  answer.state = GiftAnswer::State::declined;
  CHECK(code_of(seal_gift_answer(answer, all.buyer.identity(), to)) == "ok");
  answer.thanks = "Thank you";
  CHECK(code_of(seal_gift_answer(answer, all.buyer.identity(), to)) == "usage");
}

}  // namespace
}  // namespace hearth::wire
