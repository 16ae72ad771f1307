// The whole TV in a person's hands: menus, guide, PIN, gifts, volume; nothing is a dead end.
#include <map>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "channel_fixture.h"
#include "player/core/keyboard.h"

using namespace hearth;
using namespace hearth::test;
using link::Key;

namespace {

bool says(const Sofa& sofa, const std::string& words) {
  return sofa.set.top().find(words) != std::string::npos ||
         sofa.set.scene().find(words) != std::string::npos;
}

/// The node's part for the guide: half-hour programmes on every channel, all of the past to be had.
void answer_guide(Sofa& sofa) {
  const auto* wanted = sofa.last_event<link::GuideWanted>();
  REQUIRE(wanted);
  link::GuideWindow window{wanted->request, wanted->from_ms, wanted->to_ms, {}};
  const char* const channels[] = {"one", "two", "twelve"};
  for (int row = wanted->first_row; row < std::min(3, wanted->first_row + wanted->rows); ++row) {
    link::GuideRow one{channels[row], {}};
    const std::int64_t first = wanted->from_ms / (30 * minute);
    for (std::int64_t i = first; i * 30 * minute < wanted->to_ms; ++i) {
      one.programmes.push_back({std::to_string(i),
                                "P" + std::to_string(i - eight_pm / (30 * minute)), i * 30 * minute,
                                (i + 1) * 30 * minute, true});
    }
    window.rows.push_back(std::move(one));
  }
  sofa.actions.clear();
  sofa.order(window);
}

link::Prompt gift() {
  return {"gift", "A gift from Anna", "The lake", "Film", "For you", "It fetches 1 GB.", {}};
}

}  // namespace

TEST_CASE("the keyboard: every key of the TV can be typed, and no name is bound twice") {
  std::set<std::string> names;
  std::set<Key> keys;
  for (const auto& [name, key] : keyboard()) {
    CHECK(names.insert(name).second);
    keys.insert(key);
  }
  CHECK(keys.size() == link::key_count);
}

TEST_CASE("home: the keys are said, and lead to the channels") {
  Sofa sofa;
  CHECK(says(sofa, "watch television"));
  sofa.press(Key::up);
  REQUIRE(sofa.last_event<link::Tune>());
  CHECK(sofa.last_event<link::Tune>()->channel == "one");
  sofa.answer({film_at("a", sofa.utc, sofa.utc + minute)});
  sofa.press(Key::stop);
  CHECK(sofa.last_event<link::TunedOut>());
  CHECK(sofa.set.state().state == link::PlayState::idle);
  CHECK(sofa.set.state().channel.empty());
}

