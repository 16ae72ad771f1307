// Playout JSON of ErsatzTV next, there and back.
#include "node/channels/ersatztv.h"

#include <doctest/doctest.h>

#include "common/wire/json.h"
#include "tests/support/channel_world.h"

using namespace hearth;
using namespace hearth::node::channels;
using namespace hearth::test;

namespace {

std::optional<std::string> path_of(const std::string& media) {
  return "/media/" + media + ".mkv";
}

std::optional<FoundTitle> title_of_path(const std::string& path) {
  if (!path.starts_with("/media/") || path == "/media/other.mkv") return std::nullopt;
  const std::string media = path.substr(7, path.size() - 11);
  return FoundTitle{media, "Film " + media};
}

Channel evening() {
  Channel out = channel("Europe/Berlin", "2026-11-02");
  Item album;
  album.id = "album";
  album.kind = ItemKind::album;
  album.pictures = {"p1", "p2"};
  album.picture_ms = 30'000;
  out.lists = {list("films", {title("A", 90.25), title("B", 60)}), list("album", {album})};
  out.slots = {fixed("f", "films", "20:15", "2026-11-02", "FREQ=DAILY", Take::multiple),
               fixed("g", "album", "23:00", "2026-11-02", "FREQ=DAILY")};
  out.slots[0].count = 2;
  return out;
}

}  // namespace

TEST_CASE("a list is written as their schema says") {
  const Timeline timeline = Timeline::make(evening(), zone("Europe/Berlin")).value();
  const UtcMs from = local(timeline.zone(), "2026-11-02 20:15");
  const auto json = wire::parse_json(
      as_bytes(write_ersatztv(timeline, KnownMedia(), from, from + 4 * hour_ms, path_of)), 100'000);
  REQUIRE(json);
  CHECK((*json)["version"] == "https://ersatztv.org/playout/version/0.0.3");
  const auto& items = (*json)["items"];
  REQUIRE(items.size() == 7);
  CHECK(items[0]["start"] == "2026-11-02T19:15:00.000Z");
  CHECK(items[0]["finish"] == "2026-11-02T20:45:15.000Z");
  CHECK(items[0]["source"]["source_type"] == "local");
  CHECK(items[0]["source"]["path"] == "/media/A.mkv");
  CHECK(items[0]["source"]["out_point_ms"] == 5'415'000);
  CHECK(items[2]["source"]["source_type"] == "lavfi");  // dead air
  CHECK(items[3]["source"]["path"] == "/media/p1.mkv");
  CHECK(items[4]["source"]["path"] == "/media/p2.mkv");
  for (std::size_t i = 1; i < items.size(); ++i) CHECK(items[i]["start"] == items[i - 1]["finish"]);
  CHECK(ersatztv_file_name(0, 1500) ==
        "19700101T000000.000000000+0000_19700101T000001.500000000+0000.json");
}

TEST_CASE("what was written is read again at the same times") {
  const Timeline timeline = Timeline::make(evening(), zone("Europe/Berlin")).value();
  const UtcMs from = local(timeline.zone(), "2026-11-02 20:15");
  auto playout =
      read_ersatztv(write_ersatztv(timeline, KnownMedia(), from, from + 28 * hour_ms, path_of));
  REQUIRE_MESSAGE(playout, playout.error().sentence);
  const auto imported = channel_from_ersatztv(*playout, channel("Europe/Berlin", "2026-11-02"),
                                              timeline.zone(), title_of_path);
  REQUIRE_MESSAGE(imported, imported.error().sentence);
  const Timeline again = Timeline::make(*imported, timeline.zone()).value();
  std::vector<std::pair<UtcMs, std::string>> before, after;
  for (const Entry& entry : timeline.planned(from, from + 28 * hour_ms)) {
    const Item* item = item_of(timeline.channel(), entry.shows);
    if (item != nullptr && item->kind == ItemKind::title)
      before.emplace_back(entry.start, item->media);
  }
  for (const Entry& entry : again.planned(from, from + 28 * hour_ms)) {
    const Item* item = item_of(again.channel(), entry.shows);
    if (item != nullptr && item->media[0] != 'p') after.emplace_back(entry.start, item->media);
  }
  CHECK(before == after);
  CHECK(before.size() == 4);
}

TEST_CASE("what cannot be taken over is told") {
  const std::string text = R"({"version": "https://ersatztv.org/playout/version/0.0.7",
    "generated_at": "2026-02-23T18:02:00-05:00", "items": [
    {"id": "1", "start": "2026-02-23T20:00:00.000-05:00", "finish": "2026-02-23T20:04:00.5-05:00",
     "source": {"source_type": "local", "path": "/media/A.mkv", "in_point_ms": 0},
     "watermark": {"source": {"source_type": "local", "path": "x"}, "location": "top_left",
                   "width_percent": 12.5}},
    {"id": "2", "start": "2026-02-23T20:04:00.500-05:00", "finish": "2026-02-23T20:09:00-05:00",
     "source": {"source_type": "local", "path": "/media/A.mkv", "in_point_ms": 240500}},
    {"id": "3", "start": "2026-02-23T20:09:00-05:00", "finish": "2026-02-23T20:10:00-05:00",
     "source": {"source_type": "lavfi", "params": "testsrc"}},
    {"id": "4", "start": "2026-02-23T20:09:00-05:00", "finish": "2026-02-23T20:20:00-05:00",
     "source": {"source_type": "local", "path": "/media/other.mkv"}},
    {"id": "5", "start": "2026-02-23T20:15:00-05:00", "finish": "2026-02-23T20:20:00-05:00",
     "source": {"source_type": "local", "path": "/media/B.mkv"}}]})";
  auto playout = read_ersatztv(text);
  REQUIRE_MESSAGE(playout, playout.error().sentence);
  CHECK(playout->items.size() == 2);
  CHECK(format_utc(playout->items[0].start) == "2026-02-24T01:00:00Z");
  const auto imported = channel_from_ersatztv(*playout, channel("America/New_York", "2026-02-23"),
                                              zone("America/New_York"), title_of_path);
  REQUIRE_MESSAGE(imported, imported.error().sentence);
  CHECK(imported->lists.size() == 1);
  CHECK(playout->left_out.size() == 4);
  CHECK(playout->left_out[0].find("begins inside a file") != std::string::npos);
}

TEST_CASE("files that are none") {
  for (const char* wrong :
       {"", "{}", R"({"version": "https://ersatztv.org/playout/version/0.0.9", "items": []})",
        R"({"version": "https://ersatztv.org/playout/version/1.0.0", "items": []})",
        R"({"version": "https://ersatztv.org/playout/version/0.0.1", "items": [{"id": "1"}]})",
        R"({"version": "https://ersatztv.org/playout/version/0.0.1", "items": [{"id": "1",
            "start": "2026-02-23T20:00:00Z", "finish": "2026-02-23T19:00:00Z"}]})"}) {
    CAPTURE(wrong);
    const auto read = read_ersatztv(wrong);
    REQUIRE_FALSE(read);
    CHECK_FALSE(read.error().sentence.empty());
  }
}
