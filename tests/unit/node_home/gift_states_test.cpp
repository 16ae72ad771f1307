// Gifts at both ends: what may follow what, what is brought back, what is stored, and what is said.
#include <doctest/doctest.h>

#include "node/gifts/gift_store.h"
#include "node/gifts/gift_words.h"
#include "node/wallet/wallet_records.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

TEST_CASE("a sent gift only goes forward") {
  using S = SentState;
  using E = SentEvent;
  struct Row {
    S from;
    E event;
    std::optional<S> to;
  };
  const Row rows[] = {
      {S::buying, E::ready, S::sending},
      {S::buying, E::give_up, S::failed},
      {S::buying, E::delivered, std::nullopt},  // nobody can have it yet
      {S::buying, E::accepted, std::nullopt},
      {S::buying, E::take_back, std::nullopt},
      {S::failed, E::ready, std::nullopt},
      {S::sending, E::dropped, S::sent},
      {S::sending, E::undeliverable, S::returned},
      {S::sending, E::delivered, S::delivered},  // the answer is faster than our own commit
      {S::sending, E::fetched, S::fetched},
      {S::sending, E::take_back, S::taking_back},
      {S::sent, E::undeliverable, std::nullopt},
      {S::sent, E::delivered, S::delivered},
      {S::sent, E::declined, S::declined},
      {S::sent, E::expired, S::expired},
      {S::delivered, E::dropped, std::nullopt},
      {S::delivered, E::delivered, std::nullopt},
      {S::delivered, E::accepted, S::accepted},
      {S::delivered, E::declined, S::declined},
      {S::delivered, E::take_back, S::taking_back},
      {S::accepted, E::declined, std::nullopt},  // the voucher is the receiver's
      {S::accepted, E::take_back, std::nullopt},
      {S::accepted, E::expired, std::nullopt},
      {S::accepted, E::delivered, std::nullopt},
      {S::accepted, E::fetched, S::fetched},
      {S::accepted, E::played, S::played},
      {S::fetched, E::accepted, std::nullopt},
      {S::fetched, E::played, S::played},
      {S::played, E::fetched, std::nullopt},
      {S::declined, E::accepted, std::nullopt},
      {S::declined, E::declined, std::nullopt},
      {S::returned, E::fetched, std::nullopt},
      // While the ledger is asked for the voucher, its answer alone counts.
      {S::taking_back, E::accepted, std::nullopt},
      {S::taking_back, E::declined, std::nullopt},
      {S::taking_back, E::back, S::taken_back},
      {S::taking_back, E::back_late, S::expired},
      {S::taking_back, E::was_used, S::accepted},
      {S::taken_back, E::accepted, std::nullopt},
      {S::expired, E::accepted, std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(name_of(row.from));
    CAPTURE(static_cast<int>(row.event));
    CHECK(next_state(row.from, row.event) == row.to);
  }
}

TEST_CASE("the voucher is brought back when the receiver will not use it, and only then") {
  for (const SentEvent event :
       {SentEvent::undeliverable, SentEvent::declined, SentEvent::expired, SentEvent::take_back}) {
    CHECK(brings_back(event));
  }
  for (const SentEvent event :
       {SentEvent::ready, SentEvent::give_up, SentEvent::dropped, SentEvent::delivered,
        SentEvent::accepted, SentEvent::fetched, SentEvent::played, SentEvent::back,
        SentEvent::back_late, SentEvent::was_used}) {
    CHECK_FALSE(brings_back(event));
  }
}

TEST_CASE("a received gift is decided once") {
  using S = ReceivedState;
  using E = ReceivedEvent;
  CHECK(next_state(S::waiting, E::accept) == S::accepted);
  CHECK(next_state(S::waiting, E::decline) == S::declined);
  CHECK(next_state(S::waiting, E::run_out) == S::expired);
  CHECK(next_state(S::accepted, E::find_used) == S::used_up);
  CHECK(next_state(S::accepted, E::fetch_begun) == S::fetching);
  CHECK(next_state(S::fetching, E::fetch_ended) == S::fetched);
  CHECK(next_state(S::accepted, E::fetch_ended) == S::fetched);
  for (const S state :
       {S::accepted, S::fetching, S::fetched, S::declined, S::used_up, S::expired}) {
    CHECK_FALSE(next_state(state, E::accept));
    CHECK_FALSE(next_state(state, E::decline));
    CHECK_FALSE(next_state(state, E::run_out));
  }
  CHECK_FALSE(next_state(S::fetched, E::fetch_begun));
  CHECK_FALSE(next_state(S::waiting, E::find_used));
}

namespace {

GiftWords all_words() {
  GiftWords words;
  words.note = "two\nlines";
  words.has_picture = true;
  words.open_from_ms = 10;
  words.expires_ms = 20;
  words.channel = "Evening";
  words.place_ms = 30;
  words.parcel = std::string(32, 'd');
  words.part = 2;
  words.parts = 3;
  words.wish = std::string(32, 'e');
  return words;
}

void check_same(const GiftWords& a, const GiftWords& b) {
  CHECK(a.note == b.note);
  CHECK(a.has_picture == b.has_picture);
  CHECK(a.open_from_ms == b.open_from_ms);
  CHECK(a.expires_ms == b.expires_ms);
  CHECK(a.channel == b.channel);
  CHECK(a.place_ms == b.place_ms);
  CHECK(a.parcel == b.parcel);
  CHECK(a.part == b.part);
  CHECK(a.parts == b.parts);
  CHECK(a.wish == b.wish);
}

}  // namespace

TEST_CASE("gifts and wishes come back as they were stored") {
  SentGift sent;
  sent.id = std::string(32, 'a');
  sent.state = SentState::taking_back;
  sent.words = all_words();
  sent.thanks = "Thank you";
  sent.pocket = 7;
  sent.ran_out = true;
  const Bytes sent_bytes = encode(sent);
  const auto sent_again = decode_sent_gift(sent_bytes);
  REQUIRE(sent_again);
  CHECK(sent_again->state == SentState::taking_back);
  check_same(sent_again->words, sent.words);
  CHECK(sent_again->thanks == "Thank you");
  CHECK(sent_again->pocket == 7);
  CHECK(sent_again->ran_out);
  ReceivedGift received;
  received.id = std::string(32, 'b');
  received.voucher = wire::Voucher{{}, 4, seed_of(2), {}};
  received.words = all_words();
  received.min_age = 12;
  received.size = 99;
  received.auto_accept = true;
  const Bytes received_bytes = encode(received);
  const auto received_again = decode_received_gift(received_bytes);
  REQUIRE(received_again);
  REQUIRE(received_again->voucher);
  CHECK(received_again->voucher->epoch == 4);
  CHECK_FALSE(received_again->file_key);
  check_same(received_again->words, received.words);
  CHECK(received_again->min_age == 12);
  CHECK(received_again->size == 99);
  CHECK(received_again->auto_accept);
  Wish wish;
  wish.id = std::string(32, 'c');
  wish.granted = true;
  const auto wish_again = decode_wish(encode(wish));
  REQUIRE(wish_again);
  CHECK(wish_again->granted);
  for (std::size_t size = 0; size < sent_bytes.size(); ++size) {
    CHECK(decode_sent_gift(ByteView(sent_bytes).first(size)).error().code == Code::corrupt);
  }
  for (std::size_t size = 0; size < received_bytes.size(); ++size) {
    CHECK(decode_received_gift(ByteView(received_bytes).first(size)).error().code == Code::corrupt);
  }
  CHECK_FALSE(decode_sent_gift(received_bytes));
}

TEST_CASE("gifts of the first stored form are still read") {
  Writer sent;
  sent.u8(1).text("5a").u8(3).raw(identity::HomeAddress{}.key);
  sent.text("Grandma").text("film").text("title").text("offer").text("voucher").text("For you");
  sent.text("").i64(100).i64(200);
  const auto old_sent = decode_sent_gift(sent.view());
  REQUIRE(old_sent);
  CHECK(old_sent->state == SentState::delivered);
  CHECK(old_sent->words.note == "For you");
  CHECK(old_sent->words.parts == 1);
  CHECK(old_sent->changed_ms == 200);
  Writer received;
  received.u8(1).text("5b").u8(1).raw(identity::HomeAddress{}.key);
  received.text("card").text("film").text("title").text("For you").text("offer").text("").u8(1);
  write_voucher(received, wire::Voucher{{}, 4, seed_of(2), {}});
  received.u8(0).text("").i64(1).i64(2).i64(3);
  const auto old_received = decode_received_gift(received.view());
  REQUIRE(old_received);
  CHECK(old_received->state == ReceivedState::waiting);
  CHECK(old_received->words.note == "For you");
  CHECK(old_received->voucher->epoch == 4);
  CHECK_FALSE(old_received->auto_accept);
}

TEST_CASE("what a giver says travels in the document, unchanged") {
  wire::Gift document;
  REQUIRE(say(document, std::string(32, 'a'), all_words()));
  document.picture = {0xff, 0xd8};
  CHECK(to_hex(document.id) == std::string(32, 'a'));
  check_same(words_of(document), all_words());
  GiftWords plain;
  wire::Gift bare;
  REQUIRE(say(bare, std::string(32, 'a'), plain));
  CHECK_FALSE(bare.parcel);
  CHECK_FALSE(bare.place);
  CHECK_FALSE(bare.wish);
}

TEST_CASE("times of a gift: hidden, to be opened, over") {
  GiftWords words;
  CHECK_FALSE(is_hidden(words, 100));
  CHECK_FALSE(is_over(words, 100));
  words.open_from_ms = 100;
  words.expires_ms = 200;
  CHECK(is_hidden(words, 99));
  CHECK_FALSE(is_hidden(words, 100));
  CHECK_FALSE(is_over(words, 199));
  CHECK(is_over(words, 200));
  ReceivedGift gift;
  gift.words = words;
  gift.not_before_ms = 150;  // the seller's terms, later than the giver's day
  CHECK(check_open(gift, 149).error().code == Code::not_yet);
  CHECK(check_open(gift, 150));
  CHECK(checked_words(words, 50));
  CHECK(checked_words(words, 200).error().code == Code::usage);  // nobody's from the beginning
  words.expires_ms = 100;
  CHECK(checked_words(words, 50).error().code == Code::usage);  // over before it opens
  GiftWords rude;
  rude.note = "\x1b[2J";
  CHECK_FALSE(checked_words(rude, 0));
}

TEST_CASE("a parcel waits once, and is found by any of its parts") {
  auto disk = store::open_memory();
  Records records(*disk, *disk->claim());
  const GiftStore gifts(records);
  identity::HomeAddress anna, ben;
  anna.key.fill(1);
  ben.key.fill(2);
  const auto keep = [&](char id, const identity::HomeAddress& from, const std::string& parcel,
                        std::uint8_t part) {
    ReceivedGift gift;
    gift.id = std::string(32, id);
    gift.from = from;
    gift.words.parcel = parcel;
    gift.words.part = part;
    store::Batch batch;
    gifts.put(batch, gift);
    REQUIRE(records.commit(batch));
  };
  keep('b', anna, "p", 2);
  keep('a', anna, "p", 1);
  keep('c', ben, "p", 3);  // another home's parcel of the same name is its own
  keep('d', anna, "", 1);
  CHECK(count_waiting(*gifts.briefs()) == 3);
  // Gifts of before there were briefs are found as well.
  store::Batch batch;
  for (const char id : {'a', 'b', 'c', 'd'}) erase(batch, "gift/brief/" + std::string(32, id));
  REQUIRE(records.commit(batch));
  CHECK(gifts.find_received("bbbb").error().code == Code::unknown_gift);
  REQUIRE(GiftStore(records).complete_briefs());
  CHECK(count_waiting(*gifts.briefs()) == 3);
  const auto parcel = gifts.find_received("bbbb");
  REQUIRE(parcel);
  REQUIRE(parcel->size() == 2);
  CHECK(parcel->at(0).id.front() == 'a');
  CHECK(gifts.find_received("dddd")->size() == 1);
  CHECK(gifts.find_received("bbb").error().code == Code::unknown_gift);
  CHECK(gifts.find_received("ffff").error().code == Code::unknown_gift);
}
