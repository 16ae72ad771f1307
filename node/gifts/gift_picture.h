// The picture that goes with a gift: made from any image of this home by ffmpeg in a child process.
// The pictures of others are never decoded here; the TV's own process does that.
// Blocking: pool thread.
#pragma once

#include <filesystem>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::node {

/// A JPEG of at most 640 pixels a side and wire::max_gift_picture bytes. Code::not_found,
/// Code::unsupported_media.
Result<Bytes> make_gift_picture(const std::filesystem::path& file);
/// The same of a JPEG that came through the API, from a phone of this home.
Result<Bytes> make_gift_picture(ByteView jpeg);

}  // namespace hearth::node
