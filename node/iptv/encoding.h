// How one item of a channel becomes a transport stream that fits behind every other: pictures are
// taken over where they fit (H.264 as every device decodes it), else encoded; sound is always
// encoded, at -16 LUFS. Always one track of pictures and one of sound. The words that ffmpeg is
// started with are made here; the shell (feed.h) starts it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "node/channels/channel.h"

namespace hearth::node {

/// What ffprobe says of a file of somebody.
struct Probed {
  bool video = false, audio = false;  ///< covers are no video
  std::string video_codec, pixel_format;
  std::int64_t width = 0, height = 0;
  bool turned = false, interlaced = false;
  bool operator==(const Probed&) const = default;
};
/// nullopt: nothing in it can be shown or heard.
std::optional<Probed> read_probed(ByteView json);
/// Whether its pictures can be taken over.
bool fits(const Probed& media);

/// One item, or a part of one.
struct Encoding {
  Probed media;              ///< neither video nor audio: the picture alone
  std::string picture_path;  ///< shown where there is no video
  std::int64_t in_point_ms = 0, length_ms = 0;
  /// The first one of a stream: taking over may begin with the key frame before its in-point.
  bool first = false;
  std::optional<channels::Watermark> watermark;
  std::string logo_path;  ///< PNG, of the watermark
};
bool takes_over(const Encoding& encoding);
/// ffmpeg and its words; where there are media, media_script() is its input.
std::vector<std::string> ffmpeg_words(const Encoding& encoding);
/// ffprobe and its words, for the same input.
std::vector<std::string> ffprobe_words();
/// Begins with the key frame before its in-point. The address of media is a secret, which every
/// user of the machine could read among a program's words.
std::string media_script(const std::string& url, std::int64_t in_point_ms = 0);

}  // namespace hearth::node
