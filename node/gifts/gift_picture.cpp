#include "node/gifts/gift_picture.h"

#include "common/base/names.h"
#include "common/base/process.h"
#include "common/wire/gift_documents.h"

namespace hearth::node {
namespace {

constexpr int timeout_ms = 20'000;
constexpr std::size_t max_output = 4 * 1024 * 1024;

bool is_small_jpeg(const Bytes& out) {
  return out.size() > 3 && out[0] == 0xff && out[1] == 0xd8 && out.size() <= wire::max_gift_picture;
}

using Words = std::vector<std::string>;

/// `source` is where ffmpeg reads from, and what else it may open for that: nothing.
Words command(const Words& source, const std::string& side, const std::string& quality) {
  Words out = {"ffmpeg", "-v", "error", "-nostdin"};
  out.insert(out.end(), source.begin(), source.end());
  const Words made = {"-map",
                      "0:v:0",
                      "-frames:v",
                      "1",
                      "-vf",
                      "scale=w='min(" + side + ",iw)':h='min(" + side +
                          ",ih)':force_original_aspect_ratio=decrease",
                      "-pix_fmt",
                      "yuvj420p",
                      "-map_metadata",
                      "-1",
                      "-q:v",
                      quality,
                      "-f",
                      "mjpeg",
                      "pipe:1"};
  out.insert(out.end(), made.begin(), made.end());
  return out;
}

Result<Bytes> make(const Words& source, ByteView image, const std::string& name) {
  for (const char* side : {"640", "320"}) {
    for (const char* quality : {"3", "6", "10", "16", "31"}) {
      auto answer = run_process(command(source, side, quality), image, max_output, timeout_ms);
      if (!answer) return pass_on(answer.error());
      if (answer->exit_code != 0) {
        return fail(Code::unsupported_media,
                    name + " is no picture that can be read. Nothing was sent.");
      }
      if (is_small_jpeg(answer->out)) return std::move(answer->out);
    }
  }
  return fail(Code::too_large, "The picture does not become small enough. Nothing was sent.");
}

}  // namespace

Result<Bytes> make_gift_picture(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return fail(Code::not_found,
                "There is no picture at " + printable(file.string(), 4096) + ". Nothing was sent.");
  }
  return make({"-protocol_whitelist", "file", "-i", "file:" + file.string()}, {},
              printable(file.filename().string()));
}

Result<Bytes> make_gift_picture(ByteView jpeg) {
  // Only ever a JPEG: a playlist in its place would name files of this machine.
  return make(
      {"-protocol_whitelist", "pipe", "-max_pixels", "16777216", "-f", "jpeg_pipe", "-i", "pipe:0"},
      jpeg, "What was added");
}

}  // namespace hearth::node
