// Gifts at both ends, deliveries after a crash, and the ledger's key list, as tables.
#include <doctest/doctest.h>

#include "node/delivery/delivery.h"
#include "node/gifts/gift_records.h"
#include "node/ledger_link/key_list.h"
#include "node/wallet/derivations.h"
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
      {S::sending, E::dropped, S::sent},         {S::sending, E::undeliverable, S::returned},
      {S::sending, E::delivered, S::delivered},  // the answer is faster than our own commit
      {S::sending, E::fetched, S::fetched},      {S::sent, E::undeliverable, std::nullopt},
      {S::sent, E::delivered, S::delivered},     {S::sent, E::declined, S::declined},
      {S::delivered, E::dropped, std::nullopt},  {S::delivered, E::delivered, std::nullopt},
      {S::delivered, E::accepted, S::accepted},  {S::delivered, E::declined, S::declined},
      {S::accepted, E::declined, std::nullopt},  // the voucher may be spent already
      {S::accepted, E::delivered, std::nullopt}, {S::accepted, E::fetched, S::fetched},
      {S::fetched, E::accepted, std::nullopt},   {S::fetched, E::declined, std::nullopt},
      {S::declined, E::accepted, std::nullopt},  {S::declined, E::declined, std::nullopt},
      {S::returned, E::fetched, std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(name_of(row.from));
    CAPTURE(static_cast<int>(row.event));
    CHECK(next_state(row.from, row.event) == row.to);
  }
  for (const S state : {S::sending, S::sent, S::delivered, S::accepted, S::fetched}) {
    CHECK_FALSE(voucher_comes_back(state));
  }
  CHECK(voucher_comes_back(S::declined));
  CHECK(voucher_comes_back(S::returned));
}

TEST_CASE("a received gift is decided once") {
  using S = ReceivedState;
  using E = ReceivedEvent;
  CHECK(next_state(S::waiting, E::accept) == S::accepted);
  CHECK(next_state(S::waiting, E::decline) == S::declined);
  CHECK(next_state(S::accepted, E::fetch_begun) == S::fetching);
  CHECK(next_state(S::fetching, E::fetch_ended) == S::fetched);
  CHECK(next_state(S::accepted, E::fetch_ended) == S::fetched);
  for (const S state : {S::accepted, S::fetching, S::fetched, S::declined}) {
    CHECK_FALSE(next_state(state, E::accept));
    CHECK_FALSE(next_state(state, E::decline));
  }
  CHECK_FALSE(next_state(S::fetched, E::fetch_begun));
}

TEST_CASE("a delivery goes on from whatever a crash left") {
  using S = DeliveryState;
  struct Row {
    S state;
    bool redemption_stored, known, first_piece, complete, has_key;
    Step step;
  };
  const Row bought[] = {
      {S::wanted, false, false, false, false, false, Step::fetch_torrent},
      {S::wanted, false, true, false, false, false, Step::wait_for_piece},  // died after receive
      {S::fetching, false, true, false, false, false, Step::wait_for_piece},
      {S::fetching, false, true, true, false, false, Step::redeem},
      {S::redeeming, true, true, true, false, false, Step::redeem},   // died before the answer
      {S::redeeming, true, true, false, false, false, Step::redeem},  // pieces are checked again
      {S::redeeming, true, true, true, false, true, Step::settle_voucher},  // died after the key
      {S::fetching, false, true, true, false, true, Step::settle_voucher},
      {S::keyed, true, true, true, false, true, Step::wait_for_rest},
      {S::keyed, true, true, true, true, true, Step::finish},
      {S::keyed, true, false, false, false, false, Step::fetch_torrent},
      {S::done, true, true, true, true, true, Step::nothing},
      {S::failed, true, true, true, true, false, Step::nothing},
  };
  for (const Row& row : bought) {
    CAPTURE(name_of(row.state));
    Delivery delivery;
    delivery.state = row.state;
    delivery.voucher = "v";
    if (row.redemption_stored) delivery.redemption_jws = "r";
    CHECK(next_step(delivery, {row.known, row.first_piece, row.complete, row.has_key}) == row.step);
  }
  Delivery given;
  given.file_key = crypto::age::new_file_key();
  CHECK(next_step(given, {false, false, false, false}) == Step::fetch_torrent);
  CHECK(next_step(given, {true, false, false, false}) == Step::keep_key);
  CHECK(next_step(given, {true, false, false, true}) == Step::settle_voucher);
}

