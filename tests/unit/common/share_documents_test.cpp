#include <string>

#include <doctest/doctest.h>

#include "tests/support/documents.h"

namespace hearth::wire {
namespace {

using test::code_of;
using test::specimens;

ChannelShare share() {
  ChannelShare out;
  out.id.fill(0x11);
  out.to = specimens().receiver.address();
  out.revision = specimens().now;
  out.name = "Evenings at the lake";
  out.note = "For you";
  out.text = "aGVhcnRo.Y2hhbm5lbA.c2ln-_";
  out.sent_ms = specimens().now + 1;
  return out;
}

ChannelWord word() {
  ChannelWord out;
  out.id.fill(0x12);
  out.to = specimens().receiver.address();
  out.channel = "5";
  out.at_ms = specimens().now;
  return out;
}

Result<Bytes> seal(const ChannelShare& letter) {
  return seal_channel_share(letter, specimens().buyer.identity(),
                            specimens().receiver.encryption().public_key());
}
Result<Bytes> seal(const ChannelWord& letter) {
  return seal_channel_word(letter, specimens().buyer.identity(),
                           specimens().receiver.encryption().public_key());
}

Result<OpenedDrop> open(const Result<Bytes>& sealed) {
  if (!sealed) return pass_on(sealed.error());
  return open_drop(*sealed, specimens().receiver.encryption(), specimens().receiver.address());
}

}  // namespace

TEST_CASE("a shared channel arrives as it was sent") {
  ChannelShare before = share();
  before.part = 2;
  before.parts = 3;
  before.wish = GiftId{0x33};
  const auto drop = open(seal(before));
  REQUIRE_MESSAGE(drop, drop.error().sentence);
  CHECK(drop->from == specimens().buyer.address());
  CHECK_FALSE(drop->word);
  REQUIRE(drop->share);
  const ChannelShare& after = *drop->share;
  CHECK(after.id == before.id);
  CHECK(after.state == ChannelShare::State::offered);
  CHECK(after.revision == before.revision);
  CHECK(after.name == before.name);
  CHECK(after.note == before.note);
  CHECK(after.part == 2);
  CHECK(after.parts == 3);
  CHECK(after.text == before.text);
  CHECK(after.wish == before.wish);
  CHECK(after.sent_ms == before.sent_ms);
}

TEST_CASE("so do its end, a refusal, and what the other home says") {
  for (const auto state : {ChannelShare::State::ended, ChannelShare::State::refused}) {
    ChannelShare before = share();
    before.state = state;
    before.name.clear();
    before.text.clear();
    const auto drop = open(seal(before));
    REQUIRE(drop);
    CHECK(drop->share->state == state);
    CHECK(drop->share->text.empty());
  }
  for (const auto state : {ChannelWord::State::wanted, ChannelWord::State::accepted,
                           ChannelWord::State::declined, ChannelWord::State::left}) {
    ChannelWord before = word();
    before.state = state;
    before.note = "Thank you";
    if (state != ChannelWord::State::wanted) before.channel.clear();
    const auto drop = open(seal(before));
    REQUIRE(drop);
    CHECK(drop->word->state == state);
    CHECK(drop->word->channel == before.channel);
    CHECK(drop->word->note == "Thank you");
    CHECK(drop->word->id == before.id);
  }
}

TEST_CASE("what does not fit together is not sent") {
  struct Row {
    const char* what;
    void (*spoil)(ChannelShare&);
  };
  const Row rows[] = {
      {"part beyond the last", [](ChannelShare& s) { s.part = 2; }},
      {"no part at all", [](ChannelShare& s) { s.part = 0; }},
      {"too many parts", [](ChannelShare& s) { s.parts = max_share_parts + 1; }},
      {"nothing in it", [](ChannelShare& s) { s.text.clear(); }},
      {"too much in it", [](ChannelShare& s) { s.text.assign(max_share_part + 1, 'a'); }},
      {"no text of a JWS", [](ChannelShare& s) { s.text += "\""; }},
      {"an end that says more", [](ChannelShare& s) { s.state = ChannelShare::State::ended; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    ChannelShare letter = share();
    row.spoil(letter);
    CHECK(code_of(seal(letter)) == "usage");
  }
  ChannelShare nameless = share();
  nameless.name = "a/b";
  CHECK(code_of(seal(nameless)) == "name_refused");
  ChannelWord answer = word();
  answer.state = ChannelWord::State::left;
  CHECK(code_of(seal(answer)) == "usage");
  ChannelWord nothing = word();
  nothing.channel.clear();
  CHECK(code_of(seal(nothing)) == "name_refused");
}

TEST_CASE("the largest part fits into a drop") {
  ChannelShare letter = share();
  letter.text.assign(max_share_part, 'x');
  letter.note.assign(2000, '\n');
  letter.parts = letter.part = max_share_parts;
  const auto sealed = seal(letter);
  REQUIRE_MESSAGE(sealed, sealed.error().sentence);
  CHECK(open(sealed)->share->text == letter.text);
}

TEST_CASE("a letter for another home is refused") {
  ChannelShare letter = share();
  letter.to = specimens().seller.address();
  CHECK(code_of(open(seal(letter))) == "usage");
}

}  // namespace hearth::wire
