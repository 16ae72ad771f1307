// The player's mind: what is shown, what is asked of mpv, what the node is told. A pure state
// machine: orders, mpv's happenings and the time come in; actions and two layers of drawing go
// out. It knows no mpv, no sockets and no clock. docs/protocol.md §11.
//
//   idle -> opening -> playing <-> paused, buffering -> ended -> (idle picture)
//                  \-> failed, with a sentence, until the next order
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/link/messages.h"
#include "player/core/document.h"
#include "player/core/scenes.h"

namespace hearth::player {

// Actions. `run` counts the orders to play: what an earlier run reports later is ignored.
struct LoadMedia {
  int run = 0;
  std::string stream;
  wire::Kind kind = wire::Kind::video;
  std::int64_t start_ms = 0;
};
struct LoadPageImage {  ///< show the picture of a page that was rendered
  int run = 0;
};
struct LoadGiftPicture {  ///< a giver's JPEG, as the picture that stands beside the prompt
  int run = 0;
  std::shared_ptr<const Bytes> jpeg;
};
struct Unload {};
struct SetPause {
  bool paused = false;
};
struct SeekTo {
  std::int64_t position_ms = 0;
};
enum class DocumentForm { text, markdown, pdf };
struct FetchDocument {
  int run = 0;
  std::string stream;
  DocumentForm form = DocumentForm::text;
  std::uint64_t size = 0;
};
struct RenderPage {  ///< of the PDF that was fetched, at the window's size
  int run = 0;
  int page = 0;  ///< from 0
  Canvas canvas;
};
struct DropDocument {};
struct SetPictureRoom {  ///< parts of the window that stay free around the picture
  PictureMargins room;
};
struct Capture {
  std::int64_t request = 0;
};
struct Leave {};
using Action =
    std::variant<LoadMedia, LoadPageImage, LoadGiftPicture, Unload, SetPause, SeekTo, FetchDocument,
                 RenderPage, DropDocument, SetPictureRoom, Capture, Leave, link::Event>;

/// Local time, as the shell reads it off the clock.
struct WallTime {
  std::string time, date;
};

class Show {
 public:
  // In.
  void order(const link::Order& order, std::int64_t now_ms);
  /// pause left right up down stop ok decline page_…
  void key(const std::string& name, std::int64_t now_ms);
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
  void play_data();
  void to_idle(link::PlayState as);
  void turn(int step);
  void set_pause(bool paused);
  void seek(std::int64_t position_ms);
  void ask_page();
  void take_prompt(const link::Prompt& prompt);
  bool asks() const { return shows_ == Shows::home && !prompt_.prompt.empty() && connected_; }
  void show_gift_picture();
  void answer(link::Choice choice);
  void pass_time(std::int64_t now_ms);
  void lay_out_text();
  bool current(int run) const { return run == run_; }
  bool is_active() const;
  TitleView title() const { return {play_.name, play_.from, play_.note}; }
  double fade(std::int64_t start_ms, std::int64_t length_ms) const;

  Canvas canvas_;
  PictureMargins picture_;
  Shows shows_ = Shows::home;
  link::PlayState state_ = link::PlayState::idle;
  link::Play play_;
  link::HomeScreen home_;
  link::Prompt prompt_;
  WallTime wall_;
  int run_ = 0;
  bool connected_ = false, paused_ = false, stalled_ = false, has_cover_ = false;
  std::int64_t position_ms_ = 0, duration_ms_ = 0;
  std::int64_t now_ms_ = 0, started_ms_ = -1'000'000, touched_ms_ = -1'000'000;
  std::int64_t stalled_since_ms_ = 0;
  std::string sentence_;
  DocumentForm form_ = DocumentForm::text;
  std::string text_;
  std::vector<TextPage> pages_;
  int page_ = 0, page_count_ = 0;
  bool page_drawn_ = false;
  link::Notify toast_;
  std::int64_t toast_ms_ = -1'000'000;
  std::vector<Action> actions_;
};

/// By media type and name; nullopt: an information card.
std::optional<DocumentForm> document_form(const std::string& media_type, const std::string& name);

}  // namespace hearth::player
