// The channel's document: what is read, what is refused and in which words.
#include <doctest/doctest.h>

#include "node/channels/channel_json.h"
#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node::channels;
using hearth::test::random_channel;
using hearth::wire::Json;

namespace {

/// One of everything.
Channel full() {
  Channel out = test::channel("Europe/Berlin", "2026-11-02");
  out.name = "Kanal Fünf";
  out.logo = "ab12";
  out.dead_air = "cd34";
  out.colour = 0xff8000;
  out.seed = (std::uint64_t{1} << 53) - 1;
  out.version = 7;
  out.max_lateness_ms = 300'000;
  out.watermark = Watermark{Corner::bottom_left, 12, 60};
  out.budget = {500, 2000, "EUR"};
  Item album, music, page, offer;
  album.id = "i2";
  album.kind = ItemKind::album;
  album.pictures = {"p1", "p2"};
  album.picture_ms = 8000;
  album.transition = Transition::fade;
  music = test::title("i3", 4);
  music.kind = ItemKind::music;
  music.pictures = {"p1"};
  music.picture_ms = 5000;
  page.id = "i4";
  page.kind = ItemKind::page;
  page.text = "Back at eight.\nDo not go away.";
  page.length_ms = 20'000;
  offer = test::title("i5", 90);
  offer.kind = ItemKind::offer;
  offer.weight = 3;
  out.lists = {
      test::list("l1", {test::title("i1", 45), album, music, page, offer}, Order::weighted)};
  out.slots = {
      test::fixed("s1", "l1", "20:15", "2026-11-02", "FREQ=WEEKLY;BYDAY=MO", Take::duration),
      test::floating("s2", "l1", Take::multiple), test::floating("s3", "")};
  out.slots[0].duration_ms = 7'200'000;
  out.slots[0].fixed->except = {parse_day("2026-12-21").value()};
  out.slots[0].fixed->also = {parse_day("2026-12-24").value()};
  out.slots[0].rank = 2;
  out.slots[0].name = "Film";
  out.slots[1].count = 4;
  out.slots[1].fillers = std::vector<std::string>{};
  out.slots[2].link = Link::reruns;
  out.slots[2].linked = "s1";
  out.fillers = {test::filler("f1", "l1", Place::mid, Amount::count, 2),
                 test::filler("f2", "l1", Place::post, Amount::pad, 30)};
  out.fillers[0].every_ms = 900'000;
  out.usual_fillers = {"f1", "f2"};
  out.since.on_air = Running{"s1", 2, 1'800'000'000'000, 1'799'990'000'000};
  out.since.floating = Running{"s2", 1, 0, 0};
  out.since.progress = {{"s1", 12, 9, 1'799'000'000'000}, {"f1", 4, 0, 0}};
  return out;
}

std::string refused(const Json& json) {
  const auto read = channel_from_json(json);
  return read ? "taken" : read.error().sentence;
}

}  // namespace

TEST_CASE("what is written is read again, to the last member and byte") {
  const Channel channel = full();
  const std::string text = write_channel(channel);
  const auto read = read_channel(text);
  REQUIRE_MESSAGE(read, read.error().sentence);
  CHECK(*read == channel);
  CHECK(write_channel(*read) == text);
}

TEST_CASE("each refusal says what is wrong") {
  struct Row {
    const char* pointer;
    Json value;
    const char* says;
  };
  const Row rows[] = {
      {"/number", 0, "\"number\" is not a whole number from 1 to 9999"},
      {"/name", "a\nb", "control"},
      {"/id", "a b", "letters, digits"},
      {"/colour", "red", "no colour like #3366cc"},
      {"/zone", "../../etc/passwd", "no"},
      {"/since/at", -1, "\"at\""},
      {"/since/handled", 1'900'000'000'000, "\"handled\""},
      {"/lists/0/order", "random", "\"order\""},
      {"/lists/0/items/0/kind", "live", "\"kind\""},
      {"/lists/0/items/0/length_ms", 999, "less than a second"},
      {"/lists/0/items/0/length_ms", 86'400'001, "\"length_ms\""},
      {"/lists/0/items/0/media", "", "needs \"media\""},
      {"/lists/0/items/1/picture_ms", 10, "picture_ms"},
      {"/lists/0/items/1/media", "xy", "has no \"media\""},
      {"/lists/0/items/3/text", "", "Pages have \"text\""},
      {"/lists/0/items/1/id", "i1", "two items have the id \"i1\""},
      {"/slots/0/at", "25:00", "no time of day"},
      {"/slots/0/first", "2026-02-30", "no date"},
      {"/slots/0/rule", "FREQ=HOURLY", "more often than daily"},
      {"/slots/0/except/0", "soon", "no date"},
      {"/slots/0/duration_ms", 10, "\"duration_ms\""},
      {"/slots/0/rank", 10, "\"rank\""},
      {"/slots/0/list", "l9", "shows a list that is not there"},
      {"/slots/0/fillers", Json::array({"f9"}), "the filler \"f9\" is not there"},
      {"/slots/1/id", "s1", "two slots have the id \"s1\""},
      {"/slots/2/linked", "s9", "linked to one that is not there"},
      {"/slots/2/linked", "s3", "linked to"},
      {"/fillers/0/every_ms", 0, "\"every_ms\""},
      {"/fillers/1/value", 7, "parts of an hour"},
      {"/fillers/0/id", "s1", "have the id \"s1\""},
      {"/usual_fillers/0", "zz", "the filler \"zz\" is not there"},
      {"/watermark/corner", "middle", "\"corner\""},
      {"/budget/currency", "XXQ", "currency"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pointer);
    Json json = to_json(full());
    json[Json::json_pointer(row.pointer)] = row.value;
    CHECK(refused(json).find(row.says) != std::string::npos);
    CAPTURE(refused(json));
  }
  Json circle = to_json(full());
  circle["slots"][1]["link"] = circle["slots"][2]["link"] = "follows";
  circle["slots"][1]["linked"] = "s3";
  circle["slots"][2]["linked"] = "s2";
  CHECK(refused(circle).find("in a circle") != std::string::npos);
  Json twice = to_json(full());
  twice["slots"][1]["link"] = "follows";
  twice["slots"][1]["linked"] = "s3";
  CHECK(refused(twice).find("link it to the original") != std::string::npos);
}

TEST_CASE("10,000 items are taken, one more is not") {
  Channel many = full();
  many.lists.push_back(test::list("l2", {}));
  while (many.lists[1].items.size() < 9'995)
    many.lists[1].items.push_back(
        test::title("m" + std::to_string(many.lists[1].items.size()), 30));
  const auto read = read_channel(write_channel(many));
  REQUIRE_MESSAGE(read, read.error().sentence);
  CHECK(read->lists[1].items.size() == 9'995);
  auto timeline = Timeline::make(*read, test::zone(read->zone));
  REQUIRE(timeline);
  CHECK(timeline->planned(read->since.at, read->since.at + day_ms).size() > 10);
  many.lists[1].items.push_back(test::title("one-more", 30));
  CHECK(read_channel(write_channel(many)).error().sentence.find("more than 10,000 items") !=
        std::string::npos);
}

TEST_CASE("texts that are no document") {
  CHECK(read_channel("").error().code == Code::usage);
  CHECK(read_channel("[]").error().sentence.find("not a JSON object") != std::string::npos);
  CHECK(read_channel("{}").error().sentence.find("has no \"id\"") != std::string::npos);
  CHECK(read_channel(std::string(max_channel_bytes + 1, ' ')).error().code == Code::too_large);
}
