// What of a channel leaves its home, what another one makes of it, and what letters change.
#include "node/sharing/shared_channel.h"

#include <doctest/doctest.h>

#include "node/sharing/share_records.h"
#include "node/television/successor.h"
#include "tests/support/channel_world.h"
#include "tests/unit/node_home/test_ledger.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::node::channels;
using namespace hearth::test;

namespace {

const std::string share = "00112233445566778899aabbccddeeff";

channels::Item album(const std::string& id, std::vector<std::string> pictures) {
  channels::Item out;
  out.id = out.name = id;
  out.kind = ItemKind::album;
  out.pictures = std::move(pictures);
  out.picture_ms = 10 * second_ms;
  return out;
}

channels::Item page(const std::string& id) {
  channels::Item out;
  out.id = id;
  out.kind = ItemKind::page;
  out.text = "Back soon";
  out.length_ms = minute_ms;
  return out;
}

/// Own films "own" and "gift", one for sale "sold", an offer, music, pictures, a page.
Channel evening() {
  Channel out = channel("Europe/Berlin", "2026-11-02");
  out.id = "mine";
  out.name = "Evening";
  out.budget = {300, 900, "EUR"};
  out.logo = "own";
  out.dead_air = "sold";
  channels::Item offer = title("offer", 30);
  offer.kind = ItemKind::offer;
  channels::Item song = title("song", 3);
  song.kind = ItemKind::music;
  song.pictures = {"own"};
  song.picture_ms = 10 * second_ms;
  out.lists = {list("films", {title("own", 90), title("gift", 60), title("sold", 45), offer, song}),
               list("photos", {album("lake", {"own", "gift", "sold"}), album("shy", {"own"})}),
               list("spare", {page("note")})};
  out.slots = {fixed("s1", "films", "20:15", "2026-11-02", "FREQ=DAILY"), floating("s2", "photos")};
  out.fillers = {filler("f1", "spare", Place::fallback, Amount::all)};
  out.usual_fillers = {"f1"};
  return out;
}

wire::Offer sold() {
  return offer_of("sold", 350);
}

MayHave may() {
  return {[](const std::string& media) {
            return media == "sold" ? std::optional(sold().jws) : std::nullopt;
          },
          [](const std::string& title) { return title == "gift"; }};
}

std::vector<std::string> lines_of(const Channel& channel) {
  const auto made = Timeline::make(channel, zone("Europe/Berlin"));
  REQUIRE_MESSAGE(made, made.error().sentence);
  std::vector<std::string> out;
  const UtcMs from = channel.since.at;
  for (const Entry& one : made->planned(from, from + 2 * day_ms)) {
    const channels::Item* item = item_of(channel, one.shows);
    out.push_back(std::to_string(one.start) + " " + (item == nullptr ? "-" : item->id));
  }
  return out;
}

}  // namespace

TEST_CASE("only what the other home may have leaves, and never the budget") {
  const Channel out = for_other_home(evening(), share, may());
  CHECK(out.id == share);
  CHECK(out.budget == Budget{});
  CHECK(out.logo.empty());
  CHECK(out.dead_air == "sold");
  const auto& films = out.lists[0].items;
  CHECK(films[0].media == withheld_media);
  CHECK(films[0].name == withheld_name);
  CHECK(films[1].media == "gift");
  CHECK(films[1].kind == ItemKind::title);
  CHECK(films[2].kind == ItemKind::offer);
  CHECK(films[2].media == to_hex(sold().id));
  CHECK(films[3].media == "offer");
  CHECK(films[4].media == withheld_media);
  CHECK(films[4].pictures.empty());
  const auto& photos = out.lists[1].items;
  CHECK(photos[0].pictures ==
        std::vector<std::string>{std::string(withheld_media), "gift", "sold"});
  CHECK(photos[0].name == "lake");
  CHECK(photos[1].name == withheld_name);
  CHECK(out.lists[2] == evening().lists[2]);
  const std::string text = write_channel(out);
  for (const char* secret : {"\"own\"", "\"mine\"", "budget", "EUR", "shy", "song"}) {
    CAPTURE(secret);
    // Ids of items are the channel's own and stay: they name nothing.
    std::string without_ids = text;
    for (const char* id : {"\"id\":\"own\"", "\"id\":\"shy\"", "\"id\":\"song\""}) {
      const std::size_t at = without_ids.find(id);
      if (at != std::string::npos) without_ids.erase(at, std::string(id).size());
    }
    CHECK(without_ids.find(secret) == std::string::npos);
  }
  CHECK(read_channel(text).has_value());
}

