// The home's channels as the TV asks for them.
#include "node/television/on_tv.h"

#include <doctest/doctest.h>

#include "tests/support/channel_world.h"
#include "tests/unit/node_home/test_ledger.h"
#include "tests/unit/node_screen/titles_in_memory.h"

using namespace hearth;
using namespace hearth::node;
using namespace hearth::test;
using channels::hour_ms;
using channels::minute_ms;

namespace {

std::string hex(std::uint8_t number) {
  return to_hex(TitlesInMemory::id(number));
}

/// A channel of films of an hour; the clock stands.
struct Parlour {
  net::Loop loop;
  net::Pool pool{loop, 1};
  std::unique_ptr<store::Store> disk = store::open_memory();
  Records records{*disk, *disk->claim()};
  identity::HomeKeys home{seed_of(1)};
  Wallet wallet{records, home};
  HouseRules rules{pool, records, wallet};
  TitlesInMemory titles{loop};
  std::map<std::string, node::KnownMedia> library;
  UtcMs now = local(test::zone("UTC"), "2026-11-02 18:00");
  Television television{loop,
                        {records,
                         [this](const std::string& media, const node::KnownMedia*) {
                           const auto found = library.find(media);
                           return found == library.end() ? std::nullopt
                                                         : std::optional(found->second);
                         },
                         [this] { return now; }, [](store::Batch&, const std::string&) {}}};
  OnTv tv{{loop, pool, television, titles, rules, [this] { return now; }}};

  void have(std::uint8_t number, Here here = Here::whole, std::int64_t min_age = 0) {
    node::KnownMedia media;
    media.facts.name = "Film " + std::to_string(number);
    media.facts.min_age = min_age;
    media.title = hex(number);
    media.media_type = "video/mp4";
    media.size = 3;
    media.here = here;
    library[hex(number)] = media;
    titles.add(number, media.facts.name, Bytes{1, 2, 3});
  }
  static channels::Item film(std::uint8_t number) {
    channels::Item item = title("f" + std::to_string(number), 60);
    item.media = hex(number);
    return item;
  }
  std::string make(std::int32_t number, std::vector<channels::Item> items) {
    auto one = television.fresh(number, "Channel " + std::to_string(number), "UTC").value();
    one.lists = {list("main", std::move(items))};
    one.slots = {floating("always", "main")};
    REQUIRE(television.begin(one, "create", {}));
    return one.id;
  }
  std::vector<link::AirItem> on(const std::string& channel, std::size_t most = 8) const {
    return tv.airings(channel, now, now + 6 * hour_ms, most);
  }
  /// The answer, after the loop has run.
  Result<void> enter(const std::string& channel, const std::string& digits) {
    Result<void> answer;
    loop.post([&] {
      tv.enter_pin(channel, digits, [&](const Result<void>& right) {
        answer = right;
        loop.stop();
      });
    });
    loop.run();
    return answer;
  }
  void set_pin(const std::string& pin) {
    PinState state;
    state.hash = hash_pin(pin).value();
    store::Batch batch;
    put(batch, "rules/pin", encode(state));
    REQUIRE(records.commit(batch));
  }
  void watch_as_child() {
    HomeRules child;
    child.profiles = {{"Mia", 6}};
    child.profile = "Mia";
    REQUIRE(rules.store(child));
  }
};

}  // namespace

