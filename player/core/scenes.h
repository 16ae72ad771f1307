// What the TV shows, drawn: each function turns one small view into ASS text (ass.h) for the
// whole screen or a part of it. Readable from three metres, inside the safe area of 5 %, ember on
// near-black. Pure code: time comes in as text, fading as opacity.
#pragma once

#include <string>

#include "player/core/ass.h"
#include "player/core/document.h"
#include "player/core/table.h"

namespace hearth::player {

/// Where mpv draws the picture, in virtual pixels from the window's edges.
struct PictureMargins {
  double left = 0, right = 0, top = 0, bottom = 0;
  bool operator==(const PictureMargins&) const = default;
};

struct IdleView {
  std::string home;  ///< empty until the node has told it
  int waiting_gifts = 0;
  std::string time, date;  ///< "20:15", "Sunday, 22 November"
  bool connected = true;
};
std::string draw_idle(const Canvas& canvas, const IdleView& view);

/// A gift and what can be said to it.
struct PromptView {
  std::string headline, title, details, note, meaning;
  bool has_picture = false;
};
/// The giver's picture is mpv's; the rest is drawn around it.
std::string draw_prompt(const Canvas& canvas, const PromptView& view,
                        const PictureMargins& picture);
PictureMargins prompt_picture_room(const Canvas& canvas);

struct TitleView {
  std::string name, from, note;
};
/// While something starts: in the lower left, over the picture.
std::string draw_banner(const Canvas& canvas, const TitleView& title, double opacity);
std::string draw_toast(const Canvas& canvas, const std::string& headline, const std::string& text,
                       double opacity);
/// Before the first picture. `phase` 0..1 moves the dots.
std::string draw_opening(const Canvas& canvas, const TitleView& title, double phase);
/// Over the picture that stands still.
std::string draw_buffering(const Canvas& canvas, double phase);
std::string draw_failure(const Canvas& canvas, const std::string& name,
                         const std::string& sentence);

struct Playhead {
  std::int64_t position_ms = 0, duration_ms = 0;
  bool paused = false;
};
/// The bar with times, at the foot of a picture.
std::string draw_playhead(const Canvas& canvas, const Playhead& head, double opacity);
/// Music: cover or dancing bars are mpv's picture, the rest is drawn here.
std::string draw_audio(const Canvas& canvas, const TitleView& title, const Playhead& head,
                       bool has_cover, const PictureMargins& picture);
/// The margins that make room for draw_audio, as parts of the window.
PictureMargins audio_picture_room(const Canvas& canvas, bool has_cover);

struct CardView {
  TitleView title;
  std::string media_type, reason;
  std::uint64_t size = 0;
};
std::string draw_card(const Canvas& canvas, const CardView& card);
std::string draw_text_page(const Canvas& canvas, const TextPage& page, const TitleView& title,
                           int number, int pages);
std::string draw_table_page(const Canvas& canvas, const Table& table, const TablePlan& plan,
                            const TitleView& title, int page);
/// Below a page: its title, what is said of it, its number (from 1) and how far it is.
void draw_footer(Drawing& d, const Canvas& canvas, const TitleView& title, int number, int pages,
                 const std::string& detail = "");
std::string draw_page_number(const Canvas& canvas, int number, int pages, double opacity);

}  // namespace hearth::player
