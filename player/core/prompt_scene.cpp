#include <algorithm>
#include <cmath>

#include "player/core/scenes.h"
#include "player/core/text.h"

namespace hearth::player {
namespace {

/// A key's cap and what it does; the next place to the right.
double key_hint(Drawing& d, double x, double y, const std::string& key, const std::string& does,
                bool first) {
  const double cap = text_width(key, 24, false, true) + 32;
  d.rounded(x, y - 24, cap, 48, 12, first ? ember : overlay);
  d.text(x + cap / 2, y, 5, {24, first ? black : bright, Weight::semibold, false, false, 1, 0},
         key);
  d.text(x + cap + 14, y, 4, {26, bright, Weight::regular, false, false, 1, 0}, does);
  return x + cap + 14 + text_width(does, 26) + 44;
}

/// The ground's colour everywhere but on the picture.
void ground_around(Drawing& d, const Canvas& canvas, const PictureMargins& p) {
  const double w = canvas.width(), h = Canvas::height();
  d.rectangle(-2, -2, w + 4, p.top + 2, ground);
  d.rectangle(-2, h - p.bottom, w + 4, p.bottom + 2, ground);
  d.rectangle(-2, p.top, p.left + 2, h - p.top - p.bottom, ground);
  d.rectangle(w - p.right, p.top, p.right + 2, h - p.top - p.bottom, ground);
}

constexpr double title_line = 58, note_line = 42, meaning_line = 36;
constexpr std::size_t most_note = 4, most_meaning = 6;

/// As many lines as there is room for, at least one.
std::size_t lines_in(double room, double line, std::size_t most) {
  const double whole = std::floor(room / line);
  return static_cast<std::size_t>(std::clamp(whole, 1.0, static_cast<double>(most)));
}

}  // namespace

PictureMargins prompt_picture_room(const Canvas& canvas) {
  const double w = canvas.width(), h = Canvas::height();
  return {canvas.side() / w, 0.56, 130 / h, 190 / h};
}

std::string draw_prompt(const Canvas& canvas, const PromptView& view,
                        const PictureMargins& picture) {
  Drawing d;
  const double w = canvas.width(), h = Canvas::height(), side = canvas.side();
  if (view.has_picture) {
    ground_around(d, canvas, picture);
  } else {
    d.rectangle(-2, -2, w + 4, h + 4, ground);
  }
  d.flame(side + 16, canvas.margin() + 44, 40);
  const double x = view.has_picture ? w * 0.47 : side;
  const double room = w - side - x;
  d.text(side + 50, canvas.margin() + 24, 4, {30, ember, Weight::semibold, false, false, 1, 0},
         wrap_at_most(view.headline, 30, w - 2 * side - 50, 1, true)[0]);
  const double foot = h - canvas.margin() - 50;
  double y = 138;
  for (const auto& line : wrap_at_most(view.title, 46, room, 2, true)) {
    d.text(x, y + 28, 4, {46, bright, Weight::semibold, false, false, 1, 0}, line);
    y += title_line;
  }
  if (!view.details.empty()) {
    d.text(x, y + 20, 4, {27, muted, Weight::regular, false, false, 1, 0},
           wrap_at_most(view.details, 27, room, 1)[0]);
    y += 44;
  }
  // What accepting does is said whole; the note has what is left.
  const auto meaning = wrap_at_most(view.meaning, 25, room, most_meaning);
  const double above_keys = foot - 36 - meaning_line * static_cast<double>(meaning.size());
  if (!view.note.empty()) {
    y += 14;
    const auto note =
        wrap_at_most(view.note, 30, room - 28, lines_in(above_keys - 20 - y, note_line, most_note));
    d.rounded(x, y, 4, note_line * static_cast<double>(note.size()), 2, ember);
    for (const auto& line : note) {
      d.text(x + 28, y + 21, 4, {30, bright, Weight::regular, true, false, 1, 0}, line);
      y += note_line;
    }
  }
  y += 20;
  for (const auto& line : meaning) {
    d.text(x, y + 18, 4, {25, muted, Weight::regular, false, false, 1, 0}, line);
    y += meaning_line;
  }
  double next = key_hint(d, side, foot, "OK", "accept", true);
  next = key_hint(d, next, foot, "Back", "later", false);
  key_hint(d, next, foot, "Menu", "decline", false);
  return d.take();
}

}  // namespace hearth::player
