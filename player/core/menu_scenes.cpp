// Lists to choose from, and the PIN pad.
#include <algorithm>
#include <array>

#include "player/core/channel_scenes.h"
#include "player/core/text.h"

namespace hearth::player {
namespace {

constexpr Colour veil{0x0B0D12};
constexpr int visible_choices = 8;

TextStyle style_of(double size, Colour colour, Weight weight = Weight::regular) {
  return {size, colour, weight, false, false, 1, 0};
}

}  // namespace

std::string draw_choices(const Canvas& canvas, const ChoicesView& view) {
  Drawing d;
  const double h = Canvas::height(), side = canvas.side();
  const double width = std::min(560.0, canvas.width() - 2 * side);
  d.rectangle(-2, -2, side + width + 26, h + 4, veil, 0.94);
  d.rectangle(side + width + 24, -2, 2, h + 4, overlay, 0.8);
  d.text(side, canvas.margin() + 36, 4, style_of(40, bright, Weight::semibold),
         wrap_at_most(view.headline, 40, width, 1, true)[0]);
  const int count = static_cast<int>(view.rows.size());
  const int first =
      std::clamp(view.cursor - visible_choices / 2, 0, std::max(0, count - visible_choices));
  double y = canvas.margin() + 84;
  constexpr double step = 60;
  for (int i = first; i < std::min(count, first + visible_choices); ++i) {
    const auto& row = view.rows[static_cast<std::size_t>(i)];
    const bool here = i == view.cursor;
    if (here) d.rounded(side - 16, y, width + 16, step - 6, 12, ember);
    const Colour ink = here ? black : bright;
    if (row.marked) d.rounded(side, y + 21, 12, 12, 6, here ? black : ember);
    const double left = side + (row.marked ? 26 : 4);
    const double detail = row.detail.empty() ? 0 : text_width(row.detail, 24) + 24;
    d.text(left, y + 27, 4, style_of(29, ink, here ? Weight::semibold : Weight::regular),
           wrap_at_most(row.label, 29, width - (left - side) - detail - 12, 1, here)[0]);
    d.text(side + width - 16, y + 27, 6, style_of(24, here ? black : muted), row.detail);
    y += step;
  }
  if (first > 0) d.text(side + width - 16, canvas.margin() + 66, 6, style_of(22, muted), "▲");
  if (first + visible_choices < count) {
    d.text(side + width - 16, y + 8, 6, style_of(22, muted), "▼");
  }
  draw_hints(d, side, h - canvas.margin() - 20, width, view.hints);
  return d.take();
}

std::string draw_pin(const Canvas& canvas, const PinView& view) {
  static constexpr std::array<const char*, 12> keys = {"1", "2", "3", "4", "5", "6",
                                                       "7", "8", "9", "⌫", "0", "OK"};
  Drawing d;
  const double w = canvas.width(), h = Canvas::height(), cx = w / 2;
  d.rectangle(-2, -2, w + 4, h + 4, ground, 0.97);
  d.glow(cx, h + 150, w * 0.5, 180, ember, 0.14);
  const double room = std::min(900.0, w - 2 * canvas.side());
  d.text(cx, canvas.margin() + 40, 5, style_of(44, bright, Weight::semibold),
         wrap_at_most(view.headline, 44, room, 1, true)[0]);
  double y = canvas.margin() + 92;
  for (const auto& line : wrap_at_most(view.text, 26, room, 2)) {
    d.text(cx, y, 5, style_of(26, muted), line);
    y += 36;
  }
  const int places = std::max(4, view.digits);
  for (int i = 0; i < places; ++i) {
    const double x = cx + (i - (places - 1) / 2.0) * 40;
    d.rounded(x - 10, 214, 20, 20, 10, i < view.digits ? ember : overlay);
  }
  if (!view.sentence.empty()) {
    d.text(cx, 262, 5, style_of(25, danger), wrap_at_most(view.sentence, 25, room, 1)[0]);
  }
  constexpr double wide = 124, tall = 72, step_x = 136, step_y = 82, top = 292;
  for (int i = 0; i < 12; ++i) {
    const double x = cx + (i % 3 - 1) * step_x - wide / 2, key_y = top + i / 3 * step_y;
    const bool here = i == view.cursor;
    d.rounded(x, key_y, wide, tall, 14, here ? ember : raised);
    d.text(x + wide / 2, key_y + tall / 2, 5, style_of(34, here ? black : bright, Weight::semibold),
           keys[static_cast<std::size_t>(i)]);
  }
  draw_hints(d, canvas.side(), h - canvas.margin() - 20, w - 2 * canvas.side(), view.hints);
  return d.take();
}

}  // namespace hearth::player
