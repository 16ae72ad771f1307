// The whole TV as people use it: titles (Show), channels (Tuner, Watching), the guide and menus
// over them, and what each key does where. Nothing is a dead end: every overlay says its keys, and
// Back leads one step out, from everywhere. Pure: local time comes in as a function. docs/tv.md.
//
//   home ◀─▶ menu ◀─ a title, a channel ─▶ guide, information, tracks, PIN, gifts
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/core/channel_scenes.h"
#include "player/core/guide_grid.h"
#include "player/core/tuner.h"
#include "player/core/watching.h"

namespace hearth::player {

class TvSet {
 public:
  using LocalTime = std::function<WallTime(std::int64_t utc_ms)>;
  explicit TvSet(LocalTime local) : local_(std::move(local)) {}

  // In. What titles and pages report goes to show().
  Show& show() { return show_; }
  void order(const link::Order& order, std::int64_t now_ms, std::int64_t utc_ms);
  void key(link::Key key, std::int64_t now_ms, std::int64_t utc_ms);
  void connected(bool yes);
  void tracks(std::vector<Track> tracks) { tracks_ = std::move(tracks); }
  void tick(std::int64_t now_ms, std::int64_t utc_ms);

  // Out.
  std::vector<Action> take_actions();
  std::string scene() const;
  std::string top() const;
  link::State state() const;
  const std::string& name_on() const { return show_.name(); }
  int volume() const { return muted_ ? 0 : volume_; }
  void volume(int percent, std::int64_t now_ms);
  const Watching& watching() const { return watching_; }
  /// How long the shell may sleep.
  std::int64_t patience_ms(std::int64_t now_ms, std::int64_t utc_ms) const;

 private:
  enum class Overlay { menu, guide, guide_choice, info, audio, subtitles, gifts };
  /// What a row of a list does.
  enum class Does {
    watch,
    guide,
    info,
    start,
    live,
    audio,
    subtitles,
    gifts,
    clock,
    slow_zoom,
    leave,
    guide_live,
    guide_start,
    track
  };
  struct Choice {
    Does does;
    ChoicesView::Row row;
    int track = 0;
  };

  // tv_set.cpp
  void tune(const std::optional<std::string>& channel, std::int64_t from_ms = 0);
  void take(const link::AskPin& pin);
  void set_volume(int percent, bool mute);
  void show_banner() { banner_ms_ = show_.now_ms(); }
  bool banner_up() const;
  bool title_on() const;
  std::optional<Overlay> overlay() const;
  void open(Overlay overlay);
  void close_overlays() { overlays_.clear(); }
  void back();
  void step_back_from_pin();
  // tv_set_keys.cpp
  bool common_key(link::Key key);
  void watching_key(link::Key key);
  void home_key(link::Key key);
  void overlay_key(link::Key key);
  void guide_key(link::Key key);
  void guide_ok();
  void list_key(link::Key key);
  void gifts_key(link::Key key);
  void pin_key(link::Key key);
  void pin_press(int place);
  // tv_set_lists.cpp
  std::vector<Choice> choices() const;
  std::vector<Choice> menu() const;
  std::vector<Choice> track_choices(TrackKind kind) const;
  std::string track_in_words(TrackKind kind) const;
  void choose(const Choice& choice);
  void choose_track(TrackKind kind, int id);
  void next_track(TrackKind kind);
  // tv_set_pictures.cpp
  void show_logo();
  bool stands_in_corner(link::Corner corner) const;
  const link::AirItem* still_on_air() const;
  void move_picture();
  double darkness(std::int64_t ahead_ms = 0) const;
  bool pictures_move() const;
  // tv_set_drawing.cpp
  ChannelView channel_view(const std::string& channel) const;
  std::string span_in_words(std::int64_t start_ms, std::int64_t end_ms) const;
  std::string when_in_words() const;
  NowNextView now_next() const;
  ChannelCardView card() const;
  InfoView info() const;
  GuideView guide_view() const;
  std::string overlay_scene() const;
  double fade(std::int64_t since_ms, std::int64_t length_ms) const;

  LocalTime local_;
  Show show_;
  Tuner tuner_;
  Watching watching_{show_};
  GuideGrid guide_;
  std::vector<Overlay> overlays_;
  int cursor_ = 0;  ///< of the list on top
  std::vector<Track> tracks_;
  link::AskPin pin_;  ///< with an empty id: none is asked
  std::string pin_digits_;
  int pin_cursor_ = 4;
  int volume_ = 100;
  bool muted_ = false, clock_always_ = false, moves_pictures_ = false;
  PictureMove moved_;  ///< what mpv was told last
  std::int64_t utc_ms_ = 0;
  std::int64_t banner_ms_ = -1'000'000, volume_ms_ = -1'000'000;
  std::shared_ptr<const link::Logo> logo_;  ///< of the channel that is watched
  bool logo_shown_ = false;
  std::string on_air_item_;  ///< a banner tells when it changes
  std::vector<Action> actions_;
};

}  // namespace hearth::player
