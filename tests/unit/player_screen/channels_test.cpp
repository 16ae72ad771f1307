// Channels on a real player under Xvfb: what the list says is what the screen shows; every overlay
// looked at. The pictures lie in build/…/screens; docs/tv.md shows some of them.
#include "channels.h"

#include <doctest/doctest.h>

#include "stage.h"

using namespace hearth;
using namespace hearth::test;
using link::Key;

namespace {

constexpr Rgb ground{0x0B, 0x0D, 0x12}, ember{0xFF, 0x9A, 0x4D}, white{0xF4, 0xF1, 0xEC};
constexpr std::int64_t minute = 60'000;

struct Paint {
  const char* name;
  const char* colour;
  Rgb rgb;
};
constexpr Paint paints[] = {{"red", "0xB02020", {0xB0, 0x20, 0x20}},
                            {"green", "0x208040", {0x20, 0x80, 0x40}},
                            {"blue", "0x2040A0", {0x20, 0x40, 0xA0}},
                            {"violet", "0x702090", {0x70, 0x20, 0x90}}};

/// A film of one colour and one tone.
void make_paint(Stage& stage, const Paint& paint, int seconds) {
  const std::string file = std::string(paint.name) + ".mp4";
  if (!std::filesystem::exists(stage.dir() / file)) {
    const std::string length = std::to_string(seconds);
    REQUIRE(stage.make_media(
        file,
        {"-f", "lavfi", "-i", std::string("color=") + paint.colour + ":s=640x360:r=25:d=" + length,
         "-f", "lavfi", "-i", "sine=330:d=" + length, "-c:v", "libx264", "-preset", "ultrafast",
         "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac"}));
  }
  stage.node().serve_file(paint.name, stage.dir() / file);
}

Channels::Film film(const char* stream, const std::string& name, std::int64_t length_ms) {
  return {stream, name, "", length_ms, wire::Kind::video, "video/mp4"};
}

/// The colour of a film in the upper left, where no overlay of these tests lies.
bool shows(const Picture& p, const Paint& paint) {
  return p.share(paint.rgb, 24, 0.02, 0.3, 0.5, 0.5) > 0.9;
}

const Paint& paint_of(const std::string& stream) {
  for (const Paint& one : paints) {
    if (stream == one.name) return one;
  }
  return paints[0];
}

std::string picture_name(const std::string& name) {
  return Stage::size() == "1280x720" ? name : name + "-" + Stage::size();
}

}  // namespace

