// A TV with a fake clock and a node that a test plays: three channels, half-hour films.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "player/core/tv_set.h"

namespace hearth::test {

using namespace hearth::player;

inline constexpr std::int64_t minute = 60'000, eight_pm = 1'764'000'000'000;

inline link::AirItem film_at(const std::string& id, std::int64_t start_ms, std::int64_t end_ms) {
  link::AirItem item;
  item.item = id;
  item.stream = "s-" + id;
  item.name = "Film " + id;
  item.kind = wire::Kind::video;
  item.media_type = "video/mp4";
  item.start_ms = start_ms;
  item.end_ms = end_ms;
  item.catch_up = true;
  return item;
}

/// Minutes after eight, as text.
inline WallTime local_of(std::int64_t utc_ms) {
  const std::int64_t minutes = 20 * 60 + (utc_ms - eight_pm) / minute;
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return {two(minutes / 60 % 24) + ":" + two(minutes % 60), "Monday, 24 November", utc_ms};
}

struct Sofa {
  TvSet set{local_of};
  std::int64_t utc = eight_pm;
  std::vector<Action> actions;

  Sofa() {
    set.connected(true);
    order(link::Lineup{{{"one", 1, "First", 0xFF9A4D},
                        {"two", 2, "Second", 0x5CC8A1},
                        {"twelve", 12, "Twelfth", 0}}});
    pass(0);
    actions.clear();
  }
  std::int64_t now() const { return utc - eight_pm + 1'000'000; }
  void collect() {
    for (Action& one : set.take_actions()) {
      if (const auto* load = std::get_if<LoadMedia>(&one)) run_ = load->run;
      if (const auto* next = std::get_if<LoadNext>(&one)) next_run_ = next->run;
      if (std::holds_alternative<PlayNext>(one)) run_ = next_run_;
      actions.push_back(std::move(one));
    }
  }
  void order(const link::Order& order) {
    set.order(order, now(), utc);
    collect();
  }
  void press(link::Key key) {
    set.key(key, now(), utc);
    collect();
  }
  /// Time passes in small steps, as the loop's does.
  void pass(std::int64_t ms, std::int64_t step = 5) {
    const std::int64_t until = utc + ms;
    do {
      utc = std::min(utc + step, until);
      set.tick(now(), utc);
      collect();
    } while (utc < until);
  }
  template <class T>
  const T* last() const {
    for (auto at = actions.rbegin(); at != actions.rend(); ++at) {
      if (const T* one = std::get_if<T>(&*at)) return one;
    }
    return nullptr;
  }
  template <class T>
  const T* last_event() const {
    for (auto at = actions.rbegin(); at != actions.rend(); ++at) {
      const auto* event = std::get_if<link::Event>(&*at);
      if (event == nullptr) continue;
      if (const T* one = std::get_if<T>(event)) return one;
    }
    return nullptr;
  }
  template <class T>
  int count() const {
    return static_cast<int>(std::count_if(actions.begin(), actions.end(), [](const Action& one) {
      return std::holds_alternative<T>(one);
    }));
  }
  /// The node answers what was asked last.
  void answer(std::vector<link::AirItem> items) {
    link::Air air;
    std::int64_t at = 0;
    for (const Action& one : actions) {
      const auto* event = std::get_if<link::Event>(&one);
      if (event == nullptr) continue;
      if (const auto* tune = std::get_if<link::Tune>(event)) {
        air.channel = tune->channel;
        air.request = tune->request;
        at = utc;
      } else if (const auto* watch = std::get_if<link::Watch>(event)) {
        air.channel = watch->channel;
        air.request = watch->request;
        at = watch->at_ms;
      }
    }
    air.lag_ms = utc - at;
    air.items = std::move(items);
    actions.clear();
    order(air);
  }
  /// The list goes on without being asked.
  void say(const std::string& channel, std::vector<link::AirItem> items) {
    link::Air air;
    air.channel = channel;
    air.items = std::move(items);
    order(air);
  }
  /// mpv shows the first picture of what was loaded or switched to last.
  void picture(std::int64_t duration_ms = 30 * minute) {
    set.show().media_playing(run(), now());
    set.show().media_progress(run(), set.show().state().position_ms, duration_ms);
    pass(0);
  }
  /// Of what mpv was told to show last.
  int run() const { return run_; }
  /// Tuned to a channel on which two films follow each other, the first one being shown.
  void watch_films(std::int64_t begun_ms_ago = 10 * minute) {
    press(link::Key::digit_2);
    answer({film_at("a", utc - begun_ms_ago, utc + 20 * minute),
            film_at("b", utc + 20 * minute, utc + 50 * minute)});
    picture();
  }

 private:
  int run_ = 0, next_run_ = 0;
};

}  // namespace hearth::test
