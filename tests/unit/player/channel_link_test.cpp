// The channels' messages: what is sent arrives, what is out of bounds does not.
#include <set>

#include <doctest/doctest.h>

#include "common/link/messages.h"

using namespace hearth;
using namespace hearth::link;

namespace {

AirItem item(const std::string& id, std::int64_t start_ms, std::int64_t end_ms) {
  AirItem out;
  out.item = id;
  out.stream = "stream-" + id;
  out.name = "Film \"é\" {x}";
  out.about = "About it";
  out.kind = wire::Kind::video;
  out.media_type = "video/mp4";
  out.size = 1ull << 41;
  out.start_ms = start_ms;
  out.end_ms = end_ms;
  out.in_point_ms = 77;
  out.filler = out.watermark = out.catch_up = true;
  return out;
}

template <class T>
T again(const T& order) {
  const auto back = decode_order(as_bytes(encode(Order(order))));
  REQUIRE(back);
  return std::get<T>(*back);
}

template <class T>
T again_event(const T& event) {
  const auto back = decode_event(as_bytes(encode(Event(event))));
  REQUIRE(back);
  return std::get<T>(*back);
}

}  // namespace

TEST_CASE("every key has a name of its own, and comes back by it") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < key_count; ++i) {
    const Key key = static_cast<Key>(i);
    CAPTURE(i);
    CHECK_FALSE(key_name(key).empty());
    CHECK(names.insert(key_name(key)).second);
    CHECK(key_from_name(key_name(key)) == key);
    CHECK(again(Press{key}).key == key);
  }
  CHECK(key_name(Key::audio) == "audio");
  CHECK_FALSE(key_from_name("power"));
  CHECK(digit_of(Key::digit_0) == 0);
  CHECK(digit_of(Key::digit_9) == 9);
  CHECK_FALSE(digit_of(Key::last));
  CHECK_FALSE(digit_of(Key::pause));
}