TEST_CASE("the lineup is by number, and what is on has streams") {
  Parlour parlour;
  parlour.have(1);
  parlour.have(2);
  const std::string second = parlour.make(7, {Parlour::film(2)});
  const std::string first = parlour.make(3, {Parlour::film(1), Parlour::film(2)});
  const auto lineup = parlour.tv.lineup();
  REQUIRE(lineup.size() == 2);
  CHECK(lineup[0].channel == first);
  CHECK(lineup[1].number == 7);
  parlour.now += 17 * minute_ms;
  const auto on = parlour.on(first, 3);
  REQUIRE(on.size() == 3);
  CHECK(on[0].start_ms == parlour.now - 17 * minute_ms);
  CHECK(on[0].stream == hex(1));
  CHECK(on[0].name == "Film 1");
  CHECK(on[0].catch_up);
  CHECK(on[1].start_ms == on[0].end_ms);
  CHECK(on[1].stream == hex(2));
  CHECK(on[0].item != on[2].item);
  CHECK(parlour.tv.open_stream(on[0].stream).has_value());
  CHECK_FALSE(parlour.tv.open_stream("nonsense").has_value());
  CHECK(parlour.tv.guide(first, parlour.now, parlour.now + 3 * hour_ms).size() == 4);
}

TEST_CASE("what cannot be shown has no stream and a sentence; dead air is nothing") {
  Parlour parlour;
  parlour.have(1, Here::no);
  const std::string channel = parlour.make(1, {Parlour::film(1)});
  const auto on = parlour.on(channel, 1);
  REQUIRE(on.size() == 1);
  CHECK(on[0].stream.empty());
  CHECK_FALSE(on[0].sentence.empty());
  CHECK_FALSE(on[0].catch_up);
  const std::string empty = parlour.make(2, {});
  CHECK(parlour.on(empty).empty());
  CHECK(parlour.tv.why_empty(empty).find("empty") != std::string::npos);
  CHECK(parlour.tv.why_empty("nobody").find("not there") != std::string::npos);
}

TEST_CASE("a channel of short clips fills its row of the guide") {
  Parlour parlour;
  std::vector<channels::Item> clips;
  for (const std::uint8_t number : {1, 2, 3}) {
    parlour.have(number);
    clips.push_back(Parlour::film(number));
    clips.back().length_ms = 7'000;
  }
  const std::string channel = parlour.make(1, clips);
  const UtcMs from = parlour.now, to = from + 2 * hour_ms;
  const auto rows = parlour.tv.guide(channel, from, to);
  REQUIRE(rows.size() > 30);
  REQUIRE(rows.size() < 50);
  CHECK(rows.front().start_ms == from);
  CHECK(rows.back().end_ms >= to);
  for (std::size_t i = 1; i < rows.size(); ++i) CHECK(rows[i].start_ms == rows[i - 1].end_ms);
  CHECK(rows[1].name == "Film 3 · Film 1 · Film 2");
  // Wherever one looks from, they are the same.
  const auto later = parlour.tv.guide(channel, from + 30 * minute_ms, to + 30 * minute_ms);
  const auto same = std::find_if(rows.begin(), rows.end(),
                                 [&](const auto& one) { return one.item == later[1].item; });
  REQUIRE(same != rows.end());
  CHECK(*same == later[1]);
}

