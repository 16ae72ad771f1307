// Channels by a fake clock: what is shown when, what is opened ahead, what a person does to time.
#include <doctest/doctest.h>

#include "channel_fixture.h"

using namespace hearth;
using namespace hearth::test;
using link::Key;

TEST_CASE("the tuner: up, down, last, numbers") {
  Tuner tuner;
  CHECK_FALSE(tuner.step(1));
  CHECK_FALSE(tuner.digit(1, 0));
  tuner.take({{{"one", 1, "", 0}, {"two", 2, "", 0}, {"twelve", 12, "", 0}}});
  CHECK(tuner.step(1) == "one");  // none is watched: the first
  CHECK_FALSE(tuner.last());
  tuner.tuned("one");
  CHECK(tuner.step(1) == "two");
  CHECK(tuner.step(-1) == "twelve");
  tuner.tuned("twelve");
  CHECK(tuner.step(1) == "one");
  CHECK(tuner.last() == "one");
  tuner.tuned("one");
  CHECK(tuner.last() == "twelve");

  struct Row {
    std::vector<int> digits;
    std::int64_t waits;
    std::optional<std::string> channel;
  };
  const Row rows[] = {
      {{2}, 0, "two"},         // no other number begins so
      {{1}, 0, std::nullopt},  // 12 may follow
      {{1}, 1'799, std::nullopt},
      {{1}, 1'800, "one"},
      {{1, 2}, 0, "twelve"},
      {{9}, 0, std::nullopt},
      {{0}, 0, std::nullopt},
  };
  for (const Row& row : rows) {
    Tuner fresh;
    fresh.take(tuner.lineup());
    std::optional<std::string> got;
    for (const int digit : row.digits) {
      if (!got) got = fresh.digit(digit, 1000);
    }
    if (!got) got = fresh.tick(1000 + row.waits);
    CAPTURE(row.digits.size());
    CAPTURE(row.waits);
    CHECK(got == row.channel);
  }
  CHECK_FALSE(tuner.digit(9, 0));
  CHECK(tuner.unknown() == "9");
  CHECK(tuner.entry().empty());
  tuner.tick(2'000);
  CHECK(tuner.unknown().empty());
}

TEST_CASE("how long a change takes: the median of the last five") {
  struct Row {
    const char* what;
    std::vector<std::int64_t> took;
    std::int64_t ms;
  };
  const Row rows[] = {
      {"nothing is known: the guess", {}, 25},
      {"the first counts as much as the guess", {45}, 35},
      {"two are more than the guess", {60, 70}, 60},
      {"one slow change moves nothing", {25, 26, 24, 5'000, 25}, 25},
      {"nor do two", {25, 26, 24, 25, 25, 300, 300}, 25},
      {"a machine that is slow from now on is known after three", {25, 25, 25, 25, 90, 90, 90}, 90},
      {"bounded", {9'000, 9'000, 9'000, 9'000, 9'000}, ChangeTime::longest_ms},
      {"a clock that was set back", {-50, -50, -50, -50, -50}, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    ChangeTime time(25);
    for (const std::int64_t took : row.took) time.learn(took);
    CHECK(time.ms() == row.ms);
  }
}

TEST_CASE("tuning in at 20:17 to a film of 20:00 begins 17 minutes in") {
  Sofa sofa;
  sofa.utc += 17 * minute;
  sofa.press(Key::digit_2);
  REQUIRE(sofa.last_event<link::Tune>());
  CHECK(sofa.last_event<link::Tune>()->channel == "two");
  link::AirItem film = film_at("a", eight_pm, eight_pm + 90 * minute);
  film.in_point_ms = 5'000;
  sofa.answer({film});
  const auto* load = sofa.last<LoadMedia>();
  REQUIRE(load);
  CHECK(load->stream == "s-a");
  CHECK(load->hold);
  // A little further on: the picture takes a moment to come.
  CHECK(load->start_ms >= 17 * minute + 5'000);
  CHECK(load->start_ms <= 17 * minute + 5'000 + 400);
  sofa.picture(100 * minute);
  REQUIRE(sofa.last_event<link::Aired>());
  CHECK(sofa.last_event<link::Aired>()->item == "a");
  CHECK(sofa.set.state().channel == "two");
  CHECK(sofa.set.top().find("Film a") != std::string::npos);  // the banner
}

TEST_CASE("the next item is opened ahead and comes at its moment, time after time") {
  Sofa sofa;
  sofa.press(Key::digit_2);
  std::vector<link::AirItem> items;
  for (int i = 0; i < 8; ++i) {
    items.push_back(film_at(std::to_string(i), eight_pm + i * minute, eight_pm + (i + 1) * minute));
  }
  sofa.answer(items);
  sofa.picture(minute);
  sofa.actions.clear();
  for (int i = 1; i < 8; ++i) {
    CAPTURE(i);
    const std::int64_t due = eight_pm + i * minute;
    sofa.pass(due - 21'000 - sofa.utc);
    CHECK(sofa.count<LoadNext>() == 0);
    sofa.pass(2'000);
    REQUIRE(sofa.count<LoadNext>() == 1);
    CHECK(sofa.last<LoadNext>()->stream == "s-" + std::to_string(i));
    sofa.pass(due - 1'000 - sofa.utc);
    CHECK(sofa.count<PlayNext>() == 0);
    while (sofa.count<PlayNext>() == 0 && sofa.utc < due + 1'000) sofa.pass(1, 1);
    const std::int64_t early_ms = due - sofa.utc;
    CHECK(early_ms >= 0);
    CHECK(early_ms <= 100);
    sofa.pass(30, 1);  // this machine takes 30 ms from the order to the picture
    sofa.picture(minute);
    const auto* aired = sofa.last_event<link::Aired>();
    REQUIRE(aired);
    CHECK(aired->item == std::to_string(i));
    CHECK(std::abs(aired->drift_ms) < 40);
    if (i > 3) CHECK(std::abs(aired->drift_ms) <= 5);  // it has learnt how long it takes
    CHECK(sofa.count<Unload>() == 0);                  // nothing black between
    sofa.actions.clear();
  }
}

TEST_CASE("24 hours of short items: none begins more than 40 ms off the list") {
  Sofa sofa;
  sofa.press(Key::digit_2);
  const auto list = [](std::int64_t from) {
    std::vector<link::AirItem> items;
    const std::int64_t first = (from - eight_pm) / 90'000;
    for (std::int64_t i = first; i < first + 8; ++i) {
      items.push_back(
          film_at(std::to_string(i), eight_pm + i * 90'000, eight_pm + (i + 1) * 90'000));
    }
    return items;
  };
  sofa.answer(list(sofa.utc));
  sofa.picture(90'000);
  int begun = 0;
  std::int64_t worst = 0;
  while (sofa.utc < eight_pm + 24 * 60 * minute) {
    sofa.actions.clear();
    // The loop sleeps as long as it is told to, and no longer.
    const std::int64_t nap = std::max<std::int64_t>(1, sofa.set.patience_ms(sofa.now(), sofa.utc));
    sofa.pass(nap, nap);
    if (sofa.count<PlayNext>() == 0) continue;
    sofa.pass(20 + begun % 17, 1);
    sofa.picture(90'000);
    const auto* aired = sofa.last_event<link::Aired>();
    REQUIRE(aired);
    worst = std::max(worst, std::abs(aired->drift_ms));
    ++begun;
    sofa.say("two", list(sofa.utc));
  }
  CHECK(begun == 24 * 40);
  CHECK(worst < 40);
}

TEST_CASE("dead air and what cannot be shown: a card, and the next item in time") {
  Sofa sofa;
  sofa.press(Key::digit_2);
  link::AirItem missing = film_at("b", eight_pm + 10 * minute, eight_pm + 20 * minute);
  missing.stream.clear();
  missing.sentence = "It has not arrived yet.";
  const link::AirItem last = film_at("c", eight_pm + 30 * minute, eight_pm + 60 * minute);
  sofa.answer({film_at("a", eight_pm, eight_pm + 10 * minute), missing, last});
  sofa.picture();
  SUBCASE("a missing item") {
    sofa.pass(11 * minute, 250);
    CHECK(sofa.set.scene().find("It has not arrived yet.") != std::string::npos);
    CHECK(sofa.set.scene().find("Film b") != std::string::npos);
    CHECK(sofa.set.scene().find("20:30") != std::string::npos);
    REQUIRE(sofa.last_event<link::Aired>());
    CHECK(sofa.last_event<link::Aired>()->item == "b");
    CHECK(sofa.last_event<link::Aired>()->sentence == "It has not arrived yet.");
    CHECK(sofa.last<Unload>());
  }
  SUBCASE("then nothing, then the next one") {
    sofa.pass(25 * minute, 250);
    CHECK(sofa.set.scene().find("Nothing is on right now") != std::string::npos);
    sofa.actions.clear();
    sofa.pass(4 * minute + 59'000, 250);
    CHECK(sofa.count<LoadMedia>() == 0);
    sofa.pass(1'000, 1);
    REQUIRE(sofa.last<LoadMedia>());
    CHECK(sofa.last<LoadMedia>()->stream == "s-c");
    CHECK(sofa.last<LoadMedia>()->start_ms == 0);
  }
  SUBCASE("a file that breaks while it is shown") {
    sofa.set.show().failed(sofa.run(), "The file is broken.");
    sofa.pass(10);
    CHECK(sofa.last_event<link::Aired>()->sentence == "The file is broken.");
    CHECK(sofa.set.scene().find("The file is broken.") != std::string::npos);
    CHECK(sofa.set.watching().on());
    sofa.actions.clear();
    sofa.pass(9 * minute, 250);
    CHECK(sofa.count<LoadMedia>() == 0);  // not tried again
  }
}

TEST_CASE("an empty channel says why, and asks again now and then") {
  Sofa sofa;
  sofa.press(Key::digit_2);
  sofa.answer({});
  sofa.pass(1'000);
  CHECK(sofa.set.scene().find("Nothing is on right now") != std::string::npos);
  sofa.actions.clear();
  sofa.pass(20'000, 50);
  CHECK(sofa.last_event<link::Tune>());
  sofa.answer({film_at("a", sofa.utc, sofa.utc + minute)});
  REQUIRE(sofa.last<LoadMedia>());
}

TEST_CASE("pause, and back to live") {
  Sofa sofa;
  sofa.watch_films();
  sofa.press(Key::pause);
  REQUIRE(sofa.last<SetPause>());
  CHECK(sofa.last<SetPause>()->paused);
  sofa.actions.clear();
  sofa.pass(5 * minute, 250);
  CHECK(sofa.count<LoadMedia>() + sofa.count<PlayNext>() == 0);
  CHECK(sofa.set.top().find("Paused") != std::string::npos);
  sofa.press(Key::pause);
  CHECK_FALSE(sofa.last<SetPause>()->paused);
  REQUIRE(sofa.last_event<link::Aired>());
  CHECK(sofa.last_event<link::Aired>()->lag_ms == 5 * minute);
  CHECK(sofa.set.top().find("5 min behind") != std::string::npos);
  // The next film comes five minutes late as well.
  sofa.actions.clear();
  sofa.pass(19 * minute, 250);
  CHECK(sofa.count<PlayNext>() == 0);
  sofa.pass(minute, 5);
  CHECK(sofa.count<PlayNext>() == 1);
  sofa.picture();
  sofa.press(Key::live);
  sofa.pass(5);
  REQUIRE(sofa.last_event<link::Tune>());
  sofa.answer({film_at("b", eight_pm + 20 * minute, eight_pm + 50 * minute)});
  CHECK(sofa.set.watching().live(sofa.utc));
}

TEST_CASE("winding: back where it is allowed, never into what has not been on") {
  Sofa sofa;
  sofa.watch_films();
  const std::int64_t before = sofa.set.show().state().position_ms;
  SUBCASE("back ten seconds, then forward again, but no further than live") {
    sofa.press(Key::left);
    REQUIRE(sofa.last<SeekTo>());
    CHECK(std::abs(sofa.last<SeekTo>()->position_ms - (before - 10'000)) < 500);
    CHECK(sofa.set.watching().lag_ms(sofa.utc) == 10'000);
    sofa.press(Key::right);
    CHECK(sofa.set.watching().live(sofa.utc));
    sofa.actions.clear();
    sofa.press(Key::right);
    CHECK(sofa.count<SeekTo>() == 0);
    sofa.pass(450, 50);
    CHECK(sofa.set.top().find("What comes next") != std::string::npos);
  }
  SUBCASE("to the start of the film") {
    sofa.press(Key::start);
    REQUIRE(sofa.last<SeekTo>());
    CHECK(sofa.last<SeekTo>()->position_ms == 0);
    CHECK(sofa.set.watching().lag_ms(sofa.utc) == 10 * minute);
  }
  SUBCASE("before the start of the film the node is asked") {
    sofa.press(Key::start);
    sofa.actions.clear();
    sofa.press(Key::left);
    REQUIRE(sofa.last_event<link::Watch>());
    CHECK(sofa.last_event<link::Watch>()->at_ms == eight_pm - 10 * minute - 10'000);
  }
  SUBCASE("not where it is not allowed") {
    link::AirItem film = film_at("z", eight_pm, eight_pm + 60 * minute);
    film.catch_up = false;
    sofa.press(Key::up);
    sofa.answer({film});
    sofa.picture();
    sofa.actions.clear();
    sofa.press(Key::left);
    CHECK(sofa.count<SeekTo>() == 0);
    sofa.pass(450, 50);
    CHECK(sofa.set.top().find("This programme cannot") != std::string::npos);
  }
}

TEST_CASE("an answer to an earlier wish changes nothing") {
  Sofa sofa;
  sofa.press(Key::digit_2);
  const link::Tune first = *sofa.last_event<link::Tune>();
  sofa.press(Key::up);
  link::Air late;
  late.channel = first.channel;
  late.request = first.request;
  late.items = {film_at("a", eight_pm, eight_pm + minute)};
  sofa.order(late);
  CHECK(sofa.count<LoadMedia>() == 0);
  CHECK(sofa.set.watching().channel() == "twelve");
}

TEST_CASE("a node that comes back is told what is on; a new player goes where the node says") {
  Sofa sofa;
  sofa.watch_films();
  sofa.actions.clear();
  sofa.set.connected(false);
  sofa.set.connected(true);
  sofa.collect();
  REQUIRE(sofa.last_event<link::Aired>());
  CHECK(sofa.last_event<link::Aired>()->channel == "two");

  Sofa fresh;
  link::Air air;
  air.channel = "two";
  air.lag_ms = 3 * minute;
  air.items = {film_at("a", eight_pm - 10 * minute, eight_pm + 20 * minute)};
  fresh.order(air);
  REQUIRE(fresh.last<LoadMedia>());
  CHECK(std::abs(fresh.last<LoadMedia>()->start_ms - 7 * minute) < 500);
}

TEST_CASE("music, pictures and pages follow each other") {
  Sofa sofa;
  sofa.press(Key::digit_2);
  link::AirItem photo = film_at("p", eight_pm, eight_pm + minute);
  photo.kind = wire::Kind::image;
  link::AirItem page = film_at("t", eight_pm + minute, eight_pm + 2 * minute);
  page.kind = wire::Kind::data;
  page.media_type = "text/plain";
  link::AirItem song = film_at("m", eight_pm + 2 * minute, eight_pm + 3 * minute);
  song.kind = wire::Kind::audio;
  sofa.answer({photo, page, song});
  CHECK(sofa.last<LoadMedia>()->kind == wire::Kind::image);
  sofa.picture(0);
  sofa.pass(minute);
  REQUIRE(sofa.last<FetchDocument>());
  CHECK(sofa.last<FetchDocument>()->stream == "s-t");
  sofa.set.show().text_arrived(sofa.last<FetchDocument>()->run, DocumentForm::text, "Words\n",
                               sofa.now());
  sofa.pass(100);
  CHECK(sofa.set.scene().find("Words") != std::string::npos);
  CHECK(sofa.last_event<link::Aired>()->item == "t");
  sofa.pass(minute);
  REQUIRE(sofa.last<LoadMedia>());
  CHECK(sofa.last<LoadMedia>()->kind == wire::Kind::audio);
}

TEST_CASE("a document on a channel turns its pages by the list, until a person does") {
  Sofa sofa;
  sofa.utc += 35'000;
  sofa.press(Key::digit_2);
  link::AirItem page = film_at("t", eight_pm, eight_pm + minute);
  page.kind = wire::Kind::data;
  page.media_type = "text/plain";
  sofa.answer({page, film_at("b", page.end_ms, page.end_ms + minute)});
  REQUIRE(sofa.last<FetchDocument>());
  std::string words;
  for (int i = 0; i < 50; ++i) words += "Line " + std::to_string(i) + "\n";
  sofa.set.show().text_arrived(sofa.last<FetchDocument>()->run, DocumentForm::text, words,
                               sofa.now());
  sofa.pass(20);
  REQUIRE(sofa.set.state().pages == 4);
  CHECK(sofa.set.state().page == 3);  // 15 seconds each: tuned in to the third
  sofa.pass(11'000);
  CHECK(sofa.set.state().page == 4);
  sofa.press(Key::page_back);
  sofa.pass(5'000);
  CHECK(sofa.set.state().page == 3);
}
