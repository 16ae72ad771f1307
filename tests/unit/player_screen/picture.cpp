#include "picture.h"

#include <set>

#include <png.h>

namespace hearth::test {

Rgb Picture::at(int x, int y) const {
  const std::size_t i = (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                         static_cast<std::size_t>(x)) *
                        3;
  return {rgb[i], rgb[i + 1], rgb[i + 2]};
}

double Picture::share(Rgb colour, int by, double left, double top, double right,
                      double bottom) const {
  int hits = 0, all = 0;
  for (int y = static_cast<int>(top * height); y < static_cast<int>(bottom * height); ++y) {
    for (int x = static_cast<int>(left * width); x < static_cast<int>(right * width); ++x) {
      ++all;
      if (near(at(x, y), colour, by)) ++hits;
    }
  }
  return all == 0 ? 0 : static_cast<double>(hits) / all;
}

int Picture::colours() const {
  std::set<int> seen;
  for (int y = 0; y < height; y += 8) {
    for (int x = 0; x < width; x += 8) {
      const Rgb c = at(x, y);
      seen.insert((c.r / 32) << 10 | (c.g / 32) << 5 | c.b / 32);
    }
  }
  return static_cast<int>(seen.size());
}

std::optional<Picture> read_png(ByteView png) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, png.data(), png.size()) == 0) return std::nullopt;
  image.format = PNG_FORMAT_RGB;
  Picture out{static_cast<int>(image.width), static_cast<int>(image.height),
              Bytes(PNG_IMAGE_SIZE(image))};
  if (png_image_finish_read(&image, nullptr, out.rgb.data(), 0, nullptr) == 0) return std::nullopt;
  return out;
}

}  // namespace hearth::test
