#include "common/base/process.h"
#include "node/library/probe.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_poster = 48 * 1024;
constexpr int poster_timeout_ms = 20'000;

Bytes as_poster(const Result<ProcessOutput>& answer) {
  if (!answer || answer->exit_code != 0) return {};
  const Bytes& out = answer->out;
  const bool is_jpeg = out.size() > 3 && out[0] == 0xff && out[1] == 0xd8;
  return is_jpeg && out.size() <= max_poster ? out : Bytes{};
}

std::vector<std::string> ffmpeg_command(const std::filesystem::path& path, const Probe& probe,
                                        const char* quality) {
  std::vector<std::string> argv = {"ffmpeg", "-v", "error", "-nostdin", "-protocol_whitelist",
                                   "file"};
  if (probe.kind == wire::Kind::video) {
    // Title cards and black frames stand at the beginning.
    argv.insert(argv.end(), {"-ss", std::to_string(probe.duration_ms / 10) + "ms"});
  }
  argv.insert(argv.end(),
              {"-i", "file:" + path.string(), "-map", "0:v:0", "-frames:v", "1", "-vf",
               "scale=w=320:h=480:force_original_aspect_ratio=decrease", "-pix_fmt", "yuvj420p",
               "-map_metadata", "-1", "-q:v", quality, "-f", "mjpeg", "pipe:1"});
  return argv;
}

}  // namespace

Bytes make_poster(const std::filesystem::path& path, const Probe& probe) {
  if (probe.kind != wire::Kind::data) {
    for (const char* quality : {"3", "8", "16", "31"}) {
      Bytes poster = as_poster(run_process(ffmpeg_command(path, probe, quality), {},
                                           4 * 1024 * 1024, poster_timeout_ms));
      if (!poster.empty()) return poster;
    }
    return {};
  }
  if (probe.media_type != "application/pdf") return {};
  for (const char* quality : {"quality=80", "quality=50", "quality=20"}) {
    Bytes poster = as_poster(
        run_process({"pdftoppm", "-jpeg", "-jpegopt", quality, "-f", "1", "-l", "1", "-singlefile",
                     "-scale-to-x", "320", "-scale-to-y", "-1", "--", path.string()},
                    {}, 4 * 1024 * 1024, poster_timeout_ms));
    if (!poster.empty()) return poster;
  }
  return {};
}

}  // namespace hearth::node