TEST_CASE("orders about channels arrive as they were sent") {
  const Lineup lineup{{{"one", 1, "Das Erste", 0xFF9A4D}, {"nine", 9, "Kino", 0}}};
  CHECK(again(lineup).channels == lineup.channels);

  Air air{"one",
          7,
          60'000,
          {item("a", 1000, 2000), item("b", 2000, 3000)},
          {{0x89, 'P'}, Corner::bottom_left, 25, 40},
          "Why"};
  air.items[1].beside = {"photo", "other"};
  air.items[1].picture_ms = 8'000;
  air.items[1].fade = true;
  const Air same = again(air);
  CHECK(same.channel == "one");
  CHECK(same.request == 7);
  CHECK(same.lag_ms == 60'000);
  CHECK(same.items == air.items);
  CHECK(same.logo == air.logo);
  CHECK(same.sentence == "Why");

  const GuideWindow window{
      3, 0, 7'200'000, {{"one", {{"a", "News", 0, 900'000, true}}}, {"nine", {}}}};
  const GuideWindow got = again(window);
  CHECK(got.request == 3);
  CHECK(got.to_ms == 7'200'000);
  REQUIRE(got.rows.size() == 2);
  CHECK(got.rows[0].programmes == window.rows[0].programmes);
  CHECK(got.rows[1].channel == "nine");

  const AskPin pin = again(AskPin{"p", "A film for adults", "From 16", "Wrong"});
  CHECK(pin.pin == "p");
  CHECK(pin.sentence == "Wrong");
  CHECK(again(AskPin{}).pin.empty());
}

TEST_CASE("events about channels arrive as they were sent") {
  CHECK(again_event(Tune{"one", 4}).request == 4);
  const Watch watch = again_event(Watch{"one", 1'764'000'000'000, 5});
  CHECK(watch.channel == "one");
  CHECK(watch.at_ms == 1'764'000'000'000);
  const GuideWanted wanted = again_event(GuideWanted{1, 2, 9, 1000, 7'201'000});
  CHECK(wanted.first_row == 2);
  CHECK(wanted.rows == 9);
  const Aired aired = again_event(Aired{"one", "a", 5'000, -12, "It broke."});
  CHECK(aired.lag_ms == 5'000);
  CHECK(aired.drift_ms == -12);
  CHECK(aired.sentence == "It broke.");
  CHECK(again_event(PinEntered{"p", "0042"}).digits == "0042");
  CHECK(decode_event(as_bytes(encode(Event(TunedOut{}))))->index() == Event(TunedOut{}).index());
  CHECK(decode_event(as_bytes(encode(Event(GiftsWanted{}))))->index() ==
        Event(GiftsWanted{}).index());
}

TEST_CASE("what breaks a rule of the list is refused") {
  const auto refuses = [](const Order& order) {
    return !decode_order(as_bytes(encode(order))).has_value();
  };
  CHECK(refuses(Air{"one", 0, 0, {item("a", 1000, 1000)}, {}, ""}));  // empty
  CHECK(refuses(
      Air{"one", 0, 0, {item("a", 1000, 2000), item("b", 1999, 3000)}, {}, ""}));  // overlap
  CHECK(
      refuses(Air{"one", 0, 0, {item("a", 2000, 3000), item("b", 1000, 2000)}, {}, ""}));  // order
  CHECK(refuses(Air{"", 0, 0, {}, {}, ""}));
  CHECK(refuses(Air{"one", 0, -1, {}, {}, ""}));
  CHECK(refuses(Air{"one", 0, 0, {}, {Bytes(max_logo + 1, 1)}, ""}));
  CHECK(refuses(Air{"one", 0, 0, {}, {{}, Corner::top_left, 51, 80}, ""}));
  CHECK(refuses(Air{"one", 0, 0, {}, {{}, Corner::top_left, 10, 4}, ""}));
  AirItem music = item("a", 1000, 2000);
  music.beside.assign(max_beside + 1, "p");
  music.picture_ms = 1'000;
  CHECK(refuses(Air{"one", 0, 0, {music}, {}, ""}));
  music.beside = {"p"};
  music.picture_ms = 0;
  CHECK(refuses(Air{"one", 0, 0, {music}, {}, ""}));
  music.picture_ms = 1'000;
  music.beside = {""};
  CHECK(refuses(Air{"one", 0, 0, {music}, {}, ""}));
  CHECK(refuses(Lineup{{{"b", 2, "", 0}, {"a", 1, "", 0}}}));  // by number
  CHECK(refuses(Lineup{{{"a", 1, "", 0}, {"b", 1, "", 0}}}));
  CHECK(refuses(Lineup{{{"a", 0, "", 0}}}));
  CHECK(refuses(Lineup{{{"a", 1, "", 0x1000000}}}));
  CHECK(refuses(GuideWindow{1, 0, 1, std::vector<GuideRow>(max_guide_rows + 1, {"a", {}})}));
  for (const char* json : {R"({"order":"key","key":"power"})", R"({"order":"key"})",
                           R"({"order":"lineup","channels":{}})",
                           R"({"order":"air","channel":"a","items":[],"logo_corner":"middle"})",
                           R"({"order":"air","channel":"a","items":[{"item":"x","kind":"audio",)"
                           R"("start_ms":1,"end_ms":2,"beside":[7],"picture_ms":5000}]})",
                           R"({"order":"air","channel":"a","items":[{"item":"x","kind":"smell",)"
                           R"("start_ms":1,"end_ms":2}]})"}) {
    CAPTURE(json);
    CHECK_FALSE(decode_order(as_bytes(json)));
  }
  for (const char* json :
       {R"({"event":"guide","request":1,"first_row":0,"rows":13,"from_ms":0,"to_ms":1})",
        R"({"event":"guide","request":1,"first_row":0,"rows":1,"from_ms":5,"to_ms":5})",
        R"({"event":"guide","request":1,"first_row":0,"rows":1,"from_ms":0,"to_ms":172800001})",
        R"({"event":"pin","pin":"p","digits":"12a4"})", R"({"event":"tune"})",
        R"({"event":"watch","channel":"a"})", R"({"event":"aired","channel":""})"}) {
    CAPTURE(json);
    CHECK_FALSE(decode_event(as_bytes(json)));
  }
}

TEST_CASE("the longest lineup and guide fit into an order") {
  Lineup lineup;
  for (int i = 1; i <= static_cast<int>(max_channels); ++i) {
    lineup.channels.push_back({std::string(32, 'c'), i, std::string(64, 'n'), 0xFFFFFF});
  }
  CHECK(encode(Order(lineup)).size() < max_order);
  CHECK(again(lineup).channels.size() == max_channels);
  GuideWindow window{1, 0, 1'000'000, {}};
  for (std::size_t row = 0; row < max_guide_rows; ++row) {
    GuideRow one{std::string(32, 'c'), {}};
    for (std::size_t i = 0; i < max_row_programmes; ++i) {
      const auto start = static_cast<std::int64_t>(i) * 1000;
      one.programmes.push_back(
          {std::string(64, 'i'), std::string(200, 'n'), start, start + 1000, true});
    }
    window.rows.push_back(std::move(one));
  }
  CHECK(encode(Order(window)).size() < max_order);
  CHECK(again(window).rows.size() == max_guide_rows);
}
