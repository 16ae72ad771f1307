// The scenes of data titles: information card, text pages, page numbers.
#include <algorithm>

#include "player/core/scenes.h"
#include "player/core/text.h"

namespace hearth::player {
namespace {

/// "PDF", "ZIP": what people call a file, from its name, else from its media type.
std::string badge_of(const CardView& card) {
  const std::size_t dot = card.title.name.rfind('.');
  std::string badge;
  if (dot != std::string::npos && dot + 1 < card.title.name.size() &&
      card.title.name.size() - dot <= 6) {
    badge = card.title.name.substr(dot + 1);
  } else {
    badge = card.media_type.substr(card.media_type.find('/') + 1);
  }
  const bool plain_letters = std::all_of(badge.begin(), badge.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (!plain_letters || badge.empty() || badge.size() > 5) return "FILE";
  for (char& c : badge) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return badge;
}

void draw_line(Drawing& d, const Line& line, double x, double y, double width) {
  for (int i = 0; i < std::min(line.quote_depth, 6); ++i) {
    d.rounded(x + 28 * i, y, 4, line.height + 1, 0, ember, 0.55);
  }
  const double middle = y + line.height / 2;
  if (line.look == Line::Look::rule) {
    d.rectangle(x + line.indent, middle, width - line.indent, 2, overlay);
    return;
  }
  if (line.look == Line::Look::code) {
    d.rectangle(x + line.indent, y, width - line.indent, line.height + 1, surface);
  }
  const Colour base = line.quiet ? muted : bright;
  if (!line.marker.empty()) {
    d.text(x + line.indent - 14, middle, 6, {line.em, ember, Weight::regular}, line.marker);
  }
  std::string markup;
  for (const Run& run : line.runs) {
    TextStyle style{run.mono ? std::min(line.em, line.em * 0.86) : line.em, base};
    if (line.look == Line::Look::code) style.size = line.em;
    if (run.bold) style.weight = Weight::semibold;
    if (run.accent || (run.mono && line.look != Line::Look::code)) style.colour = ember;
    style.italic = run.italic;
    style.mono = run.mono;
    markup += Drawing::styled(style, run.text);
  }
  const double inset = line.look == Line::Look::code ? 20 : 0;
  if (!markup.empty()) d.markup(x + line.indent + inset, middle, 4, markup);
}

}  // namespace

void draw_footer(Drawing& d, const Canvas& canvas, const TitleView& title, int number, int pages,
                 const std::string& detail) {
  const double y = Canvas::height() - canvas.margin() - 12;
  const TextStyle style{22, muted, Weight::regular, false, false, 1, 0};
  const std::string words =
      title.from.empty() ? title.name : title.name + "  ·  from " + title.from;
  d.text(canvas.side(), y, 4, style, wrap_at_most(words, 22, canvas.width() * 0.5, 1)[0]);
  const std::string count = pages > 1 ? std::to_string(number) + " / " + std::to_string(pages) : "";
  const std::string right =
      detail.empty() || count.empty() ? detail + count : detail + "   ·   " + count;
  if (!right.empty()) d.text(canvas.width() - canvas.side(), y, 6, style, right);
  if (pages < 2) return;
  const double width = canvas.width() - 2 * canvas.side();
  d.rectangle(canvas.side(), y - 26, width, 2, overlay);
  d.rectangle(canvas.side(), y - 26, width * number / pages, 2, ember);
}

std::string draw_card(const Canvas& canvas, const CardView& card) {
  Drawing d;
  const double w = canvas.width(), h = Canvas::height();
  d.rectangle(-2, -2, w + 4, h + 4, ground);
  d.glow(w / 2, h + 150, w * 0.5, 170, ember, 0.10);
  const double width = std::min(960.0, w - 2 * canvas.side()), height = 360;
  const double x = (w - width) / 2, top = (h - height) / 2;
  d.rounded(x, top, width, height, 24, surface);
  d.rounded(x + 48, top + 56, 176, height - 112, 16, raised);
  d.rectangle(x + 72, top + height - 100, 128, 4, ember);
  d.text(x + 136, top + height / 2, 5, {44, ember, Weight::semibold}, badge_of(card));
  const double left = x + 272, room = width - 272 - 48;
  const auto name = wrap_at_most(card.title.name, 40, room, 2, true);
  const auto reason = wrap_at_most(card.reason, 25, room, 3);
  std::string facts = size_in_words(card.size);
  if (!card.media_type.empty()) facts += "  ·  " + card.media_type;
  double y = top + 62 + (name.size() == 1 ? 24 : 0);
  for (const auto& line : name) {
    d.text(left, y + 24, 4, {40, bright, Weight::semibold}, line);
    y += 50;
  }
  if (!card.title.from.empty()) {
    d.text(left, y + 22, 4, {27, ember}, wrap_at_most("from " + card.title.from, 27, room, 1)[0]);
    y += 42;
  }
  d.text(left, y + 20, 4, {25, muted}, wrap_at_most(facts, 25, room, 1)[0]);
  y += 50;
  for (const auto& line : reason) {
    d.text(left, y + 18, 4, {25, bright}, line);
    y += 36;
  }
  return d.take();
}

std::string draw_text_page(const Canvas& canvas, const TextPage& page, const TitleView& title,
                           int number, int pages) {
  Drawing d;
  d.rectangle(-2, -2, canvas.width() + 4, Canvas::height() + 4, ground);
  const Column column = column_for(canvas);
  const double x = (canvas.width() - column.width) / 2;
  double y = canvas.margin() + 14;
  for (const Line& line : page.lines) {
    if (line.look != Line::Look::gap || line.quote_depth > 0)
      draw_line(d, line, x, y, column.width);
    y += line.height;
  }
  draw_footer(d, canvas, title, number, pages);
  return d.take();
}

std::string draw_page_number(const Canvas& canvas, int number, int pages, double opacity) {
  Drawing d;
  const std::string words = std::to_string(number) + " / " + std::to_string(pages);
  const double width = text_width(words, 24) + 48;
  const double x = canvas.width() - canvas.side() - width;
  const double y = Canvas::height() - canvas.margin() - 48;
  d.rounded(x, y, width, 48, 24, raised, 0.9 * opacity);
  d.text(x + width / 2, y + 24, 5, {24, bright, Weight::regular, false, false, opacity, 0}, words);
  return d.take();
}

}  // namespace hearth::player
