#include "player/core/channel_scenes.h"

#include <algorithm>
#include <cmath>

#include "player/core/scenes.h"
#include "player/core/text.h"

namespace hearth::player {
namespace {

constexpr Colour veil{0x0B0D12};

TextStyle style_of(double size, Colour colour, double opacity, Weight weight = Weight::regular) {
  return {size, colour, weight, false, false, opacity, 0};
}

/// The channel's number and name in its colour; gives where it ends.
double channel_mark(Drawing& d, double x, double y, const ChannelView& channel, double room,
                    double opacity) {
  const double width = std::max(56.0, text_width(channel.number, 30, false, true) + 30);
  d.rounded(x, y - 23, width, 46, 12, channel.colour, opacity);
  d.text(x + width / 2, y, 5, style_of(30, black, opacity, Weight::semibold), channel.number);
  const std::string name = wrap_at_most(channel.name, 28, room - width - 18, 1, true)[0];
  d.text(x + width + 18, y, 4, style_of(28, bright, opacity, Weight::semibold), name);
  return x + width + 18 + text_width(name, 28, false, true);
}

void progress_bar(Drawing& d, double x, double y, double width, double part, Colour colour,
                  double opacity) {
  d.rounded(x, y, width, 5, 2.5, Colour{0xFFFFFF}, 0.2 * opacity);
  d.rounded(x, y, std::max(5.0, width * std::clamp(part, 0.0, 1.0)), 5, 2.5, colour, opacity);
}

}  // namespace

void draw_hints(Drawing& d, double x, double y, double width, const std::vector<Hint>& hints,
                double opacity) {
  const double end = x + width;
  for (const Hint& hint : hints) {
    const double cap = std::max(40.0, text_width(hint.key, 20, false, true) + 24);
    const double whole = cap + 10 + text_width(hint.does, 21);
    if (x + whole > end) return;
    d.rounded(x, y - 18, cap, 36, 10, overlay, opacity);
    d.text(x + cap / 2, y, 5, style_of(20, bright, opacity, Weight::semibold), hint.key);
    d.text(x + cap + 10, y, 4, style_of(21, muted, opacity), hint.does);
    x += whole + 28;
  }
}

std::string draw_now_next(const Canvas& canvas, const NowNextView& view, double opacity) {
  Drawing d;
  const double side = canvas.side(), width = canvas.width() - 2 * side;
  const double height = view.hints.empty() ? 186 : 240;
  const double top = Canvas::height() - canvas.margin() - height;
  d.rounded(side - 24, top, width + 48, height, 20, veil, 0.92 * opacity);
  const double x = side + 6, right = side + width - 6;
  const double clock_room = text_width(view.clock, 40) + 40;
  double at = channel_mark(d, x, top + 42, view.channel, width * 0.5, opacity) + 28;
  if (!view.when.empty()) {
    const Colour tone = view.live ? danger : muted;
    d.rounded(at, top + 37, 10, 10, 5, tone, opacity);
    d.text(at + 20, top + 42, 4, style_of(23, tone, opacity, Weight::semibold), view.when);
  }
  d.text(right, top + 42, 6, style_of(40, bright, opacity, Weight::light), view.clock);
  const double time_room = text_width(view.now_time, 25) + 40;
  d.text(x, top + 96, 4, style_of(38, bright, opacity, Weight::semibold),
         wrap_at_most(view.now, 38, width - 12 - std::max(clock_room, time_room), 1, true)[0]);
  d.text(right, top + 97, 6, style_of(25, muted, opacity), view.now_time);
  progress_bar(d, x, top + 126, width - 12, view.progress, view.channel.colour, opacity);
  if (!view.next.empty()) {
    const std::string label = view.next_time + "   ";
    d.text(x, top + 158, 4, style_of(25, view.channel.colour, opacity), label);
    d.text(x + text_width(label, 25), top + 158, 4, style_of(25, muted, opacity),
           wrap_at_most(view.next, 25, width - 12 - text_width(label, 25), 1)[0]);
  }
  draw_hints(d, x, top + 208, width - 12, view.hints, opacity);
  return d.take();
}

std::string draw_number_entry(const Canvas& canvas, const std::string& digits, bool unknown) {
  Drawing d;
  const double text = text_width(digits, 84, false, false);
  const double words = unknown ? text_width("No such channel", 24) : 0;
  const double width = std::max({170.0, text + 64, words + 64}), height = unknown ? 152 : 116;
  const double x = canvas.width() - canvas.side() - width, top = canvas.margin();
  d.rounded(x, top, width, height, 20, raised, 0.98);
  d.text(x + width / 2, top + 58, 5, style_of(84, unknown ? muted : ember, 1, Weight::light),
         digits);
  if (unknown) {
    d.text(x + width / 2, top + 122, 5, style_of(24, bright, 1), "No such channel");
  }
  return d.take();
}

std::string draw_channel_card(const Canvas& canvas, const ChannelCardView& view) {
  Drawing d;
  const double w = canvas.width(), h = Canvas::height(), cx = w / 2, side = canvas.side();
  d.rectangle(-2, -2, w + 4, h + 4, ground);
  // A blur costs the processor what the picture that is awaited needs.
  if (!view.waits) d.glow(cx, h + 140, w * 0.5, 170, view.channel.colour, 0.14);
  channel_mark(d, side, canvas.margin() + 30, view.channel, w * 0.6, 1);
  const double room = std::min(960.0, w - 2 * side);
  const auto head = wrap_at_most(view.headline, 46, room, 2, true);
  const auto body =
      view.sentence.empty() ? std::vector<std::string>{} : wrap_at_most(view.sentence, 28, room, 3);
  d.text(cx, 190, 5, style_of(104, bright, 1, Weight::light), view.clock);
  double y = 300;
  for (const auto& line : head) {
    d.text(cx, y, 5, style_of(46, bright, 1, Weight::semibold), line);
    y += 58;
  }
  for (const auto& line : body) {
    d.text(cx, y + 4, 5, style_of(28, muted, 1), line);
    y += 42;
  }
  if (view.waits) {
    for (int i = 0; i < 3; ++i) {
      const double wave = 0.5 + 0.5 * std::cos(2 * 3.14159265 * (view.phase - i / 6.0));
      d.rounded(cx + (i - 1) * 24 - 7, y + 20, 14, 14, 7, view.channel.colour, 0.25 + 0.75 * wave);
    }
  }
  if (!view.next.empty()) {
    const std::string label = "Next at " + view.next_time + "   ";
    const auto name = wrap_at_most(view.next, 30, room - text_width(label, 30), 1);
    const double left = cx - (text_width(label, 30) + text_width(name[0], 30)) / 2;
    d.text(left, 556, 4, style_of(30, view.channel.colour, 1), label);
    d.text(left + text_width(label, 30), 556, 4, style_of(30, bright, 1), name[0]);
  }
  draw_hints(d, side, h - canvas.margin() - 20, w - 2 * side, view.hints);
  return d.take();
}

std::string draw_volume(const Canvas& canvas, int percent, bool muted_now, double opacity) {
  Drawing d;
  constexpr double width = 420, height = 76;
  const double x = (canvas.width() - width) / 2, top = canvas.margin();
  d.rounded(x, top, width, height, 20, veil, 0.92 * opacity);
  const double cy = top + height / 2;
  // A loudspeaker of two shapes, and waves as bars.
  d.rounded(x + 28, cy - 9, 12, 18, 3, muted_now ? muted : bright, opacity);
  for (int i = 0; i < 3; ++i) {
    const bool sounds = !muted_now && percent > i * 33;
    const double tall = 14 + 10 * i;
    d.rounded(x + 46 + 10 * i, cy - tall / 2, 5, tall, 2.5, sounds ? bright : overlay, opacity);
  }
  if (muted_now) {
    d.text(x + 96, cy, 4, style_of(26, bright, opacity), "Sound is off");
    d.text(x + width - 28, cy, 6, style_of(24, muted, opacity), "Mute: on again");
    return d.take();
  }
  d.rounded(x + 96, cy - 4, 236, 8, 4, Colour{0xFFFFFF}, 0.2 * opacity);
  d.rounded(x + 96, cy - 4, std::max(8.0, 236.0 * percent / 100), 8, 4, ember, opacity);
  d.text(x + width - 28, cy, 6, style_of(28, bright, opacity), std::to_string(percent));
  return d.take();
}

LogoPlace logo_place(const Canvas& canvas, link::Corner corner, int width, int height) {
  const double scale = canvas.window_height / Canvas::height();
  const int side = static_cast<int>(canvas.side() * scale);
  const int margin = static_cast<int>(canvas.margin() * scale);
  const bool left = corner == link::Corner::top_left || corner == link::Corner::bottom_left;
  const bool top = corner == link::Corner::top_left || corner == link::Corner::top_right;
  return {std::max(0, left ? side : canvas.window_width - side - width),
          std::max(0, top ? margin : canvas.window_height - margin - height)};
}

std::string draw_clock(const Canvas& canvas, const std::string& time) {
  Drawing d;
  const double width = text_width(time, 30) + 40;
  const double x = canvas.width() - canvas.side() - width;
  d.rounded(x, canvas.margin(), width, 50, 16, veil, 0.72);
  d.text(x + width / 2, canvas.margin() + 25, 5, style_of(30, bright, 1), time);
  return d.take();
}

std::string draw_info(const Canvas& canvas, const InfoView& view) {
  Drawing d;
  const double side = canvas.side(), width = canvas.width() - 2 * side;
  const double top = 176, height = Canvas::height() - canvas.margin() - top;
  d.rounded(side - 24, top, width + 48, height, 20, veil, 0.95);
  const double x = side + 8, column = width * 0.6;
  channel_mark(d, x, top + 46, view.channel, column, 1);
  double y = top + 92;
  for (const auto& line : wrap_at_most(view.name, 40, column, 2, true)) {
    d.text(x, y + 22, 4, style_of(40, bright, 1, Weight::semibold), line);
    y += 50;
  }
  d.text(x, y + 18, 4, style_of(25, ember, 1), wrap_at_most(view.time, 25, column, 1)[0]);
  y += 46;
  const int lines = static_cast<int>((top + height - 128 - y) / 34);
  if (!view.about.empty() && lines > 0) {
    for (const auto& line : wrap_at_most(view.about, 24, column, static_cast<std::size_t>(lines))) {
      d.text(x, y + 16, 4, style_of(24, bright, 1), line);
      y += 34;
    }
  }
  if (!view.facts.empty()) {
    d.text(x, top + height - 98, 4, style_of(22, muted, 1),
           wrap_at_most(view.facts, 22, column, 1)[0]);
  }
  const double right = x + column + 48, room = width - column - 64;
  d.rectangle(right - 24, top + 32, 2, height - 116, overlay);
  d.text(right, top + 46, 4, style_of(24, muted, 1, Weight::semibold), "Later");
  double row = top + 96;
  for (const auto& later : view.later) {
    if (row > top + height - 110) break;
    d.text(right, row, 4, style_of(24, view.channel.colour, 1), later.time);
    d.text(right + 82, row, 4, style_of(24, bright, 1),
           wrap_at_most(later.name, 24, room - 82, 1)[0]);
    row += 44;
  }
  draw_hints(d, x, top + height - 40, width - 16, view.hints);
  return d.take();
}

}  // namespace hearth::player
