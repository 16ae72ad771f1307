// Pixels as files: BMP for mpv (a page), PNG for the node (a screenshot).
#pragma once

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "player/shell/mpv_box.h"

namespace hearth::player {

/// All of the ground's colour.
Pixels dark_window(int width, int height);
Bytes bmp_file(const Pixels& pixels);
/// Halved until it fits into `max_bytes`.
Result<Bytes> png_file(Pixels pixels, std::size_t max_bytes);

/// A channel's logo, scaled into `width` x `height`: BGRA, multiplied. Nothing for what is no PNG,
/// or larger than 1024 pixels a side.
Pixels logo_pixels(ByteView png, int width, int height, int opacity_percent);

}  // namespace hearth::player