TEST_CASE("a song that was given takes along only the pictures that were") {
  Channel own = evening();
  channels::Item& song = own.lists[0].items[4];
  song.media = "gift";
  song.pictures = {"own", "gift", "sold"};
  const Channel out = for_other_home(own, share, may());
  CHECK(out.lists[0].items[4].media == "gift");
  CHECK(out.lists[0].items[4].pictures ==
        std::vector<std::string>{std::string(withheld_media), "gift", "sold"});
  CHECK(read_channel(write_channel(out)).has_value());
}

TEST_CASE("both homes have the same list, whatever is kept back or not taken") {
  const Channel own = evening();
  const auto here = lines_of(own);
  Channel there = for_other_home(own, share, may());
  CHECK(lines_of(there) == here);
  there = as_taken(there, {false, {"photos"}}, 7, {100, 200, "EUR"});
  CHECK(lines_of(there) == here);
  CHECK(read_channel(write_channel(there)).has_value());
}

TEST_CASE("what is not taken is nobody's media; fallback comes along") {
  const Channel there = for_other_home(evening(), share, may());
  const Channel all = as_taken(there, {}, 7, {100, 200, "EUR"});
  CHECK(all.number == 7);
  CHECK(all.budget == Budget{100, 200, "EUR"});
  CHECK(all.lists == there.lists);
  const Channel some = as_taken(there, {false, {"photos", "offer"}}, 7, {});
  CHECK(some.lists[1] == there.lists[1]);
  CHECK(some.lists[2] == there.lists[2]);
  for (const auto& item : some.lists[0].items) {
    CAPTURE(item.id);
    CHECK((item.media == untaken_media) == (item.id != "offer"));
  }
  CHECK(offers_in(some) == std::vector<std::string>{"offer"});
  const auto parts = parts_from_words(there, {"photos", "lake", "photos"});
  CHECK(parts.value() == std::vector<std::string>{"photos", "lake"});
  CHECK(parts_from_words(there, {"nowhere"}).error().code == Code::not_found);
  CHECK(same_but_own(there, all));
  Channel renamed = all;
  renamed.name = "Mine";
  CHECK_FALSE(same_but_own(all, renamed));
}

TEST_CASE("a file in parts") {
  CHECK(in_parts("").error().code == Code::too_large);
  CHECK(in_parts("abc").value() == std::vector<std::string>{"abc"});
  const std::string two(wire::max_share_part + 1, 'a');
  CHECK(in_parts(two)->size() == 2);
  CHECK(in_parts(two)->at(1) == "a");
  const std::string most(wire::max_share_part * wire::max_share_parts, 'a');
  CHECK(in_parts(most)->size() == wire::max_share_parts);
  CHECK(in_parts(most + "a").error().code == Code::too_large);
}

TEST_CASE("what a letter changes") {
  const identity::HomeAddress theirs{crypto::SignKey::from_seed(seed_of(1)).public_key()},
      others{crypto::SignKey::from_seed(seed_of(2)).public_key()};
  using State = wire::ChannelShare::State;
  struct Row {
    const char* what;
    InState state;
    UtcMs revision, arriving;
    State letter;
    UtcMs of;
    LetterStep step;
  };
  const Row rows[] = {
      {"the first part", InState::arriving, 0, 0, State::offered, 10, LetterStep::begin},
      {"the next part", InState::arriving, 0, 10, State::offered, 10, LetterStep::take_part},
      {"of an older one", InState::arriving, 0, 10, State::offered, 9, LetterStep::ignore},
      {"of a newer one", InState::arriving, 0, 10, State::offered, 11, LetterStep::begin},
      {"repeated", InState::accepted, 10, 0, State::offered, 10, LetterStep::ignore},
      {"a change", InState::accepted, 10, 0, State::offered, 11, LetterStep::begin},
      {"older than what is here", InState::accepted, 10, 0, State::offered, 3, LetterStep::ignore},
      {"its end", InState::accepted, 10, 0, State::ended, 11, LetterStep::end},
      {"an end that is over", InState::accepted, 10, 0, State::ended, 10, LetterStep::ignore},
      {"after its end", InState::ended, 10, 0, State::offered, 12, LetterStep::ignore},
      {"declined", InState::declined, 10, 0, State::offered, 12, LetterStep::ignore},
      {"left", InState::left, 10, 0, State::ended, 12, LetterStep::ignore},
      {"a refusal", InState::waiting, 10, 0, State::refused, 12, LetterStep::ignore},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    SharedIn known;
    known.from = theirs;
    known.state = row.state;
    known.revision = row.revision;
    known.arriving = row.arriving;
    wire::ChannelShare letter;
    letter.state = row.letter;
    letter.revision = row.of;
    CHECK(step_of(known, theirs, letter) == row.step);
    CHECK(step_of(known, others, letter) == LetterStep::ignore);
  }
}

