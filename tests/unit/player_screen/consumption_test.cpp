// Tables, pages that turn by themselves, pictures that move, music with pictures, and the logo of a
// channel, on a real player under Xvfb.
#include <doctest/doctest.h>

#include "channels.h"
#include "common/base/files.h"
#include "stage.h"

using namespace hearth;
using namespace hearth::test;
using link::Key;
using link::PlayState;
using wire::Kind;

namespace {

constexpr Rgb ground{0x0B, 0x0D, 0x12}, ember{0xFF, 0x9A, 0x4D}, white{0xF4, 0xF1, 0xEC};
constexpr Rgb red{0xB0, 0x20, 0x20}, blue{0x20, 0x40, 0xA0}, green{0x20, 0x80, 0x40};

Bytes text_bytes(const std::string& text) {
  return to_bytes(as_bytes(text));
}

/// A still picture of one colour, served under `name`.
void make_still(Stage& stage, const std::string& name, const char* colour) {
  const std::string file = name + ".png";
  REQUIRE(stage.make_media(
      file,
      {"-f", "lavfi", "-i", std::string("color=") + colour + ":s=640x360", "-frames:v", "1"}));
  stage.node().serve_file(name, stage.dir() / file);
}

void make_tone(Stage& stage, const std::string& name, int seconds) {
  const std::string file = name + ".mp3";
  REQUIRE(stage.make_media(file, {"-f", "lavfi", "-i", "sine=330:d=" + std::to_string(seconds)}));
  stage.node().serve_file(name, stage.dir() / file);
}

bool all_is(const Picture& p, Rgb colour) {
  return p.share(colour, 24, 0.02, 0.05, 0.98, 0.6) > 0.95;
}

std::string picture_name(const std::string& name) {
  return Stage::size() == "1280x720" ? name : name + "-" + Stage::size();
}

const char* const a_table =
    "Apple tree,Planted,Harvest kg,Price per kg,Remarks\n"
    "Gravensteiner,1998,182.5,2.40,\"Early, does not keep\"\n"
    "Boskoop,2003,240,1.90,\"Grandma says: \"\"for cake\"\"\"\n"
    "Cox Orange,2011,96.25,2.80,\n"
    "Elstar,2015,\"1,204\",2.10,\"Half of it went to the school\nand the rest to us\"\n"
    "Jonagold,2019,61,2.00,Still small\n"
    "Topaz,2021,8.5,2.60,First year\n";

}  // namespace

