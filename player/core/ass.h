// Drawing with ASS, the language that libass puts on mpv's picture: one line is one event, each
// at a place of its own. Everything drawn is on a virtual canvas 720 high, as wide as the window's
// shape asks for. Text from other homes passes plain(): it can neither open a style block nor end
// the line. Pure code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::player {

struct Canvas {
  int window_width = 1280, window_height = 720;  ///< pixels
  double width() const;                          ///< virtual
  static constexpr double height() { return 720; }
  double margin() const { return 0.05 * height(); }  ///< safe area, top and bottom
  double side() const { return 0.05 * width(); }     ///< safe area, left and right
  bool operator==(const Canvas&) const = default;
};

struct Colour {
  std::uint32_t rgb = 0;
};
inline constexpr Colour ground{0x0B0D12}, surface{0x151922}, raised{0x1C212C}, overlay{0x262C3A},
    bright{0xF4F1EC}, muted{0xA9ADB8}, ember{0xFF9A4D}, danger{0xFF6B6B}, black{0x000000};

enum class Weight { light, regular, semibold };

struct TextStyle {
  double size = 30;  ///< of the em, in virtual pixels
  Colour colour = bright;
  Weight weight = Weight::regular;
  bool italic = false;
  bool mono = false;
  double opacity = 1;
  double shadow = 0;  ///< blurred, for text on a picture
};

/// Text made harmless for an ASS event: no braces, no escapes, no controls, no direction
/// overrides; invalid UTF-8 replaced. Line feeds and tabs become blanks.
std::string plain(std::string_view text);

/// `align` as the digits of a keypad: 7 is top left, 5 the middle, 3 bottom right.
class Drawing {
 public:
  Drawing& rectangle(double x, double y, double w, double h, Colour colour, double opacity = 1);
  Drawing& rounded(double x, double y, double w, double h, double radius, Colour colour,
                   double opacity = 1);
  /// A soft light: an ellipse, blurred.
  Drawing& glow(double cx, double cy, double rx, double ry, Colour colour, double opacity);
  /// The mark of Hearth, a flame, standing on (cx, bottom).
  Drawing& flame(double cx, double bottom, double height, double opacity = 1);
  Drawing& text(double x, double y, int align, const TextStyle& style, std::string_view words);
  /// As text, of several styles; `markup` was made by styled().
  Drawing& markup(double x, double y, int align, const std::string& markup);
  static std::string styled(const TextStyle& style, std::string_view words);
  std::string take() { return std::move(out_); }

 private:
  void shape(double x, double y, Colour colour, double opacity, double blur,
             const std::string& path);
  std::string out_;
};

}  // namespace hearth::player
