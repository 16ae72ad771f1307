#include "player/shell/picture_files.h"

#include <algorithm>

#include <png.h>

#include "player/core/ass.h"

namespace hearth::player {
namespace {

void put(Bytes& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::size_t offset(const Pixels& p, int x, int y) {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(p.width) +
          static_cast<std::size_t>(x)) *
         4;
}

Pixels halved(const Pixels& from) {
  Pixels out{from.width / 2, from.height / 2, {}};
  out.data.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * 4);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      for (std::size_t c = 0; c < 4; ++c) {
        const unsigned sum = from.data[offset(from, 2 * x, 2 * y) + c] +
                             from.data[offset(from, 2 * x + 1, 2 * y) + c] +
                             from.data[offset(from, 2 * x, 2 * y + 1) + c] +
                             from.data[offset(from, 2 * x + 1, 2 * y + 1) + c];
        out.data[offset(out, x, y) + c] = static_cast<std::uint8_t>(sum / 4);
      }
    }
  }
  return out;
}

constexpr png_uint_32 max_logo_side = 1024;

/// Each pixel the mean of those that it stands for.
Pixels scaled(const Pixels& from, int width, int height) {
  Pixels out{width, height, {}};
  out.data.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  for (int y = 0; y < height; ++y) {
    const int top = y * from.height / height;
    const int bottom = std::max(top + 1, (y + 1) * from.height / height);
    for (int x = 0; x < width; ++x) {
      const int left = x * from.width / width;
      const int right = std::max(left + 1, (x + 1) * from.width / width);
      unsigned sums[4] = {0, 0, 0, 0};
      for (int v = top; v < bottom; ++v) {
        for (int u = left; u < right; ++u) {
          for (std::size_t c = 0; c < 4; ++c) sums[c] += from.data[offset(from, u, v) + c];
        }
      }
      const auto count = static_cast<unsigned>((bottom - top) * (right - left));
      for (std::size_t c = 0; c < 4; ++c) {
        out.data[offset(out, x, y) + c] = static_cast<std::uint8_t>(sums[c] / count);
      }
    }
  }
  return out;
}

}  // namespace

Pixels logo_pixels(ByteView png, int width, int height, int opacity_percent) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, png.data(), png.size()) == 0) return {};
  if (image.width == 0 || image.height == 0 || image.width > max_logo_side ||
      image.height > max_logo_side) {
    png_image_free(&image);
    return {};
  }
  image.format = PNG_FORMAT_BGRA;
  Pixels pixels{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  pixels.data.resize(PNG_IMAGE_SIZE(image));
  if (png_image_finish_read(&image, nullptr, pixels.data.data(), 0, nullptr) == 0) return {};
  for (std::size_t i = 0; i + 3 < pixels.data.size(); i += 4) {
    const unsigned alpha = pixels.data[i + 3] * static_cast<unsigned>(opacity_percent) / 100;
    for (std::size_t c = 0; c < 3; ++c) {
      pixels.data[i + c] = static_cast<std::uint8_t>(pixels.data[i + c] * alpha / 255);
    }
    pixels.data[i + 3] = static_cast<std::uint8_t>(alpha);
  }
  const double scale = std::min(static_cast<double>(width) / pixels.width,
                                static_cast<double>(height) / pixels.height);
  return scaled(pixels, std::max(1, static_cast<int>(pixels.width * scale)),
                std::max(1, static_cast<int>(pixels.height * scale)));
}

Pixels dark_window(int width, int height) {
  Pixels out{width, height, {}};
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  out.data.reserve(count * 4);
  for (std::size_t i = 0; i < count; ++i) put(out.data, 0xFF000000 | ground.rgb, 4);
  return out;
}

Bytes bmp_file(const Pixels& pixels) {
  constexpr std::uint32_t headers = 14 + 40;
  const auto size = static_cast<std::uint32_t>(pixels.data.size());
  Bytes out = {'B', 'M'};
  out.reserve(headers + size);
  put(out, headers + size, 4);
  put(out, 0, 4);
  put(out, headers, 4);
  put(out, 40, 4);
  put(out, static_cast<std::uint32_t>(pixels.width), 4);
  put(out, static_cast<std::uint32_t>(-pixels.height), 4);  // top row first
  put(out, 1, 2);
  put(out, 32, 2);
  put(out, 0, 4);
  put(out, size, 4);
  for (int i = 0; i < 4; ++i) put(out, 0, 4);
  append(out, pixels.data);
  return out;
}

Result<Bytes> png_file(Pixels pixels, std::size_t max_bytes) {
  while (pixels.width > 1 && pixels.height > 1) {
    // PNG keeps no fourth byte of ours: BGRX to BGR.
    Bytes rows(pixels.data.size() / 4 * 3);
    for (std::size_t from = 0, to = 0; to < rows.size(); from += 4, to += 3) {
      for (std::size_t c = 0; c < 3; ++c) rows[to + c] = pixels.data[from + c];
    }
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(pixels.width);
    image.height = static_cast<png_uint_32>(pixels.height);
    image.format = PNG_FORMAT_BGR;
    image.flags = PNG_IMAGE_FLAG_FAST;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    Bytes out(size);
    if (png_image_write_to_memory(&image, out.data(), &size, 0, rows.data(), 0, nullptr) == 0) {
      return fail(Code::internal,
                  std::string("The picture could not be written as PNG: ") + image.message + ".");
    }
    out.resize(size);
    if (out.size() <= max_bytes) return out;
    pixels = halved(pixels);
  }
  return fail(Code::too_large, "The picture of the TV is too large to be sent.");
}

}  // namespace hearth::player