TEST_CASE("an access key is opened with the voucher's own key, whole") {
  wire::Voucher voucher{{}, 1, seed_of(8), {}};
  const auto file_key = crypto::age::new_file_key();
  const auto recipient = access_recipient(voucher.one_time_seed).public_key();
  Bytes access_key = crypto::age::write_header(file_key, {recipient});
  const auto opened = open_access_key(voucher, access_key);
  REQUIRE(opened);
  CHECK(crypto::equal(opened->view(), file_key.view()));
  wire::Voucher other = voucher;
  other.one_time_seed = seed_of(9);
  CHECK(open_access_key(other, access_key).error().code == Code::age_no_match);
  access_key.push_back('x');
  CHECK(open_access_key(voucher, access_key).error().code == Code::age_header);
}

TEST_CASE("refusals end a redemption, absences do not") {
  for (const Code code : {Code::voucher_spent, Code::voucher_invalid, Code::age_mac}) {
    CHECK(ends_redemption(code));
  }
  for (const Code code : {Code::unreachable, Code::timeout, Code::busy, Code::disk_full}) {
    CHECK_FALSE(ends_redemption(code));
  }
}

TEST_CASE("the ledger's keys never change") {
  const TestLedger ledger, impostor(20);
  identity::LedgerCard card;
  card.epoch = 1;
  card.poprf_key = ledger.poprf.public_key;
  const auto shown = ledger.keys();
  CHECK(check_key_list(card, std::nullopt, shown));
  CHECK(check_key_list(card, shown, shown));
  wire::LedgerKeys grown = shown;
  grown.epochs.push_back({2, impostor.poprf.public_key, 9'000});
  CHECK(check_key_list(card, shown, grown));
  CHECK(check_key_list(card, grown, shown).error().code == Code::wrong_pin);  // one has gone
  wire::LedgerKeys changed = shown;
  changed.epochs[0].poprf_key = impostor.poprf.public_key;
  CHECK(check_key_list(card, std::nullopt, changed).error().code == Code::wrong_pin);
  CHECK(check_key_list(card, shown, changed).error().code == Code::wrong_pin);
}

TEST_CASE("records come back as they were stored") {
  SentGift sent;
  sent.id = std::string(32, 'a');
  sent.state = SentState::delivered;
  sent.note = "two\nlines";
  const auto sent_again = decode_sent_gift(encode(sent));
  REQUIRE(sent_again);
  CHECK(sent_again->state == SentState::delivered);
  CHECK(sent_again->note == sent.note);
  ReceivedGift received;
  received.id = std::string(32, 'b');
  received.voucher = wire::Voucher{{}, 4, seed_of(2), {}};
  const auto received_again = decode_received_gift(encode(received));
  REQUIRE(received_again);
  REQUIRE(received_again->voucher);
  CHECK(received_again->voucher->epoch == 4);
  CHECK_FALSE(received_again->file_key);
  Delivery delivery;
  delivery.title = std::string(64, 'c');
  delivery.redemption_jws = "r";
  const auto delivery_again = decode_delivery(encode(delivery));
  REQUIRE(delivery_again);
  CHECK(delivery_again->redemption_jws == "r");
  CHECK(decode_delivery({}).error().code == Code::corrupt);
  CHECK(decode_sent_gift(encode(received)).has_value() == false);
}
