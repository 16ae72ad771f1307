// The guide: rows of channels, cells of time.
#include <algorithm>

#include "player/core/channel_scenes.h"
#include "player/core/text.h"

namespace hearth::player {
namespace {

constexpr double rail = 230, row_height = 60, gap = 4;
constexpr Colour cell_now{0x2C3343};

TextStyle style_of(double size, Colour colour, Weight weight = Weight::regular) {
  return {size, colour, weight, false, false, 1, 0};
}

void draw_cell(Drawing& d, double left, double width, double y, const GuideCellView& cell,
               Colour colour) {
  const double from = std::clamp(cell.from, 0.0, 1.0), to = std::clamp(cell.to, 0.0, 1.0);
  const double x = left + from * width, wide = (to - from) * width - gap;
  if (wide < 3) return;
  const Colour face = cell.selected ? ember : cell.on_now ? cell_now : raised;
  d.rounded(x, y, wide, row_height - gap, 8, face);
  if (cell.on_now && !cell.selected) d.rounded(x, y, 4, row_height - gap, 2, colour);
  const Colour ink = cell.selected ? black : cell.on_now || cell.catch_up ? bright : muted;
  const bool goes_on_left = cell.from<0, goes_on_right = cell.to> 1;
  const double inset = 14, arrows = (goes_on_left ? 18.0 : 0) + (goes_on_right ? 18.0 : 0);
  const double room = wide - 2 * inset - arrows;
  if (goes_on_left && wide > 40) {
    d.text(x + 10, y + 28, 4, style_of(22, ink), "‹");
  }
  if (goes_on_right && wide > 60) {
    d.text(x + wide - 10, y + 28, 6, style_of(22, ink), "›");
  }
  if (room < 48) return;  // two letters of a name say nothing
  d.text(x + inset + (goes_on_left ? 14 : 0), y + 28, 4,
         style_of(23, ink, cell.selected ? Weight::semibold : Weight::regular),
         wrap_at_most(cell.name, 23, room, 1, cell.selected)[0]);
}

void draw_row(Drawing& d, double side, double left, double width, double y,
              const GuideRowView& row) {
  d.rounded(side - 12, y, rail - gap, row_height - gap, 8, row.under_cursor ? overlay : surface);
  d.rounded(side - 12, y, 5, row_height - gap, 2.5, row.channel.colour);
  d.text(side + 42, y + 28, 6, style_of(23, row.watched ? ember : muted, Weight::semibold),
         row.channel.number);
  d.text(side + 54, y + 28, 4, style_of(22, row.under_cursor || row.watched ? bright : muted),
         wrap_at_most(row.channel.name, 22, rail - 84, 1)[0]);
  d.rounded(left, y, width - gap, row_height - gap, 8, surface, 0.6);
  if (!row.known && row.cells.empty()) {
    d.text(left + 14, y + 28, 4, style_of(21, muted), "…");
    return;
  }
  if (row.cells.empty()) {
    d.text(left + 14, y + 28, 4, style_of(21, muted), "Nothing scheduled");
  }
  for (const GuideCellView& cell : row.cells) {
    draw_cell(d, left, width, y, cell, row.channel.colour);
  }
}

}  // namespace

std::string draw_guide(const Canvas& canvas, const GuideView& view) {
  Drawing d;
  const double w = canvas.width(), h = Canvas::height(), side = canvas.side();
  d.rectangle(-2, -2, w + 4, h + 4, ground, 0.97);
  d.text(side - 12, canvas.margin() + 20, 4, style_of(30, bright, Weight::semibold), "Guide");
  d.text(side + 96, canvas.margin() + 21, 4, style_of(26, muted), view.day);
  d.text(w - side, canvas.margin() + 20, 6, style_of(34, bright, Weight::light), view.clock);
  const double room = w - 2 * side - 20;
  d.text(side - 12, canvas.margin() + 68, 4, style_of(34, bright, Weight::semibold),
         wrap_at_most(view.name, 34, room - text_width(view.time, 25) - 30, 1, true)[0]);
  d.text(w - side, canvas.margin() + 69, 6, style_of(25, ember), view.time);
  d.text(side - 12, canvas.margin() + 106, 4, style_of(23, muted),
         wrap_at_most(view.detail, 23, room, 1)[0]);
  const double left = side - 12 + rail, width = w - side - left;
  const double top = canvas.margin() + 168;
  const double count = static_cast<double>(view.ruler.size());
  for (std::size_t i = 0; i < view.ruler.size(); ++i) {
    const double x = left + width * static_cast<double>(i) / count;
    d.rectangle(x, top - 30, 2, 24, overlay);
    d.text(x + 10, top - 18, 4, style_of(22, muted), view.ruler[i]);
  }
  double y = top;
  for (const GuideRowView& row : view.rows) {
    draw_row(d, side, left, width, y, row);
    if (row.under_cursor && view.anchor >= 0 && view.anchor <= 1) {
      d.rounded(left + width * view.anchor - 2, y, 4, row_height - gap, 2, ember);
    }
    y += row_height;
  }
  if (view.now >= 0 && view.now <= 1) {
    const double x = left + width * view.now;
    d.rectangle(x - 1, top - 6, 2, y - top + 2, danger, 0.85);
    d.rounded(x - 5, top - 12, 10, 10, 5, danger);
  }
  const double arrows = side - 12 + rail / 2;
  if (view.more_above) d.text(arrows - 14, top - 18, 5, style_of(20, muted), "▲");
  if (view.more_below) d.text(arrows + 14, top - 18, 5, style_of(20, muted), "▼");
  draw_hints(d, side - 12, h - canvas.margin() - 18, w - 2 * side + 12, view.hints);
  return d.take();
}

}  // namespace hearth::player