TEST_CASE("a number that is typed is shown, waits for more, and can be unknown") {
  Sofa sofa;
  sofa.press(Key::digit_1);
  CHECK(sofa.set.top().find("}1\n") != std::string::npos);
  CHECK_FALSE(sofa.last_event<link::Tune>());
  sofa.pass(1'800);
  REQUIRE(sofa.last_event<link::Tune>());
  CHECK(sofa.last_event<link::Tune>()->channel == "one");
  sofa.press(Key::digit_7);
  CHECK(says(sofa, "No such channel"));
  sofa.pass(2'100);
  CHECK_FALSE(says(sofa, "No such channel"));
}

TEST_CASE("OK: now and next, then all about it; Back takes it away, then the menu") {
  Sofa sofa;
  sofa.watch_films();
  CHECK(says(sofa, "Film b"));  // next, on the banner
  sofa.pass(8'000, 50);
  CHECK(sofa.set.top().empty());
  sofa.press(Key::ok);
  CHECK(says(sofa, "Film a"));
  sofa.press(Key::back);
  CHECK(sofa.set.top().empty());
  sofa.press(Key::ok);
  sofa.press(Key::ok);
  CHECK(says(sofa, "Later"));
  sofa.press(Key::back);
  CHECK(sofa.set.top().empty());
  sofa.press(Key::back);
  CHECK(says(sofa, "Go on watching"));
  sofa.press(Key::back);
  CHECK(sofa.set.top().empty());
}

TEST_CASE("the menu offers what is possible, and does it") {
  Sofa sofa;
  sofa.watch_films();
  sofa.press(Key::menu);
  CHECK(says(sofa, "From the start"));
  CHECK_FALSE(says(sofa, "Back to live"));
  CHECK_FALSE(says(sofa, "Gifts"));
  sofa.actions.clear();
  sofa.press(Key::down);
  sofa.press(Key::ok);
  REQUIRE(sofa.last<SeekTo>());
  CHECK(sofa.last<SeekTo>()->position_ms == 0);
  sofa.press(Key::menu);
  CHECK(says(sofa, "Back to live"));
  sofa.press(Key::up);  // goes round to the last: home screen
  sofa.press(Key::ok);
  CHECK(sofa.last_event<link::TunedOut>());
  CHECK(sofa.set.state().state == link::PlayState::idle);
}

TEST_CASE("volume goes in steps, mute keeps it, the bar goes away") {
  Sofa sofa;
  sofa.press(Key::volume_down);
  REQUIRE(sofa.last<SetVolume>());
  CHECK(sofa.last<SetVolume>()->percent == 95);
  sofa.press(Key::mute);
  CHECK(sofa.last<SetVolume>()->muted);
  CHECK(sofa.last<SetVolume>()->percent == 95);
  CHECK(says(sofa, "Sound is off"));
  sofa.press(Key::volume_up);
  CHECK_FALSE(sofa.last<SetVolume>()->muted);
  CHECK(sofa.last<SetVolume>()->percent == 100);
  sofa.press(Key::volume_up);
  CHECK(sofa.last<SetVolume>()->percent == 100);
  sofa.pass(3'000, 50);
  CHECK(sofa.set.top().empty());
}

TEST_CASE("sound tracks and subtitles: by key, and by list") {
  Sofa sofa;
  sofa.watch_films();
  sofa.set.tracks({{TrackKind::audio, 1, "German", true},
                   {TrackKind::audio, 2, "English", false},
                   {TrackKind::subtitles, 1, "German", false}});
  sofa.press(Key::audio);
  REQUIRE(sofa.last<ChooseTrack>());
  CHECK(sofa.last<ChooseTrack>()->kind == TrackKind::audio);
  CHECK(sofa.last<ChooseTrack>()->id == 2);
  sofa.press(Key::subtitles);
  CHECK(sofa.last<ChooseTrack>()->kind == TrackKind::subtitles);
  CHECK(sofa.last<ChooseTrack>()->id == 1);
  sofa.press(Key::subtitles);
  CHECK(sofa.last<ChooseTrack>()->id == 0);
  sofa.press(Key::menu);
  CHECK(says(sofa, "English"));  // the one that is heard
  for (int i = 0; i < 4; ++i) sofa.press(Key::down);
  sofa.press(Key::ok);
  CHECK(says(sofa, "Sound track"));
  sofa.press(Key::ok);
  CHECK(sofa.last<ChooseTrack>()->kind == TrackKind::audio);
  CHECK(sofa.last<ChooseTrack>()->id == 1);
}

TEST_CASE("the guide: anchor, windows asked ahead, watching from it") {
  Sofa sofa;
  sofa.watch_films();
  sofa.actions.clear();
  sofa.press(Key::guide);
  sofa.pass(5);
  answer_guide(sofa);
  CHECK(says(sofa, "Second"));
  CHECK(says(sofa, "P0"));
  SUBCASE("what is on: live or from the start") {
    sofa.press(Key::ok);
    CHECK(says(sofa, "Watch from the start"));
    sofa.press(Key::back);
    CHECK(says(sofa, "Guide"));
    sofa.press(Key::ok);
    sofa.press(Key::down);
    sofa.press(Key::ok);
    sofa.pass(5);
    REQUIRE(sofa.last_event<link::Watch>());
    CHECK(sofa.last_event<link::Watch>()->channel == "two");
    CHECK(sofa.last_event<link::Watch>()->at_ms == eight_pm);
  }
  SUBCASE("catch-up of what is over; what comes is only told") {
    sofa.press(Key::left);
    sofa.press(Key::ok);
    CHECK_FALSE(says(sofa, "Watch now"));
    sofa.press(Key::ok);
    sofa.pass(5);
    REQUIRE(sofa.last_event<link::Watch>());
    CHECK(sofa.last_event<link::Watch>()->at_ms == eight_pm - 30 * minute);
  }
  SUBCASE("what comes is only told") {
    sofa.press(Key::right);
    sofa.press(Key::ok);
    sofa.pass(450, 50);
    CHECK(says(sofa, "It begins at 20:30."));
    CHECK_FALSE(sofa.last_event<link::Watch>());
  }
  SUBCASE("far to the right the next window is asked for") {
    for (int i = 0; i < 12; ++i) sofa.press(Key::right);
    sofa.pass(5);
    REQUIRE(sofa.last_event<link::GuideWanted>());
    CHECK(sofa.last_event<link::GuideWanted>()->from_ms > eight_pm);
    answer_guide(sofa);
    CHECK(says(sofa, "P12"));
  }
  SUBCASE("closed by Back, and by Guide") {
    sofa.press(Key::back);
    CHECK_FALSE(says(sofa, "2 hours"));
    sofa.press(Key::guide);
    sofa.press(Key::guide);
    CHECK_FALSE(says(sofa, "2 hours"));
  }
}

TEST_CASE("the guide's cursor keeps its time when it goes up and down") {
  GuideGrid grid;
  link::Lineup lineup;
  for (int i = 1; i <= 30; ++i) lineup.channels.push_back({"c" + std::to_string(i), i, "", 0});
  grid.lineup(lineup);
  grid.open(14, eight_pm + 10 * minute, eight_pm + 10 * minute);
  const auto wanted = grid.want(0);
  REQUIRE(wanted);
  CHECK(wanted->first_row <= grid.first_row());
  CHECK(wanted->first_row + wanted->rows >= grid.first_row() + GuideGrid::visible_rows);
  CHECK_FALSE(grid.want(100));  // once
  CHECK(grid.want(3'100));      // no answer came
  link::GuideWindow window{grid.want(7'000)->request, wanted->from_ms, wanted->to_ms, {}};
  for (int row = wanted->first_row; row < wanted->first_row + wanted->rows; ++row) {
    // Programmes of another length on every channel.
    link::GuideRow one{"c" + std::to_string(row + 1), {}};
    const std::int64_t length = (10 + row) * minute;
    for (std::int64_t at = wanted->from_ms; at < wanted->to_ms; at += length) {
      one.programmes.push_back({std::to_string(at), "x", at, at + length, false});
    }
    window.rows.push_back(std::move(one));
  }
  grid.take(window);
  CHECK_FALSE(grid.want(20'000));
  const std::int64_t anchor = grid.anchor_ms();
  for (int i = 0; i < 5; ++i) {
    grid.down();
    CHECK(grid.anchor_ms() == anchor);
    if (const auto on = grid.selected()) {
      CHECK(on->start_ms <= anchor);
      CHECK(on->end_ms > anchor);
    }
  }
  for (int i = 0; i < 40; ++i) grid.up();
  CHECK(grid.row() == 0);
  CHECK(grid.first_row() == 0);
  for (int i = 0; i < 40; ++i) grid.page(1);
  CHECK(grid.row() == 29);
  CHECK(grid.first_row() == 30 - GuideGrid::visible_rows);
  for (int i = 0; i < 2000; ++i) grid.left();
  CHECK(grid.anchor_ms() >= eight_pm + 10 * minute - GuideGrid::back_ms);
  CHECK(grid.from_ms() <= grid.anchor_ms());
  CHECK(grid.anchor_ms() < grid.to_ms());
}

TEST_CASE("the PIN pad: digits and cursor, a wrong one, and the way out") {
  Sofa sofa;
  sofa.watch_films();
  sofa.press(Key::up);
  sofa.order(link::AskPin{"p1", "A film from 16", "Enter the PIN.", ""});
  CHECK(says(sofa, "A film from 16"));
  for (const Key key : {Key::digit_0, Key::digit_4, Key::digit_2}) sofa.press(key);
  sofa.press(Key::back);  // takes the last digit back
  sofa.press(Key::digit_3);
  sofa.press(Key::digit_7);
  sofa.press(Key::ok);  // four digits: the cursor stands on OK
  REQUIRE(sofa.last_event<link::PinEntered>());
  CHECK(sofa.last_event<link::PinEntered>()->pin == "p1");
  CHECK(sofa.last_event<link::PinEntered>()->digits == "0437");
  sofa.order(link::AskPin{"p1", "A film from 16", "Enter the PIN.", "This is not the PIN."});
  CHECK(says(sofa, "This is not the PIN."));
  SUBCASE("the right one") {
    sofa.order(link::AskPin{});
    CHECK_FALSE(says(sofa, "A film from 16"));
  }
  SUBCASE("back: to what was on before") {
    sofa.actions.clear();
    sofa.press(Key::back);
    CHECK_FALSE(says(sofa, "A film from 16"));
    REQUIRE(sofa.last_event<link::Tune>());
    CHECK(sofa.last_event<link::Tune>()->channel == "two");
  }
}

TEST_CASE("gifts are reachable from the menu, whatever plays") {
  Sofa sofa;
  sofa.order(link::HomeScreen{"Home", 2});
  sofa.watch_films();
  sofa.press(Key::menu);
  CHECK(says(sofa, "2 waiting"));
  for (int i = 0; i < 6; ++i) sofa.press(Key::down);
  sofa.press(Key::ok);
  CHECK(sofa.last_event<link::GiftsWanted>());
  sofa.order(gift());
  CHECK(says(sofa, "The lake"));
  sofa.actions.clear();
  sofa.press(Key::ok);
  REQUIRE(sofa.last_event<link::Answered>());
  CHECK(sofa.last_event<link::Answered>()->choice == link::Choice::accept);
  CHECK(sofa.count<Unload>() == 0);  // the film goes on
  sofa.press(Key::back);
  CHECK(says(sofa, "Menu"));
}

TEST_CASE("nothing is a dead end: from everywhere Back leads home to the picture") {
  std::mt19937 random(20261127);
  for (int round = 0; round < 60; ++round) {
    CAPTURE(round);
    Sofa sofa;
    if (round % 2 == 0) sofa.watch_films();
    if (round % 3 == 0) sofa.order(link::HomeScreen{"Home", 1});
    for (int i = 0; i < 80; ++i) {
      const Key key = static_cast<Key>(random() % link::key_count);
      CAPTURE(link::key_name(key));
      sofa.press(key);
      if (random() % 10 == 0) sofa.order(link::AskPin{"p", "PIN", "", ""});
      if (random() % 10 == 0) sofa.pass(200, 50);
      // Whatever is seen says its keys, unless it is a plain picture.
      const std::string seen = sofa.set.scene() + sofa.set.top();
      const bool plain = seen.empty();
      if (!plain) CHECK(seen.find("\\p1") != std::string::npos);
    }
    int presses = 0;
    const auto at_rest = [&] {
      return !says(sofa, "choose") && !says(sofa, "2 hours") && !says(sofa, "digits") &&
             !says(sofa, "Later");
    };
    while (!at_rest() && presses < 40) {
      sofa.press(Key::back);
      ++presses;
    }
    CHECK(at_rest());
  }
}

TEST_CASE("what the node orders takes the screen from a channel") {
  Sofa sofa;
  sofa.watch_films();
  sofa.press(Key::menu);
  sofa.order(link::Play{"t", "A title", wire::Kind::video, "video/mp4", 1, 0, "", ""});
  CHECK(sofa.last_event<link::TunedOut>());
  CHECK(sofa.set.state().channel.empty());
  CHECK(sofa.set.state().stream == "t");
  CHECK_FALSE(says(sofa, "Go on watching"));
  // A channel that is gone from the lineup is left.
  Sofa other;
  other.watch_films();
  other.order(link::Lineup{{{"one", 1, "First", 0}}});
  CHECK_FALSE(other.set.watching().on());
}

TEST_CASE("a key pressed elsewhere is a key") {
  Sofa sofa;
  sofa.order(link::Press{Key::digit_2});
  REQUIRE(sofa.last_event<link::Tune>());
  CHECK(sofa.last_event<link::Tune>()->channel == "two");
}
