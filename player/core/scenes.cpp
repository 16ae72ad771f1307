#include "player/core/scenes.h"

#include <algorithm>
#include <cmath>

#include "player/core/text.h"

namespace hearth::player {
namespace {

constexpr double pi = 3.14159265358979;

void ground_with_glow(Drawing& d, const Canvas& canvas, double strength) {
  const double w = canvas.width(), h = Canvas::height();
  d.rectangle(-2, -2, w + 4, h + 4, ground);
  d.glow(w / 2, h + 150, w * 0.55, 190, Colour{0xB4511A}, 0.16 * strength);
  d.glow(w / 2, h + 130, w * 0.30, 120, ember, 0.16 * strength);
}

void wordmark(Drawing& d, double x, double y, double opacity = 1) {
  d.flame(x + 13, y + 32, 32, opacity);
  d.text(x + 38, y + 17, 4, {26, bright, Weight::semibold, false, false, opacity, 0}, "Hearth");
}

void dots(Drawing& d, double cx, double y, double phase, double radius) {
  for (int i = 0; i < 3; ++i) {
    const double wave = 0.5 + 0.5 * std::cos(2 * pi * (phase - i / 6.0));
    d.rounded(cx + (i - 1) * radius * 3.4 - radius, y - radius, 2 * radius, 2 * radius, radius,
              ember, 0.25 + 0.75 * wave);
  }
}

void paused_mark(Drawing& d, double x, double y) {
  d.rounded(x, y - 11, 7, 22, 2, ember);
  d.rounded(x + 13, y - 11, 7, 22, 2, ember);
}

void bar(Drawing& d, double x, double y, double width, const Playhead& head, double opacity) {
  constexpr double thick = 6;
  d.rounded(x, y, width, thick, thick / 2, Colour{0xFFFFFF}, 0.22 * opacity);
  if (head.duration_ms <= 0) return;
  const double part = std::clamp(
      static_cast<double>(head.position_ms) / static_cast<double>(head.duration_ms), 0.0, 1.0);
  d.rounded(x, y, std::max(thick, width * part), thick, thick / 2, ember, opacity);
  d.rounded(x + width * part - 9, y - 6, 18, 18, 9, ember, opacity);
}

std::string from_line(const TitleView& title) {
  return title.from.empty() ? "" : "from " + title.from;
}

}  // namespace

std::string draw_idle(const Canvas& canvas, const IdleView& view) {
  Drawing d;
  const double w = canvas.width(), h = Canvas::height(), cx = w / 2;
  ground_with_glow(d, canvas, 1);
  wordmark(d, canvas.side(), canvas.margin());
  d.text(cx, 305, 5, {150, bright, Weight::light, false, false, 1, 0}, view.time);
  d.text(cx, 408, 5, {28, muted, Weight::regular, false, false, 1, 0}, view.date);
  if (!view.home.empty()) {
    const auto lines = wrap_at_most(view.home, 26, w * 0.55, 1, true);
    d.text(w - canvas.side(), canvas.margin() + 17, 6,
           {26, muted, Weight::regular, false, false, 1, 0}, lines[0]);
  }
  std::string foot;
  if (!view.connected) {
    foot = "Waiting for the home's node";
  } else if (view.waiting_gifts > 0) {
    foot = view.waiting_gifts == 1 ? "1 gift is waiting"
                                   : std::to_string(view.waiting_gifts) + " gifts are waiting";
  }
  if (!foot.empty()) {
    const double width = text_width(foot, 30);
    const double y = h - canvas.margin() - 58;
    if (view.connected) d.rounded(cx - width / 2 - 15, y - 6, 12, 12, 6, ember);
    d.text(cx + (view.connected ? 12 : 0), y, 5,
           {30, view.connected ? bright : muted, Weight::regular, false, false, 1, 0}, foot);
  }
  return d.take();
}

std::string draw_banner(const Canvas& canvas, const TitleView& title, double opacity) {
  Drawing d;
  const double width = std::min(820.0, canvas.width() - 2 * canvas.side());
  const double room = width - 76;
  const auto name = wrap_at_most(title.name, 42, room, 2, true);
  const auto note =
      title.note.empty() ? std::vector<std::string>{} : wrap_at_most(title.note, 27, room, 3);
  const std::string from = from_line(title);
  const double height = 56 + (from.empty() ? 0 : 38) + 52 * static_cast<double>(name.size()) +
                        (note.empty() ? 0 : 10 + 38 * static_cast<double>(note.size()));
  const double x = canvas.side(), top = Canvas::height() - canvas.margin() - height;
  d.rounded(x, top, width, height, 20, Colour{0x0B0D12}, 0.9 * opacity);
  d.rounded(x + 24, top + 28, 5, height - 56, 2.5, ember, opacity);
  double y = top + 28;
  const double left = x + 50;
  for (const auto& line : name) {
    d.text(left, y + 26, 4, {42, bright, Weight::semibold, false, false, opacity, 0}, line);
    y += 52;
  }
  if (!from.empty()) {
    d.text(left, y + 20, 4, {27, ember, Weight::regular, false, false, opacity, 0},
           wrap_at_most(from, 27, room, 1)[0]);
    y += 38;
  }
  if (!note.empty()) y += 10;
  for (const auto& line : note) {
    d.text(left, y + 19, 4, {27, muted, Weight::regular, false, false, opacity, 0}, line);
    y += 38;
  }
  return d.take();
}

std::string draw_toast(const Canvas& canvas, const std::string& headline, const std::string& text,
                       double opacity) {
  Drawing d;
  constexpr double width = 520;
  const double room = width - 110;
  const auto head = wrap_at_most(headline, 28, room, 2, true);
  const auto body = text.empty() ? std::vector<std::string>{} : wrap_at_most(text, 24, room, 3);
  const double height =
      44 + 38 * static_cast<double>(head.size()) + 34 * static_cast<double>(body.size());
  const double x = canvas.width() - canvas.side() - width;
  // It slides in from above by a few pixels while it fades.
  const double top = canvas.margin() - 14 * (1 - opacity);
  d.rounded(x, top, width, height, 20, raised, opacity);
  d.flame(x + 44, top + 62, 38, opacity);
  double y = top + 22;
  for (const auto& line : head) {
    d.text(x + 84, y + 19, 4, {28, bright, Weight::semibold, false, false, opacity, 0}, line);
    y += 38;
  }
  for (const auto& line : body) {
    d.text(x + 84, y + 17, 4, {24, muted, Weight::regular, false, false, opacity, 0}, line);
    y += 34;
  }
  return d.take();
}

std::string draw_opening(const Canvas& canvas, const TitleView& title, double phase) {
  Drawing d;
  const double w = canvas.width(), cx = w / 2;
  ground_with_glow(d, canvas, 0.8);
  wordmark(d, canvas.side(), canvas.margin(), 0.8);
  const auto name = wrap_at_most(title.name, 52, w * 0.8, 2, true);
  double y = 320 - 32 * static_cast<double>(name.size() - 1);
  for (const auto& line : name) {
    d.text(cx, y, 5, {52, bright, Weight::semibold, false, false, 1, 0}, line);
    y += 64;
  }
  if (!title.from.empty()) {
    d.text(cx, y + 2, 5, {28, muted, Weight::regular, false, false, 1, 0},
           wrap_at_most(from_line(title), 28, w * 0.8, 1)[0]);
  }
  dots(d, cx, 520, phase, 7);
  return d.take();
}

std::string draw_buffering(const Canvas& canvas, double phase) {
  Drawing d;
  const double cx = canvas.width() / 2, cy = Canvas::height() / 2;
  d.rounded(cx - 190, cy - 62, 380, 124, 20, Colour{0x0B0D12}, 0.82);
  dots(d, cx, cy - 20, phase, 8);
  d.text(cx, cy + 28, 5, {25, bright, Weight::regular, false, false, 1, 0},
         "Waiting for the next part");
  return d.take();
}

std::string draw_failure(const Canvas& canvas, const std::string& name,
                         const std::string& sentence) {
  Drawing d;
  const double w = canvas.width(), room = std::min(900.0, w - 2 * canvas.side()), cx = w / 2;
  ground_with_glow(d, canvas, 0.35);
  wordmark(d, canvas.side(), canvas.margin(), 0.8);
  const auto head = wrap_at_most(name.empty() ? "This cannot be shown" : name, 44, room, 2, true);
  const auto body = wrap_at_most(sentence, 30, room, 6);
  const double height =
      34 + 56 * static_cast<double>(head.size()) + 18 + 44 * static_cast<double>(body.size());
  double y = (Canvas::height() - height) / 2;
  d.rounded(cx - 28, y - 8, 56, 6, 3, danger);
  y += 34;
  for (const auto& line : head) {
    d.text(cx, y + 24, 5, {44, bright, Weight::semibold, false, false, 1, 0}, line);
    y += 56;
  }
  y += 18;
  for (const auto& line : body) {
    d.text(cx, y + 20, 5, {30, muted, Weight::regular, false, false, 1, 0}, line);
    y += 44;
  }
  return d.take();
}

std::string draw_playhead(const Canvas& canvas, const Playhead& head, double opacity) {
  Drawing d;
  const double w = canvas.width(), y = Canvas::height() - canvas.margin() - 30;
  const double x = canvas.side(), width = w - 2 * x;
  d.rounded(x - 24, y - 46, width + 48, 82, 20, Colour{0x0B0D12}, 0.88 * opacity);
  double left = x;
  if (head.paused) {
    paused_mark(d, x, y - 5);
    left += 40;
  }
  const TextStyle time{27, bright, Weight::regular, false, false, opacity, 0};
  d.text(left, y - 5, 4, time, clock_time(head.position_ms));
  d.text(w - x, y - 5, 6, time, clock_time(head.duration_ms));
  bar(d, left + 110, y - 8, w - x - 110 - (left + 110), head, opacity);
  return d.take();
}

PictureMargins audio_picture_room(const Canvas& canvas, bool has_cover) {
  const double w = canvas.width(), h = Canvas::height();
  if (has_cover) {
    const double side = std::min(430.0, w * 0.4);
    return {canvas.side() / w, 1 - (canvas.side() + side) / w, 100 / h, 190 / h};
  }
  return {canvas.side() / w, canvas.side() / w, 290 / h, 150 / h};
}

std::string draw_audio(const Canvas& canvas, const TitleView& title, const Playhead& head,
                       bool has_cover, const PictureMargins& p) {
  Drawing d;
  const double w = canvas.width(), h = Canvas::height(), side = canvas.side();
  // The four strips around mpv's picture get the ground's colour.
  d.rectangle(-2, -2, w + 4, p.top + 2, ground);
  d.rectangle(-2, h - p.bottom, w + 4, p.bottom + 2, ground);
  d.rectangle(-2, p.top, p.left + 2, h - p.top - p.bottom, ground);
  d.rectangle(w - p.right, p.top, p.right + 2, h - p.top - p.bottom, ground);
  const double x = has_cover ? w - p.right + 48 : side;
  const double room = w - side - x;
  const auto name = wrap_at_most(title.name, 50, room, has_cover ? 3 : 2, true);
  const auto note = wrap_at_most(title.note, 27, room, has_cover ? 3 : 1);
  double y = has_cover ? 130 : 66;
  for (const auto& line : name) {
    d.text(x, y + 30, 4, {50, bright, Weight::semibold, false, false, 1, 0}, line);
    y += 62;
  }
  if (!title.from.empty()) {
    d.text(x, y + 24, 4, {29, ember, Weight::regular, false, false, 1, 0},
           wrap_at_most(from_line(title), 29, room, 1)[0]);
    y += 46;
  }
  for (const auto& line : note) {
    if (line.empty()) continue;
    d.text(x, y + 22, 4, {27, muted, Weight::regular, false, false, 1, 0}, line);
    y += 38;
  }
  const double foot = h - canvas.margin() - 50;
  bar(d, side, foot, w - 2 * side, head, 1);
  const TextStyle time{26, muted, Weight::regular, false, false, 1, 0};
  double left = side;
  if (head.paused) {
    paused_mark(d, side, foot + 38);
    left += 36;
  }
  d.text(left, foot + 38, 4, time, clock_time(head.position_ms));
  d.text(w - side, foot + 38, 6, time, clock_time(head.duration_ms));
  return d.take();
}

}  // namespace hearth::player
