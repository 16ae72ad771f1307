// The player's mind: what is shown, what is asked of mpv, what the node is told. A pure state
// machine: orders, mpv's happenings and the time come in; actions and two layers of drawing go
// out. It knows no mpv, no sockets and no clock. docs/protocol.md §11.
//
//   idle -> opening -> playing <-> paused, buffering -> ended -> (idle picture)
//                  \-> failed, with a sentence, until the next order
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/link/keys.h"
#include "player/core/actions.h"
#include "player/core/document.h"
#include "player/core/table.h"

namespace hearth::player {

/// Local time, as the shell reads it off the clock.
struct WallTime {
  std::string time, date;
  std::int64_t utc_ms = 0;
};

class Show {
 public:
  // In.
  void order(const link::Order& order, std::int64_t now_ms);
  void key(link::Key key, std::int64_t now_ms);
  void connected(bool yes);
  void window(const Canvas& canvas, const PictureMargins& picture);
  /// A video title without pictures is shown as music.
  void media_tracks(int run, bool has_picture);
  void media_playing(int run, std::int64_t now_ms);  ///< a first picture or sound is out
  void media_progress(int run, std::int64_t position_ms, std::int64_t duration_ms);
  void media_stalled(bool yes);
  void media_paused(bool yes);
  void media_ended(int run);
  void failed(int run, const std::string& sentence);
  void text_arrived(int run, DocumentForm form, std::string text, std::int64_t now_ms);
  void pdf_arrived(int run, int pages, std::int64_t now_ms);
  void pdf_page_ready(int run, int page);
  void not_showable(int run, const std::string& reason);  ///< the card instead
  void tick(std::int64_t now_ms, const WallTime& wall);

  // As the picture of a channel: no banner, no bar, and at the end the last picture stays. What is
  // on next, and when, is Watching's business.
  /// `beside`: the stream of a picture that is shown to music; mostly empty.
  void air(const link::Play& item, const std::string& beside, std::int64_t now_ms);
  void open_next(const link::Play& item, const std::string& beside);  ///< media only
  void drop_next();
  void air_next(std::int64_t now_ms);      ///< what open_next() was told
  void leave_air();                        ///< nothing is shown, the channel stays
  void beside(const std::string& stream);  ///< another picture, while the music plays
  /// So far into an item that is on for so long: a document turns its pages.
  void pages_by_list(std::int64_t into_ms, std::int64_t span_ms);
  bool on_air() const { return on_air_; }
  bool has_next() const { return next_run_ != 0; }
  /// Why the item on the air cannot be shown; empty: it can.
  const std::string& air_failure() const { return air_failure_; }
  /// How long it has been opening; 0: it is not.
  std::int64_t opening_for_ms() const { return opening() ? now_ms_ - started_ms_ : 0; }
  bool opening() const { return state_ == link::PlayState::opening; }
  /// Whether a picture of mpv is free to be seen: no page, no card, no home screen.
  bool shows_media() const { return shows_ == Shows::media; }
  /// A still picture, or one beside music, is on the screen.
  bool shows_still() const;
  std::int64_t shown_for_ms() const { return now_ms_ - started_ms_; }
  bool shows_card() const { return shows_ == Shows::card || shows_ == Shows::failure; }
  bool shows_home() const { return shows_ == Shows::home; }
  bool asks() const { return shows_ == Shows::home && !prompt_.prompt.empty() && connected_; }
  /// A person's word about the gift that waits.
  void answer(link::Choice choice);
  /// The gift that waits, drawn for a screen on which something else plays: without the picture.
  std::string prompt_scene() const;
  bool has_prompt() const { return !prompt_.prompt.empty(); }
  const std::string& name() const { return play_.name; }  ///< of what is shown
  const link::HomeScreen& home() const { return home_; }
  const WallTime& wall() const { return wall_; }
  std::int64_t now_ms() const { return now_ms_; }
  bool connected() const { return connected_; }
  void pause(bool paused) { set_pause(paused); }
  bool paused() const { return paused_; }
  void seek_to(std::int64_t position_ms) { seek(position_ms); }
  void stop() { to_idle(link::PlayState::idle); }
  /// A sentence of ours for a while, as a toast.
  void say(const std::string& headline, const std::string& text);

  // Out.
  std::vector<Action> take_actions();
  std::string scene() const;  ///< the lower layer
  std::string top() const;    ///< banner, toast, playhead
  link::State state() const;
  const Canvas& canvas() const { return canvas_; }
  /// Something moves: draw again within 50 ms, not within 250.
  bool animating() const;

 private:
  enum class Shows { home, media, text, pdf, card, failure };
  void play(const link::Play& play, std::int64_t now_ms);
  void play_data();  // show_pages.cpp
  void make_room(const PictureMargins& room);
  PictureMargins room_for_sound() const;
  void begin_item(const link::Play& item, const std::string& beside, std::int64_t now_ms);
  void to_idle(link::PlayState as);
  void set_pause(bool paused);
  void seek(std::int64_t position_ms);
  void take_prompt(const link::Prompt& prompt);
  void show_gift_picture();
  void pass_time(std::int64_t now_ms);
  // show_pages.cpp
  void forget_pages();
  void pages_key(link::Key key);
  void turn(int step);
  void turn_to(int page);
  void turn_by_itself(bool yes);
  void turn_in_time();
  void ask_page();
  void lay_out_text();
  std::string page_scene() const;
  bool current(int run) const { return run == run_; }
  bool is_active() const;
  TitleView title() const { return {play_.name, play_.from, play_.note}; }
  double fade(std::int64_t start_ms, std::int64_t length_ms) const;

  Canvas canvas_;
  PictureMargins picture_, room_;  ///< where mpv says its picture is; what was asked of it
  Shows shows_ = Shows::home;
  link::PlayState state_ = link::PlayState::idle;
  link::Play play_;
  link::HomeScreen home_;
  link::Prompt prompt_;
  WallTime wall_;
  int run_ = 0, runs_ = 0;  ///< of what is shown; the highest given out
  bool on_air_ = false;
  int next_run_ = 0;  ///< of what is open beside it; 0: nothing
  link::Play next_;
  std::string beside_, next_beside_;  ///< stream of the picture to the music
  std::string air_failure_;
  bool connected_ = false, paused_ = false, stalled_ = false, has_cover_ = false;
  std::int64_t position_ms_ = 0, duration_ms_ = 0;
  std::int64_t now_ms_ = 0, started_ms_ = -1'000'000, touched_ms_ = -1'000'000;
  std::int64_t stalled_since_ms_ = 0;
  std::string sentence_;
  DocumentForm form_ = DocumentForm::text;
  std::string text_;
  std::vector<TextPage> pages_;
  int page_ = 0, page_count_ = 0;
  Table table_;
  TablePlan plan_;
  bool page_drawn_ = false, turned_by_hand_ = false;
  std::optional<std::int64_t> turn_by_itself_ms_;  ///< since when this page stands
  link::Notify toast_;
  std::int64_t toast_ms_ = -1'000'000;
  std::vector<Action> actions_;
};

/// Which page of a document a channel shows, so far into the time that it is on: all of them in
/// turns, none shorter than can be read.
int page_at(std::int64_t into_ms, std::int64_t span_ms, int pages);

/// By media type and name; nullopt: an information card.
std::optional<DocumentForm> document_form(const std::string& media_type, const std::string& name);

}  // namespace hearth::player
