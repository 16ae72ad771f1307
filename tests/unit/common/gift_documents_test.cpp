#include <string>

#include <doctest/doctest.h>

#include "tests/support/documents.h"

namespace hearth::wire {
namespace {

const test::Specimens& specimens() {
  static const test::Specimens all;
  return all;
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "ok" : std::string(code_name(result.error().code));
}

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
      {"voucher without offer", [](Gift& g) { g.offer_jws.clear(); }, "usage"},
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
  for (const State state : {State::delivered, State::accepted, State::declined, State::fetched}) {
    CAPTURE(gift_state_name(state));
    GiftAnswer before;
    before.id = {5};
    before.to = all.receiver.address();
    before.state = state;
    before.at_ms = all.now;
    if (state == State::declined) {
      before.reason = "We have it already.";
      before.voucher = all.voucher();
    }
    const auto sealed =
        seal_gift_answer(before, all.buyer.identity(), all.receiver.encryption().public_key());
    REQUIRE(sealed);
    const auto drop = open(*sealed);
    REQUIRE(drop);
    CHECK_FALSE(drop->gift);
    REQUIRE(drop->answer);
    CHECK(drop->answer->state == state);
    CHECK(drop->answer->reason == before.reason);
    CHECK(drop->answer->voucher.has_value() == before.voucher.has_value());
    CHECK(drop->from == all.buyer.address());
  }
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
}

}  // namespace
}  // namespace hearth::wire