TEST_CASE("albums are shown picture by picture, pages as text") {
  Parlour parlour;
  for (const std::uint8_t number : {1, 2, 3}) parlour.have(number);
  channels::Item album;
  album.id = "a";
  album.name = "Holiday";
  album.kind = channels::ItemKind::album;
  album.pictures = {hex(1), hex(2), hex(3)};
  album.picture_ms = 10'000;
  channels::Item page;
  page.id = "p";
  page.kind = channels::ItemKind::page;
  page.text = "Back soon";
  page.length_ms = 30'000;
  const std::string channel = parlour.make(1, {album, page});
  parlour.now += 12'000;
  const auto on = parlour.on(channel);
  REQUIRE(on.size() == 8);
  CHECK(on[0].stream == hex(2));
  CHECK(on[0].start_ms == parlour.now - 2'000);
  CHECK(on[1].stream == hex(3));
  CHECK(on[1].end_ms - on[1].start_ms == 10'000);
  CHECK(on[2].media_type == "text/markdown");
  const auto text = parlour.tv.open_stream(on[2].stream);
  REQUIRE(text);
  CHECK((*text)->size() == 9);
  CHECK(on[3].stream == hex(1));
  // Edited: from now on it reads otherwise.
  Television::Edit edit;
  edit.channel = channel;
  edit.changes = {channels::set_item("p", {{"text", "Back at eight"}})};
  auto edited = parlour.television.tried(edit);
  REQUIRE_MESSAGE(edited, edited.error().sentence);
  REQUIRE(parlour.television.keep(edit, std::move(*edited)));
  CHECK((*parlour.tv.open_stream(on[2].stream))->size() == 13);
  for (std::size_t i = 1; i < on.size(); ++i) CHECK(on[i].start_ms == on[i - 1].end_ms);
}

TEST_CASE("music has its pictures beside it: those that are here") {
  Parlour parlour;
  for (const std::uint8_t number : {1, 2, 3, 4}) parlour.have(number);
  for (const std::uint8_t number : {2, 3, 4})
    parlour.library[hex(number)].facts.kind = wire::Kind::image;
  parlour.library[hex(3)].here = Here::no;
  channels::Item music;
  music.id = "m";
  music.kind = channels::ItemKind::music;
  music.media = hex(1);
  music.length_ms = 4 * minute_ms;
  music.pictures = {hex(2), hex(3), hex(4), hex(1), hex(9)};  // one is no picture, one is unknown
  music.picture_ms = 15'000;
  music.transition = channels::Transition::fade;
  const std::string channel = parlour.make(1, {music});
  const auto on = parlour.on(channel, 1);
  REQUIRE(on.size() == 1);
  CHECK(on[0].stream == hex(1));
  CHECK(on[0].beside == std::vector<std::string>{hex(2), hex(4)});
  CHECK(on[0].picture_ms == 15'000);
  CHECK(on[0].fade);
  // Without any it is music as ever.
  for (const std::uint8_t number : {2, 4}) parlour.library[hex(number)].here = Here::no;
  const auto without = parlour.on(parlour.make(2, {music}), 1);
  REQUIRE(without.size() == 1);
  CHECK(without[0].beside.empty());
  CHECK(without[0].picture_ms == 0);
  CHECK_FALSE(without[0].fade);
}

TEST_CASE("what is not for the profile takes the PIN, and without a PIN is not shown") {
  Parlour parlour;
  parlour.have(1, Here::whole, 16);
  const std::string channel = parlour.make(1, {Parlour::film(1)});
  CHECK_FALSE(parlour.tv.asks_pin(channel, parlour.now));
  parlour.watch_as_child();
  CHECK_FALSE(parlour.tv.asks_pin(channel, parlour.now));  // nobody could enter one
  CHECK(parlour.on(channel)[0].stream.empty());
  parlour.set_pin("4711");
  REQUIRE(parlour.tv.asks_pin(channel, parlour.now));
  CHECK(parlour.on(channel)[0].stream.empty());
  CHECK_FALSE(parlour.enter(channel, "1111"));
  CHECK(parlour.tv.asks_pin(channel, parlour.now));
  CHECK(parlour.enter(channel, "4711"));
  CHECK_FALSE(parlour.tv.asks_pin(channel, parlour.now));
  CHECK(parlour.on(channel)[0].stream == hex(1));
  parlour.now += 5 * hour_ms;
  CHECK(parlour.tv.asks_pin(channel, parlour.now));
}

TEST_CASE("what the TV could not show is told to the owner") {
  Parlour parlour;
  parlour.have(1);
  const std::string channel = parlour.make(1, {Parlour::film(1)});
  parlour.tv.note_problem(channel, parlour.on(channel)[0].item, "It is broken.");
  const auto troubles = parlour.television.troubles(channel);
  REQUIRE(troubles.size() == 1);
  CHECK(troubles[0].media == hex(1));
  CHECK(troubles[0].sentence.find("It is broken.") != std::string::npos);
  parlour.tv.note_problem(channel, "no-item", "x");
}
