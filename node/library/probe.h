// What a media file is: asked of ffprobe, ffmpeg and pdftoppm in child processes, because media
// is hostile input and their parsers are large. A probe that fails finds data, not an error.
// Blocking: pool thread.
#pragma once

#include <filesystem>

#include "node/library/titles.h"

namespace hearth::node {

Probe probe_file(const std::filesystem::path& path);

/// JPEG of at most 320 × 480 and 48 KiB: a frame, the cover, the scaled image or the first page.
/// Empty when there is none.
Bytes make_poster(const std::filesystem::path& path, const Probe& probe);

/// ffprobe's answer as a Probe without poster; Kind::data when it is no media. Pure.
Probe read_ffprobe(ByteView json, std::string_view file_name, std::string_view magic_type);

}  // namespace hearth::node
