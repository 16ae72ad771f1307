#include "player/core/ass.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "player/core/text.h"

namespace hearth::player {
namespace {

// libass scales by ascent + descent; Inter's are 1.21 em together.
constexpr double ass_size_per_em = 1.21;
constexpr double kappa = 0.5523;  // of a Bézier curve that looks like a quarter of a circle

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string colour_tag(Colour colour) {
  char text[24];
  std::snprintf(text, sizeof text, "\\1c&H%02X%02X%02X&", colour.rgb & 0xFF, colour.rgb >> 8 & 0xFF,
                colour.rgb >> 16 & 0xFF);
  return text;
}

std::string alpha_tag(const char* tag, double opacity) {
  const int alpha = 255 - static_cast<int>(std::lround(255 * std::clamp(opacity, 0.0, 1.0)));
  char text[24];
  std::snprintf(text, sizeof text, "\\%s&H%02X&", tag, alpha);
  return text;
}

std::string point(double x, double y) {
  return number(x) + " " + number(y) + " ";
}

std::string curve(double x1, double y1, double x2, double y2, double x3, double y3) {
  return "b " + point(x1, y1) + point(x2, y2) + point(x3, y3);
}

std::string place(double x, double y, int align) {
  return "{\\an" + std::to_string(align) + "\\pos(" + number(x) + "," + number(y) +
         ")\\q2\\bord0\\shad0";
}

}  // namespace

double Canvas::width() const {
  if (window_height <= 0 || window_width <= 0) return 1280;
  return std::clamp(height() * window_width / window_height, 360.0, 2880.0);
}

std::string plain(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = next_code_point(text, i);
    if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029 || c == 0x85) {
      out += ' ';
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
               (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF) {
      continue;
    } else if (c == '\\') {
      out += "\\\xE2\x81\xA0";  // a word joiner behind it: the backslash escapes nothing
    } else if (c == '{' || c == '}') {
      out += '\\';
      out += static_cast<char>(c);
    } else {
      append_utf8(out, c);
    }
  }
  return out;
}

void Drawing::shape(double x, double y, Colour colour, double opacity, double blur,
                    const std::string& path) {
  out_ += place(x, y, 7) + colour_tag(colour) + alpha_tag("1a", opacity);
  if (blur > 0) out_ += "\\blur" + number(blur);
  out_ += "\\p1}" + path + "{\\p0}\n";
}

Drawing& Drawing::rectangle(double x, double y, double w, double h, Colour colour, double opacity) {
  if (w <= 0 || h <= 0) return *this;
  shape(x, y, colour, opacity, 0, "m 0 0 l " + point(w, 0) + point(w, h) + point(0, h));
  return *this;
}

Drawing& Drawing::rounded(double x, double y, double w, double h, double radius, Colour colour,
                          double opacity) {
  if (w <= 0 || h <= 0) return *this;
  const double r = std::min({radius, w / 2, h / 2});
  const double k = r * (1 - kappa);
  shape(x, y, colour, opacity, 0,
        "m " + point(r, 0) + "l " + point(w - r, 0) + curve(w - k, 0, w, k, w, r) + "l " +
            point(w, h - r) + curve(w, h - k, w - k, h, w - r, h) + "l " + point(r, h) +
            curve(k, h, 0, h - k, 0, h - r) + "l " + point(0, r) + curve(0, k, k, 0, r, 0));
  return *this;
}

Drawing& Drawing::glow(double cx, double cy, double rx, double ry, Colour colour, double opacity) {
  const double kx = rx * kappa, ky = ry * kappa;
  shape(cx - rx, cy - ry, colour, opacity, 100,
        "m " + point(rx, 0) + curve(rx + kx, 0, 2 * rx, ry - ky, 2 * rx, ry) +
            curve(2 * rx, ry + ky, rx + kx, 2 * ry, rx, 2 * ry) +
            curve(rx - kx, 2 * ry, 0, ry + ky, 0, ry) + curve(0, ry - ky, rx - kx, 0, rx, 0));
  return *this;
}

Drawing& Drawing::flame(double cx, double bottom, double height, double opacity) {
  const double u = height / 100;  // drawn on a grid 80 wide and 100 high
  const auto c = [u](double x1, double y1, double x2, double y2, double x3, double y3) {
    return curve(x1 * u, y1 * u, x2 * u, y2 * u, x3 * u, y3 * u);
  };
  const std::string outer = "m " + point(44 * u, 0) + c(48, 22, 78, 36, 76, 66) +
                            c(75, 88, 58, 100, 40, 100) + c(20, 100, 4, 86, 4, 64) +
                            c(4, 50, 11, 40, 18, 32) + c(19, 42, 23, 48, 29, 50) +
                            c(26, 32, 32, 12, 44, 0);
  const std::string inner = "m " + point(42 * u, 46 * u) + c(46, 58, 58, 64, 57, 79) +
                            c(56, 90, 49, 95, 41, 95) + c(31, 95, 24, 88, 24, 78) +
                            c(24, 66, 38, 60, 42, 46);
  shape(cx - 40 * u, bottom - height, ember, opacity, 0, outer);
  shape(cx - 40 * u, bottom - height, Colour{0xFFD9A8}, opacity, 0, inner);
  return *this;
}

std::string Drawing::styled(const TextStyle& style, std::string_view words) {
  std::string out = "{\\fn";
  if (style.mono) {
    out += "DejaVu Sans Mono";
  } else {
    out += style.weight == Weight::light ? "Inter Light" : "Inter";
  }
  out += "\\b" + std::to_string(style.weight == Weight::semibold ? 600 : 400);
  out += style.italic ? "\\i1" : "\\i0";
  out += "\\fs" + number(style.size * ass_size_per_em);
  out += colour_tag(style.colour) + alpha_tag("1a", style.opacity);
  if (style.shadow > 0) {
    out += "\\bord" + number(style.shadow) + "\\blur" + number(style.shadow * 2) + "\\3c&H000000&" +
           alpha_tag("3a", 0.55 * style.opacity);
  }
  return out + "}" + plain(words);
}

Drawing& Drawing::text(double x, double y, int align, const TextStyle& style,
                       std::string_view words) {
  return markup(x, y, align, styled(style, words));
}

Drawing& Drawing::markup(double x, double y, int align, const std::string& markup) {
  out_ += place(x, y, align) + "}" + markup + "\n";
  return *this;
}

}  // namespace hearth::player
