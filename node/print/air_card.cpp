#include "node/print/air_card.h"

#include "node/print/ink.h"

namespace hearth::node {
namespace {

constexpr int width = 1280, height = 720;
constexpr double side = 96, top = 84;
constexpr Ink ground{0.043, 0.051, 0.071}, bright{0.96, 0.95, 0.93}, muted{0.66, 0.67, 0.70};

Ink ink_of(std::uint32_t colour) {
  const auto part = [&](int shift) { return static_cast<double>(colour >> shift & 0xff) / 255; };
  return {part(16), part(8), part(0)};
}

void draw(cairo_t* cr, const AirCard& card) {
  use(cr, ground);
  cairo_paint(cr);
  use(cr, ink_of(card.colour));
  cairo_rectangle(cr, 0, 0, 18, height);
  cairo_fill(cr);
  constexpr double wide = width - 2 * side;
  write(cr, card.channel, {"Inter Semi-Bold 30", muted, 40}, side, top, wide);
  double y = top + 70;
  if (!card.headline.empty())
    y += write(cr, card.headline, {"Inter Bold 52", bright, 190, 1.05}, side, y, wide) + 26;
  const bool is_long = card.text.size() > 400;
  write(cr, card.text, {is_long ? "Inter 24" : "Inter 34", bright, height - top - y, 1.25}, side, y,
        wide);
}

}  // namespace

Result<Bytes> draw_air_card(const AirCard& card) {
  Bytes out;
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t* cr = cairo_create(surface);
  draw(cr, card);
  return drawn(cr, surface, out, true);
}

}  // namespace hearth::node
