// Pictures in time: turns beside music, fades, slow zooms.
#include "player/core/picture_move.h"

#include <cmath>

#include <doctest/doctest.h>

#include "channel_fixture.h"

using namespace hearth;
using namespace hearth::test;
using link::Key;

namespace {

link::AirItem song_with_pictures() {
  link::AirItem item = film_at("m", eight_pm, eight_pm + 4 * minute);
  item.kind = wire::Kind::audio;
  item.beside = {"p0", "p1", "p2"};
  item.picture_ms = 10'000;
  return item;
}

}  // namespace

TEST_CASE("pictures beside music take turns by the media's time") {
  link::AirItem item = song_with_pictures();
  struct Row {
    std::int64_t in_point_ms, into_ms;
    const char* picture;
    std::int64_t until_ms;  ///< behind the item's start
  };
  const Row rows[] = {{0, 0, "p0", 10'000},         {0, 9'999, "p0", 10'000},
                      {0, 10'000, "p1", 20'000},    {0, 29'999, "p2", 30'000},
                      {0, 30'000, "p0", 40'000},    {5'000, 0, "p0", 5'000},
                      {5'000, 5'000, "p1", 15'000}, {0, 239'999, "p2", 240'000}};
  for (const Row& row : rows) {
    CAPTURE(row.into_ms);
    item.in_point_ms = row.in_point_ms;
    CHECK(beside_at(item, eight_pm + row.into_ms) == row.picture);
    CHECK(beside_until(item, eight_pm + row.into_ms) == eight_pm + row.until_ms);
  }
  CHECK(beside_at(film_at("a", 0, 10), 5).empty());
}

TEST_CASE("a fade is dark at the moment of a change, and nowhere else") {
  link::AirItem item = song_with_pictures();
  CHECK(darkness_of_fade(item, eight_pm) == 0);  // none is wanted
  item.fade = true;
  CHECK(darkness_of_fade(item, eight_pm + 10'000) == doctest::Approx(1));
  CHECK(darkness_of_fade(item, eight_pm + 9'750) == doctest::Approx(0.5));
  CHECK(darkness_of_fade(item, eight_pm + 10'250) == doctest::Approx(0.5));
  CHECK(darkness_of_fade(item, eight_pm + 15'000) == 0);
  CHECK(darkness_of_fade(item, item.end_ms) == doctest::Approx(1));
}

TEST_CASE("a slow zoom stays inside its picture and moves softly") {
  for (const char* name : {"a", "b", "lake", "boat", "dog", "snow", "bread", "x1", "x2", "x3"}) {
    CAPTURE(name);
    PictureMove before = slow_move(name, 0);
    for (int i = 0; i <= 1000; ++i) {
      const PictureMove move = slow_move(name, i / 1000.0);
      CHECK(move.zoom >= 0);
      CHECK(move.zoom <= 0.25);
      const double over = (1 - std::exp2(-move.zoom)) / 2 + 1e-9;
      CHECK(std::abs(move.x) <= over);
      CHECK(std::abs(move.y) <= over);
      CHECK(std::abs(move.zoom - before.zoom) < 0.001);
      CHECK(std::abs(move.x - before.x) < 0.001);
      before = move;
    }
  }
  CHECK(there_and_back(0) == doctest::Approx(0));
  CHECK(there_and_back(20'000) == doctest::Approx(1));
  CHECK(there_and_back(40'000) == doctest::Approx(0));
}

TEST_CASE("music with pictures: the first is opened with it, the others come in time") {
  Sofa sofa;
  sofa.utc += 12'000;
  sofa.press(Key::digit_2);
  link::AirItem song = song_with_pictures();
  sofa.answer({song, film_at("b", song.end_ms, song.end_ms + minute)});
  REQUIRE(sofa.last<LoadMedia>());
  CHECK(sofa.last<LoadMedia>()->beside == "p1");
  sofa.set.show().media_tracks(sofa.run(), true);
  sofa.picture(4 * minute);
  CHECK(sofa.set.scene().empty());  // the picture has the screen to itself
  sofa.actions.clear();
  sofa.pass(7'000);
  CHECK(sofa.count<ShowBeside>() == 0);
  sofa.pass(2'000);
  REQUIRE(sofa.count<ShowBeside>() == 1);
  CHECK(sofa.last<ShowBeside>()->stream == "p2");
  sofa.pass(10'000);
  CHECK(sofa.last<ShowBeside>()->stream == "p0");
  CHECK(sofa.count<ShowBeside>() == 2);
  // Paused, nothing changes.
  sofa.press(Key::pause);
  sofa.pass(30'000);
  CHECK(sofa.count<ShowBeside>() == 2);
}

TEST_CASE("a picture beside music that does not open leaves the sound drawn as ever") {
  Sofa sofa;
  sofa.press(Key::digit_2);
  sofa.answer({song_with_pictures()});
  sofa.set.show().media_tracks(sofa.run(), false);
  sofa.picture(4 * minute);
  CHECK(sofa.set.scene().find("Film m") != std::string::npos);
  sofa.actions.clear();
  sofa.pass(15'000);
  CHECK(sofa.count<ShowBeside>() == 0);
}

TEST_CASE("the next song is opened with its picture") {
  Sofa sofa;
  link::AirItem song = song_with_pictures();
  song.start_ms += minute;
  song.end_ms += minute;
  sofa.press(Key::digit_2);
  sofa.answer({film_at("a", eight_pm, song.start_ms), song});
  sofa.picture();
  sofa.pass(50'000);
  REQUIRE(sofa.last<LoadNext>());
  CHECK(sofa.last<LoadNext>()->beside == "p0");
}

TEST_CASE("slow zooms: off at first, switched on in the menu, gone with the picture") {
  Sofa sofa;
  sofa.press(Key::digit_2);
  link::AirItem photo = film_at("p", eight_pm, eight_pm + 20'000);
  photo.kind = wire::Kind::image;
  sofa.answer({photo, film_at("b", photo.end_ms, photo.end_ms + minute)});
  sofa.picture(0);
  sofa.pass(5'000);
  CHECK(sofa.count<MovePicture>() == 0);
  sofa.press(Key::menu);
  for (int i = 0; i < 40 && sofa.set.top().find("Slow zoom on pictures") == std::string::npos; ++i)
    sofa.press(Key::down);
  // The row under the cursor is the bold one.
  const auto chosen = [&] {
    const std::string top = sofa.set.top();
    const auto at = top.find("Slow zoom on pictures");
    return at != std::string::npos && top.rfind("\\b600", at) > top.rfind('\n', at);
  };
  for (int i = 0; i < 40 && !chosen(); ++i) sofa.press(Key::down);
  REQUIRE(chosen());
  sofa.press(Key::ok);
  sofa.press(Key::menu);
  sofa.actions.clear();
  sofa.pass(5'000, 40);
  CHECK(sofa.count<MovePicture>() > 50);
  CHECK(sofa.last<MovePicture>()->move.zoom > 0);
  CHECK(sofa.set.patience_ms(sofa.now(), sofa.utc) <= 40);
  sofa.pass(12'000);
  sofa.picture();
  CHECK(sofa.last<MovePicture>()->move == PictureMove{});  // the film stands as it is
}

TEST_CASE("albums with a fade go through the dark") {
  Sofa sofa;
  sofa.press(Key::digit_2);
  link::AirItem photo = film_at("p", eight_pm - 5'000, eight_pm + 5'000);
  photo.kind = wire::Kind::image;
  photo.fade = true;
  sofa.answer({photo, film_at("b", photo.end_ms, photo.end_ms + minute)});
  sofa.picture(0);
  const std::string dark = "\\pos(-2.0,-2.0)";  // over the whole screen
  CHECK(sofa.set.top().find(dark) == std::string::npos);
  sofa.pass(4'750);
  CHECK(sofa.set.top().find(dark) != std::string::npos);
  CHECK(sofa.set.patience_ms(sofa.now(), sofa.utc) <= 40);
}

TEST_CASE("the logo stands where the channel says, out of the way of what is ours") {
  using link::Corner;
  const Canvas canvas{1920, 1080};
  CHECK(logo_place(canvas, Corner::top_left, 192, 100).x == 96);
  CHECK(logo_place(canvas, Corner::top_left, 192, 100).y == 54);
  CHECK(logo_place(canvas, Corner::bottom_right, 192, 100).x == 1920 - 96 - 192);
  CHECK(logo_place(canvas, Corner::bottom_right, 192, 100).y == 1080 - 54 - 100);
  for (const Corner corner : {Corner::top_left, Corner::bottom_left}) {
    CAPTURE(static_cast<int>(corner));
    Sofa sofa;
    sofa.press(Key::digit_2);
    link::Air air;
    air.channel = "two";
    air.request = sofa.last_event<link::Tune>()->request;
    link::AirItem film = film_at("a", eight_pm - minute, eight_pm + 30 * minute);
    film.watermark = true;
    air.items = {film};
    air.logo = {{1, 2, 3}, corner, 12, 60};
    sofa.order(air);
    sofa.picture();
    const bool bottom = corner == Corner::bottom_left;
    const auto shown = [&] { return sofa.last<ShowLogo>() && sofa.last<ShowLogo>()->logo; };
    CHECK(shown() == !bottom);  // the banner of the tuning lies there
    sofa.pass(10'000);
    CHECK(shown());
    CHECK(sofa.last<ShowLogo>()->logo->width_percent == 12);
    sofa.press(Key::guide);
    sofa.pass(0);
    CHECK_FALSE(shown());
  }
}
