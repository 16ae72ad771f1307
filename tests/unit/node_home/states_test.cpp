// Deliveries after a crash, and the ledger's key list, as tables.
#include <doctest/doctest.h>

#include "node/delivery/delivery.h"
#include "node/ledger_link/key_list.h"
#include "node/wallet/derivations.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;

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

TEST_CASE("a delivery is late when nothing came in time and nobody saw its voucher") {
  using S = DeliveryState;
  const struct {
    const char* what;
    UtcMs by_ms;
    S state;
    bool redemption_stored, first_piece, has_key, late;
  } rows[] = {
      {"whenever", 0, S::fetching, false, false, false, false},
      {"there is time", 1'001, S::fetching, false, false, false, false},
      {"now", 1'000, S::fetching, false, false, false, true},
      {"the ledger has not even a torrent", 900, S::wanted, false, false, false, true},
      {"a piece came", 900, S::fetching, false, true, false, false},
      {"the ledger may have the voucher", 900, S::redeeming, true, false, false, false},
      {"the key came another way", 900, S::fetching, false, false, true, false},
      {"it plays already", 900, S::keyed, true, true, true, false},
      {"it failed", 900, S::failed, false, false, false, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Delivery delivery;
    delivery.state = row.state;
    delivery.by_ms = row.by_ms;
    if (row.redemption_stored) delivery.redemption_jws = "r";
    CHECK(is_late(delivery, {true, row.first_piece, false, row.has_key}, 1'000) == row.late);
  }
}

TEST_CASE("of a voucher for several homes each home has a recipient of its own") {
  const auto mine = shared_recipient(seed_of(1), seed_of(8));
  CHECK(mine.public_key() == shared_recipient(seed_of(1), seed_of(8)).public_key());
  CHECK(mine.public_key() != shared_recipient(seed_of(2), seed_of(8)).public_key());
  CHECK(mine.public_key() != shared_recipient(seed_of(1), seed_of(9)).public_key());
  CHECK(mine.public_key() != access_recipient(seed_of(8)).public_key());
}

TEST_CASE("an access key is opened with the voucher's own key, whole") {
  wire::Voucher voucher{{}, 1, seed_of(8), {}};
  const auto file_key = crypto::age::new_file_key();
  const auto recipient = access_recipient(voucher.one_time_seed).public_key();
  Bytes access_key = crypto::age::write_header(file_key, {recipient});
  const auto opened = open_access_key(access_recipient(voucher.one_time_seed), access_key);
  REQUIRE(opened);
  CHECK(crypto::equal(opened->view(), file_key.view()));
  wire::Voucher other = voucher;
  other.one_time_seed = seed_of(9);
  CHECK(open_access_key(access_recipient(other.one_time_seed), access_key).error().code ==
        Code::age_no_match);
  access_key.push_back('x');
  CHECK(open_access_key(access_recipient(voucher.one_time_seed), access_key).error().code ==
        Code::age_header);
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

TEST_CASE("a delivery comes back as it was stored") {
  Delivery delivery;
  delivery.title = std::string(64, 'c');
  delivery.redemption_jws = "r";
  const auto delivery_again = decode_delivery(encode(delivery));
  REQUIRE(delivery_again);
  CHECK(delivery_again->redemption_jws == "r");
  delivery.by_ms = 7, delivery.pocket = 3;
  Bytes first_form = encode(delivery);  // without the two
  first_form[0] = 1;
  first_form.resize(first_form.size() - 12);
  CHECK(decode_delivery(first_form)->by_ms == 0);
  CHECK(decode_delivery(encode(delivery))->by_ms == 7);
  CHECK(decode_delivery(encode(delivery))->pocket == 3);
  CHECK(decode_delivery({}).error().code == Code::corrupt);
}
