// What is drawn over a channel's picture and instead of it. As scenes.h: small views in, ASS text
// out; times come in as the text a person reads.
#pragma once

#include <string>
#include <vector>

#include "common/link/channels.h"
#include "player/core/ass.h"

namespace hearth::player {

/// A key and what it does here. Every scene ends with a row of them.
struct Hint {
  std::string key, does;
};
/// A row of keys at (x, y); those that do not fit into `width` are left out, the last ones first.
void draw_hints(Drawing& d, double x, double y, double width, const std::vector<Hint>& hints,
                double opacity = 1);

struct ChannelView {
  std::string number, name;
  Colour colour = ember;
};

/// Now and next, at the foot of the picture.
struct NowNextView {
  ChannelView channel;
  std::string now, now_time, next, next_time;
  double progress = 0;  ///< of what is on, 0..1
  std::string clock;
  std::string when;  ///< "Live", "12 min behind", "Paused"
  bool live = true;
  std::vector<Hint> hints;
};
std::string draw_now_next(const Canvas& canvas, const NowNextView& view, double opacity);

/// Digits while a number is typed, at the top right.
std::string draw_number_entry(const Canvas& canvas, const std::string& digits, bool unknown);

/// Instead of a picture: nothing is on, something cannot be shown, or it is still opening.
struct ChannelCardView {
  ChannelView channel;
  std::string headline, sentence, next, next_time, clock;
  bool waits = false;  ///< dots, moved by `phase`
  double phase = 0;
  std::vector<Hint> hints;
};
std::string draw_channel_card(const Canvas& canvas, const ChannelCardView& view);

std::string draw_volume(const Canvas& canvas, int percent, bool muted, double opacity);
/// A small clock at the top right.
/// Where the upper left corner of a channel's logo of that size stands; pixels of the window.
struct LogoPlace {
  int x = 0, y = 0;
};
LogoPlace logo_place(const Canvas& canvas, link::Corner corner, int width, int height);
std::string draw_clock(const Canvas& canvas, const std::string& time);

struct InfoView {
  ChannelView channel;
  std::string name, time, about, facts;
  struct Later {
    std::string time, name;
  };
  std::vector<Later> later;
  std::vector<Hint> hints;
};
std::string draw_info(const Canvas& canvas, const InfoView& view);

struct GuideCellView {
  double from = 0, to = 0;  ///< parts of the visible time; outside of 0..1: it goes on there
  std::string name;
  bool selected = false, on_now = false, catch_up = false;
};
struct GuideRowView {
  ChannelView channel;
  std::vector<GuideCellView> cells;
  bool known = true, watched = false, under_cursor = false;
};
struct GuideView {
  std::string day, clock;
  std::string name, time, detail;  ///< of what is under the cursor
  std::vector<std::string> ruler;  ///< labels, evenly spread over the visible time
  std::vector<GuideRowView> rows;
  double now = -1;     ///< the now-line, as a part of the visible time
  double anchor = -1;  ///< the cursor's time, where it is on no programme
  bool more_above = false, more_below = false;
  std::vector<Hint> hints;
};
std::string draw_guide(const Canvas& canvas, const GuideView& view);

/// A list to choose from, at the left over the picture.
struct ChoicesView {
  std::string headline;
  struct Row {
    std::string label, detail;
    bool marked = false;  ///< what holds now
  };
  std::vector<Row> rows;
  int cursor = 0;
  std::vector<Hint> hints;
};
std::string draw_choices(const Canvas& canvas, const ChoicesView& view);

struct PinView {
  std::string headline, text, sentence;
  int digits = 0;
  int cursor = 0;  ///< on the pad: 1 2 3 / 4 5 6 / 7 8 9 / ⌫ 0 OK, from 0
  std::vector<Hint> hints;
};
std::string draw_pin(const Canvas& canvas, const PinView& view);

}  // namespace hearth::player