TEST_CASE("what the other home's word changes") {
  using Said = wire::ChannelWord::State;
  using S = OutState;
  CHECK(next_state(S::offered, Said::accepted) == S::accepted);
  CHECK(next_state(S::offered, Said::declined) == S::declined);
  CHECK(next_state(S::accepted, Said::left) == S::left);
  CHECK_FALSE(next_state(S::accepted, Said::accepted));
  CHECK_FALSE(next_state(S::offered, Said::wanted));
  for (const S over : {S::declined, S::left, S::ended}) {
    for (const Said said : {Said::accepted, Said::declined, Said::left})
      CHECK_FALSE(next_state(over, said));
  }
}

TEST_CASE("what is stored comes back, and nothing else") {
  SharedIn in;
  in.id = share;
  in.state = InState::accepted;
  in.revision = 3;
  in.applied = 2;
  in.name = "Evening";
  in.quiet = true;
  in.items = 12;
  in.taken = {false, {"films", "i3"}};
  in.number = 7;
  in.budget = {1, 2, "EUR"};
  const auto again = decode_shared_in(encode(in));
  REQUIRE(again);
  CHECK(again->taken == in.taken);
  CHECK(again->budget == in.budget);
  CHECK(again->number == 7);
  CHECK(encode(*again) == encode(in));
  SharedOut out;
  out.id = share;
  out.channel = "mine";
  out.sent.fill(4);
  out.problem = "too large";
  CHECK(encode(decode_shared_out(encode(out)).value()) == encode(out));
  ShareWish wish;
  wish.id = share;
  wish.channel = "Evening";
  CHECK(encode(decode_share_wish(encode(wish)).value()) == encode(wish));
  for (const Bytes& whole : {encode(in), encode(out), encode(wish)}) {
    Bytes cut = whole;
    cut.pop_back();
    CHECK_FALSE(decode_shared_in(cut));
    CHECK_FALSE(decode_shared_out(cut));
    CHECK_FALSE(decode_share_wish(cut));
  }
}

TEST_CASE("an offer that ended, and what its seller asks now") {
  const UtcMs now = 5'000;
  const wire::Offer old = offer_of("film", 350, 5, {.sold_until_ms = 4'000});
  CHECK(is_ended(old, now));
  CHECK_FALSE(is_ended(old, 3'999));
  const wire::Offer dearer = offer_of("film", 500);
  const wire::Offer other_title = offer_of("film", 100, 6);
  CHECK_FALSE(successor_of(old, {}, now));
  CHECK_FALSE(successor_of(old, {old, other_title}, now));
  const auto next = successor_of(old, {other_title, old, dearer}, now);
  REQUIRE(next);
  CHECK(next->id == dearer.id);
  const std::string told = ended_sentence(old, next, 4);
  CHECK(told.find("3.50 EUR") != std::string::npos);
  CHECK(told.find("5.00 EUR") != std::string::npos);
  CHECK(told.find("nothing was paid") != std::string::npos);
  CHECK(told.find(to_hex(dearer.id)) != std::string::npos);
  CHECK(ended_sentence(old, {}, 4).find("not sold any more") != std::string::npos);
  CHECK_FALSE(successor_of(dearer, {old}, now));  // ended itself
}