TEST_CASE("channels: tuned in where the list is, zapped, and over the edge of an item") {
  NEEDS_A_DISPLAY();
  for (const Paint& paint : paints) make_paint(stage, paint, 8);
  const std::int64_t begins = Channels::utc_now() - 3'000;
  Channels channels(stage.node(),
                    {{{"one", 1, "One", 0xFF9A4D},
                      {film("red", "Red", 8'000), film("green", "Green", 8'000)},
                      begins},
                     {{"two", 2, "Two", 0x5CC8A1},
                      {film("blue", "Blue", 600'000), film("violet", "Violet", 8'000)},
                      begins}});
  channels.say_lineup();
  channels.press(Key::digit_1);
  auto aired = channels.wait_aired([](const link::Aired& a) { return a.channel == "one"; });
  REQUIRE(aired);
  CHECK(aired->sentence.empty());
  const std::string first = aired->item;
  REQUIRE(stage.picture(picture_name("20-channel-tuned"), [&](const Picture& p) {
    return shows(p, paint_of(channels.on_at("one", Channels::utc_now()).stream));
  }));
  // Over the edge: the next item by itself, and it is the list's.
  for (int i = 0; i < 3; ++i) {
    aired = channels.wait_aired([&](const link::Aired& a) { return a.item != first; });
    REQUIRE(aired);
    MESSAGE("item ", i, " began ", aired->drift_ms, " ms off the list");
    CHECK(stage.picture(picture_name("21-channel-next"), [&](const Picture& p) {
      return shows(p, paint_of(channels.on_at("one", Channels::utc_now()).stream));
    }));
  }
  // Zap: a longer item than its file; the last picture stays.
  channels.press(Key::up);
  REQUIRE(channels.wait_aired([](const link::Aired& a) { return a.channel == "two"; }));
  CHECK(stage.picture(picture_name("22-channel-zapped"),
                      [&](const Picture& p) { return shows(p, paint_of("blue")); }));
  channels.press(Key::stop);
  CHECK(stage.node().wait_state(
      [](const link::State& s) { return s.state == link::PlayState::idle && s.channel.empty(); },
      10'000));
}

TEST_CASE("channels: a file that is none leaves the channel on the air, and the next item comes") {
  NEEDS_A_DISPLAY();
  make_paint(stage, paints[0], 8);
  stage.node().serve_bytes("broken", Bytes(10'000, 'x'));
  Channels channels(stage.node(), {{{"one", 1, "One", 0xFF9A4D},
                                    {film("broken", "Broken", 6'000), film("red", "Red", 8'000)},
                                    Channels::utc_now() - 1'000}});
  channels.say_lineup();
  channels.press(Key::digit_1);
  const auto failed = channels.wait_aired([](const link::Aired& a) { return !a.sentence.empty(); });
  REQUIRE(failed);
  CHECK(stage.picture(picture_name("23-channel-broken"), [](const Picture& p) {
    return p.share(ground, 8, 0.02, 0.2, 0.3, 0.8) > 0.9 && p.share(white, 24) > 0.005;
  }));
  REQUIRE(channels.wait_aired(
      [&](const link::Aired& a) { return a.sentence.empty() && a.item != failed->item; }));
  CHECK(stage.picture(picture_name("24-channel-after"),
                      [](const Picture& p) { return shows(p, paints[0]); }));
}

TEST_CASE("channels: every overlay") {
  NEEDS_A_DISPLAY();
  if (!std::filesystem::exists(stage.dir() / "scene.mp4")) {
    REQUIRE(stage.make_media(
        "scene.mp4",
        {"-f",
         "lavfi",
         "-i",
         "gradients=s=1280x720:r=5:c0=0x16324f:c1=0xc8743c:x0=300:y0=0:x1=900:y1=720:nb_colors=2:"
         "speed=0.00001:d=30",
         "-f",
         "lavfi",
         "-i",
         "sine=330:d=30",
         "-f",
         "lavfi",
         "-i",
         "sine=440:d=30",
         "-map",
         "0",
         "-map",
         "1",
         "-map",
         "2",
         "-metadata:s:a:0",
         "language=ger",
         "-metadata:s:a:1",
         "language=eng",
         "-c:v",
         "libx264",
         "-preset",
         "ultrafast",
         "-pix_fmt",
         "yuv420p",
         "-c:a",
         "aac"}));
  }
  stage.node().serve_file("scene", stage.dir() / "scene.mp4");
  const std::int64_t now = Channels::utc_now(), begins = now / (30 * minute) * 30 * minute;
  Channels::Film lake = film("scene", "The summer at the lake", 45 * minute);
  lake.about =
      "Two weeks in a house without a telephone: the boat, the rain on the second day, and how Max "
      "swam to the island and back. Filmed by everybody, cut by Anna.";
  const auto films = [&](std::vector<std::pair<const char*, int>> names) {
    std::vector<Channels::Film> out;
    for (const auto& [name, minutes] : names) out.push_back(film("scene", name, minutes * minute));
    return out;
  };
  Channels channels(
      stage.node(),
      {{{"news", 1, "Around us", 0xFF9A4D},
        films({{"Morning paper", 15}, {"Village news", 30}, {"Weather", 15}}),
        begins},
       {{"family", 2, "Family", 0x5CC8A1},
        {lake, film("scene", "Grandma explains bread", 30 * minute),
         film("scene", "Holiday pictures 1987", 45 * minute)},
        begins - 15 * minute},
       {{"kids", 3, "Children", 0x6FB7FF},
        films({{"The dog that opened doors", 20}, {"Songs", 10}, {"Paper boats", 30}}),
        begins},
       {{"films", 4, "Cinema", 0xC792EA},
        films({{"The long way home", 95}, {"Night train", 80}}),
        begins - 40 * minute},
       {{"music", 5, "Music box", 0xFFD479},
        films({{"Quiet mornings", 60}, {"Choir", 45}}),
        begins},
       {{"garden", 7, "Garden", 0x9CCC65}, films({{"Apple trees", 25}, {"Bees", 35}}), begins},
       {{"sport", 12, "Sport", 0xFF6B6B}, films({{"Second league", 110}}), begins - 20 * minute},
       {{"night", 20, "Night", 0x7E8AA2}, films({{"Fireplace", 240}}), begins}});
  stage.node().send(link::HomeScreen{"Lindenstraße 7", 2});
  channels.say_lineup();
  const auto seen = [&](const char* name, const std::function<bool(const Picture&)>& pleases) {
    CAPTURE(name);
    CHECK(stage.picture(picture_name(name), pleases));
  };
  seen("30-home", [](const Picture& p) { return p.share(white, 30, 0.02, 0.9, 0.4, 1) > 0.005; });
  channels.press(Key::digit_1);
  seen("31-number", [](const Picture& p) { return p.share(ember, 30, 0.8, 0, 1, 0.3) > 0.002; });
  channels.press(Key::back);
  channels.press(Key::channel_up);
  REQUIRE(channels.wait_aired([](const link::Aired& a) { return a.sentence.empty(); }));
  channels.press(Key::channel_up);
  REQUIRE(channels.wait_aired([](const link::Aired& a) { return a.channel == "family"; }));
  seen("32-now-next", [](const Picture& p) {
    return p.share(ground, 40, 0.05, 0.65, 0.95, 0.93) > 0.5 && p.colours() > 20;
  });
  channels.press(Key::pause);
  seen("33-paused",
       [](const Picture& p) { return p.share(ground, 40, 0.05, 0.65, 0.95, 0.93) > 0.5; });
  channels.press(Key::pause);
  channels.press(Key::info);
  seen("34-info", [](const Picture& p) { return p.share(ground, 30, 0.05, 0.3, 0.9, 0.9) > 0.6; });
  channels.press(Key::back);
  channels.press(Key::guide);
  REQUIRE(channels.wait_guide());
  seen("35-guide", [](const Picture& p) { return p.share(ember, 20, 0.2, 0.3, 1, 0.9) > 0.01; });
  channels.press(Key::ok);
  seen("36-guide-choice",
       [](const Picture& p) { return p.share(ember, 20, 0, 0, 0.5, 0.4) > 0.03; });
  channels.press(Key::back);
  channels.press(Key::back);
  channels.press(Key::menu);
  // A list of many rows; the one before it and the one behind have two or three.
  const auto long_list = [](const Picture& p) {
    return p.share(white, 24, 0.04, 0.5, 0.5, 0.75) > 0.004;
  };
  seen("37-menu",
       [&](const Picture& p) { return p.share(ember, 20, 0, 0, 0.5, 0.4) > 0.03 && long_list(p); });
  for (int i = 0; i < 4; ++i) channels.press(Key::down);
  channels.press(Key::ok);
  seen("38-tracks", [&](const Picture& p) {
    return p.share(ember, 20, 0, 0, 0.5, 0.4) > 0.03 && !long_list(p);
  });
  channels.press(Key::menu);
  channels.press(Key::volume_down);
  seen("39-volume", [](const Picture& p) { return p.share(ember, 20, 0.3, 0, 0.7, 0.2) > 0.005; });
  stage.node().send(
      link::AskPin{"p", "The long way home", "From 16. Enter the home's PIN to watch it.", ""});
  channels.press(Key::digit_4);
  channels.press(Key::digit_7);
  seen("40-pin", [](const Picture& p) { return p.share(ember, 20, 0.3, 0.2, 0.7, 1) > 0.005; });
  stage.node().send(link::AskPin{});
  channels.press(Key::stop);
}
