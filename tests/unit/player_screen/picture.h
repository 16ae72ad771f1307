// A picture read back from the PNG that the player sent, and questions to its colours.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/bytes.h"

namespace hearth::test {

struct Rgb {
  int r = 0, g = 0, b = 0;
};

/// No channel differs by more than `by`.
inline bool near(Rgb a, Rgb b, int by) {
  const auto close = [by](int x, int y) { return x - y <= by && y - x <= by; };
  return close(a.r, b.r) && close(a.g, b.g) && close(a.b, b.b);
}

struct Picture {
  int width = 0, height = 0;
  Bytes rgb;
  Rgb at(int x, int y) const;
  /// The share of pixels of the part (0..1 of the picture) near a colour.
  double share(Rgb colour, int by, double left = 0, double top = 0, double right = 1,
               double bottom = 1) const;
  /// How many colours a coarse grid of samples holds, in steps of 32.
  int colours() const;
};

std::optional<Picture> read_png(ByteView png);

}  // namespace hearth::test
