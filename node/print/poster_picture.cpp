#include "common/base/process.h"
#include "node/print/card_face.h"

namespace hearth::node {
namespace {

constexpr int decode_timeout_ms = 20'000;
constexpr PosterBox portrait{320, 480}, landscape{480, 320}, square{400, 400};

}  // namespace

PosterBox poster_box(std::uint32_t width, std::uint32_t height) {
  if (width == 0 || height == 0) return square;
  if (4 * width >= 5 * height) return landscape;
  return 5 * width <= 4 * height ? portrait : square;
}

Picture decode_poster(ByteView jpeg, const PosterBox& box) {
  if (jpeg.empty()) return {};
  const std::string size = std::to_string(box.width) + ":" + std::to_string(box.height);
  const auto decoded =
      run_process({"ffmpeg", "-v", "error", "-nostdin", "-protocol_whitelist", "pipe", "-f",
                   "mjpeg", "-i", "pipe:0", "-frames:v", "1", "-vf",
                   "scale=" + size + ":force_original_aspect_ratio=increase,crop=" + size,
                   "-pix_fmt", "bgr0", "-f", "rawvideo", "pipe:1"},
                  jpeg, 4 * 1024 * 1024, decode_timeout_ms);
  const auto wanted =
      4 * static_cast<std::size_t>(box.width) * static_cast<std::size_t>(box.height);
  if (!decoded || decoded->exit_code != 0 || decoded->out.size() != wanted) return {};
  return {box.width, box.height, decoded->out};
}

}  // namespace hearth::node