TEST_CASE("a table: its names above, numbers to the right") {
  NEEDS_A_DISPLAY();
  node.serve_bytes("table", text_bytes(a_table));
  stage.play("table", "harvest.csv", Kind::data, "text/csv", 500, "", "Anna");
  REQUIRE(node.wait_state("table", PlayState::playing, 10'000));
  CHECK(stage.picture(picture_name("50-table"), [](const Picture& p) {
    return p.share(ember, 24, 0.04, 0.04, 0.96, 0.12) > 0.005 &&
           p.share(white, 24, 0.04, 0.12, 0.96, 0.5) > 0.005 && near(p.at(4, 4), ground, 6);
  }));
}

TEST_CASE("a wide table: its first column stays, the others come page by page") {
  NEEDS_A_DISPLAY();
  std::string text = "Month";
  for (int year = 1990; year < 2026; ++year) text += ",Rain " + std::to_string(year);
  for (const char* month : {"January", "February", "March", "April", "May", "June", "July",
                            "August", "September", "October", "November", "December"}) {
    text += "\n" + std::string(month);
    for (int year = 1990; year < 2026; ++year) text += "," + std::to_string(year * 37 % 190) + ".5";
  }
  node.serve_bytes("wide", text_bytes(text + "\n"));
  stage.play("wide", "rain.csv", Kind::data, "text/csv", text.size());
  const auto first = node.wait_state("wide", PlayState::playing, 10'000);
  REQUIRE(first);
  const auto before = stage.picture(picture_name("51-table-wide"), [](const Picture& p) {
    return p.share(white, 24, 0.04, 0.5, 0.96, 0.8) > 0.005;
  });
  REQUIRE(before);
  node.send(link::Press{Key::right});
  REQUIRE(node.wait_state([](const link::State& s) { return s.page == 2; }, 5'000));
  CHECK(stage.picture(picture_name("52-table-wide-2"), [&](const Picture& p) {
    // The names of the months stand where they were; beside them is something else.
    return p.rgb != before->rgb && p.share(white, 24, 0.05, 0.15, 0.14, 0.8) > 0.01;
  }));
}

TEST_CASE("a channel turns the pages of a document by itself") {
  NEEDS_A_DISPLAY();
  std::string letter = "# What we did this year\n\n";
  for (int i = 1; i <= 24; ++i) {
    letter += "Week " + std::to_string(i) + ": *rain*, then **sun**, then the boat.\n\n";
  }
  node.serve_bytes("letter", text_bytes(letter));
  Channels channels(node, {{{"one", 1, "One", 0xFF9A4D},
                            {{"letter", "letter.md", "", 24'000, Kind::data, "text/markdown"}},
                            Channels::utc_now() - 1'000}});
  channels.say_lineup();
  channels.press(Key::digit_1);
  REQUIRE(channels.wait_aired([](const link::Aired& a) { return a.sentence.empty(); }));
  REQUIRE(node.wait_state([](const link::State& s) { return s.pages > 1 && s.page == 1; }, 10'000));
  CHECK(node.wait_state([](const link::State& s) { return s.page == 2; }, 40'000));
  CHECK(stage.picture(picture_name("53-pages-on-a-channel"), [](const Picture& p) {
    // How far it is: two pages of three.
    const int y = p.height * 647 / 720;
    return near(p.at(p.width * 6 / 10, y), ember, 40) &&
           !near(p.at(p.width * 8 / 10, y), ember, 40);
  }));
  channels.press(Key::stop);
}

TEST_CASE("a photo moves slowly when the menu says so, and stands when it does not") {
  NEEDS_A_DISPLAY();
  REQUIRE(stage.make_media(
      "halves.png", {"-f", "lavfi", "-i", "color=0xB02020:s=640x720", "-f", "lavfi", "-i",
                     "color=0x2040A0:s=640x720", "-filter_complex", "hstack", "-frames:v", "1"}));
  node.serve_file("halves", stage.dir() / "halves.png");
  stage.play("halves", "", Kind::image, "image/png", 1);
  REQUIRE(node.wait_state("halves", PlayState::playing, 15'000));
  // The edge of the two colours stands in the middle.
  const auto edge_at = [](const Picture& p, double where) {
    return p.share(red, 24, 0, 0.3, where - 0.01, 0.6) > 0.97 &&
           p.share(blue, 24, where + 0.01, 0.3, 1, 0.6) > 0.97;
  };
  REQUIRE(stage.picture(picture_name("54-photo-stands"),
                        [&](const Picture& p) { return edge_at(p, 0.5); }));
  const auto toggle = [&] {
    for (const Key key : {Key::menu, Key::up, Key::up, Key::ok, Key::menu})
      node.send(link::Press{key});
  };
  toggle();
  CHECK(stage.picture(
      picture_name("55-photo-moves"),
      [&](const Picture& p) {
        const bool whole =
            p.share(red, 24, 0, 0.3, 1, 0.6) + p.share(blue, 24, 0, 0.3, 1, 0.6) > 0.98;
        return whole && !edge_at(p, 0.5);
      },
      30'000));
  toggle();
  CHECK(stage.picture(picture_name("56-photo-stands-again"),
                      [&](const Picture& p) { return edge_at(p, 0.5); }));
}

TEST_CASE("music with pictures: they take turns while it plays on") {
  NEEDS_A_DISPLAY();
  make_still(stage, "red", "0xB02020");
  make_still(stage, "blue", "0x2040A0");
  make_still(stage, "green", "0x208040");
  make_tone(stage, "tone", 60);
  Channels::Film song{"tone", "Evening in the north", "", 60'000, Kind::audio, "audio/mpeg"};
  song.beside = {"red", "blue", "missing", "green"};
  song.picture_ms = 5'000;
  Channels channels(node, {{{"one", 1, "One", 0xFF9A4D}, {song}, Channels::utc_now() - 1'000}});
  channels.say_lineup();
  channels.press(Key::digit_1);
  REQUIRE(channels.wait_aired([](const link::Aired& a) { return a.sentence.empty(); }));
  // On a busy machine one is overlooked, and comes again.
  constexpr int turns_ms = 50'000;
  CHECK(stage.picture(
      picture_name("57-music-picture"), [](const Picture& p) { return all_is(p, red); }, turns_ms));
  CHECK(stage.picture(
      picture_name("58-music-picture-2"), [](const Picture& p) { return all_is(p, blue); },
      turns_ms));
  // One that is missing is passed over: the one before it stays.
  CHECK(stage.picture(
      picture_name("59-music-picture-3"), [](const Picture& p) { return all_is(p, green); },
      turns_ms));
  const auto state = node.wait_state(
      [](const link::State& s) { return s.stream == "tone" && s.position_ms > 15'000; }, 20'000);
  REQUIRE(state);
  CHECK(state->state == PlayState::playing);
  channels.press(Key::stop);
}

TEST_CASE("pictures of an album come and go through the dark") {
  NEEDS_A_DISPLAY();
  make_still(stage, "red", "0xB02020");
  make_still(stage, "blue", "0x2040A0");
  Channels::Film one{"red", "Holiday", "", 3'000, Kind::image, "image/png"};
  one.fade = true;
  Channels::Film two = one;
  two.stream = "blue";
  Channels channels(node, {{{"one", 1, "One", 0xFF9A4D}, {one, two}, Channels::utc_now() - 1'000}});
  channels.say_lineup();
  channels.press(Key::digit_1);
  REQUIRE(channels.wait_aired([](const link::Aired& a) { return a.sentence.empty(); }));
  constexpr int turns_ms = 50'000;
  CHECK(stage.picture(
      picture_name("60-album"), [](const Picture& p) { return all_is(p, blue); }, turns_ms));
  CHECK(stage.picture(
      picture_name("61-album-fades"),
      [](const Picture& p) {
        const Rgb middle = p.at(p.width / 2, p.height / 4);
        return middle.r + middle.b < 0x70 && middle.r + middle.b > 0x08;
      },
      turns_ms));
  CHECK(stage.picture(
      picture_name("62-album-next"), [](const Picture& p) { return all_is(p, red); }, turns_ms));
  channels.press(Key::stop);
}

TEST_CASE("a channel's logo stands in the corner and size that the channel says") {
  NEEDS_A_DISPLAY();
  make_still(stage, "blue", "0x2040A0");
  REQUIRE(stage.make_media("logo.png", {"-f", "lavfi", "-i", "color=0xF0D020:s=160x80", "-frames:v",
                                        "1", "-pix_fmt", "rgba"}));
  const auto png = read_file(stage.dir() / "logo.png", link::max_logo);
  REQUIRE(png);
  struct Row {
    const char* name;
    link::Corner corner;
    int width_percent;
    double left, top, right, bottom;  ///< where it stands
  };
  const double w10 = 0.10, h10 = 0.10 * 1280 / 720 / 2;  // twice as wide as high
  const Row rows[] = {
      {"63-logo-top-right", link::Corner::top_right, 10, 0.95 - w10, 0.05, 0.95, 0.05 + h10},
      {"64-logo-top-left", link::Corner::top_left, 20, 0.05, 0.05, 0.05 + 2 * w10, 0.05 + 2 * h10},
      {"65-logo-bottom-left", link::Corner::bottom_left, 10, 0.05, 0.95 - h10, 0.05 + w10, 0.95}};
  // Yellow at half strength over blue.
  constexpr Rgb mixed{0x88, 0x88, 0x60};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    stage.begin();
    Channels channels(node, {{{"one", 1, "One", 0xFF9A4D},
                              {{"blue", "Blue", "", 600'000, Kind::image, "image/png"}},
                              Channels::utc_now() - 1'000}});
    channels.logo = {*png, row.corner, row.width_percent, 50};
    channels.say_lineup();
    channels.press(Key::digit_1);
    REQUIRE(channels.wait_aired([](const link::Aired& a) { return a.sentence.empty(); }));
    CHECK(stage.picture(picture_name(row.name), [&](const Picture& p) {
      const double part = (row.right - row.left) * (row.bottom - row.top);
      const double everywhere = p.share(mixed, 24);
      return p.share(mixed, 24, row.left + 0.01, row.top + 0.01, row.right - 0.01,
                     row.bottom - 0.01) > 0.97 &&
             everywhere < part * 1.1;
    }));
    channels.press(Key::stop);
  }
}
