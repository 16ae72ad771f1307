#include "node/library/probe.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "common/base/process.h"
#include "common/wire/json.h"
#include "node/library/media_type.h"

namespace hearth::node {
namespace {

constexpr int probe_timeout_ms = 20'000;
constexpr std::size_t max_probe_output = 256 * 1024;
constexpr std::size_t max_codecs = 100;

Bytes first_bytes(const std::filesystem::path& path) {
  Bytes head(4096);
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return head;
}

Probe data_probe(std::string_view name, ByteView head, const std::string& magic) {
  Probe out;
  out.media_type = magic;
  if (out.media_type.empty()) {
    const std::string by_name = extension_media_type(name);
    const bool is_text = !head.empty() && looks_like_text(head);
    if (is_text) {
      out.media_type = by_name.starts_with("text/") || by_name.starts_with("application/")
                           ? by_name
                           : "text/plain";
    } else if (by_name.starts_with("application/") && by_name != "application/pdf") {
      out.media_type = by_name;
    }
  }
  if (out.media_type.empty()) out.media_type = "application/octet-stream";
  return out;
}

/// "12.345678" seconds as milliseconds.
std::int64_t duration_ms(const std::string& seconds) {
  const double value = std::strtod(seconds.c_str(), nullptr);
  if (!(value > 0) || value > 1e7) return 0;
  return static_cast<std::int64_t>(value * 1000.0);
}

struct Stream {
  std::string type, codec;
  std::uint32_t width = 0, height = 0;
  std::int64_t duration_ms = 0;
  bool is_cover = false;
};

Stream read_stream(const wire::Json& json) {
  wire::Fields fields(json, "stream");
  Stream out;
  out.type = fields.text("codec_type", 40);
  out.codec = fields.text("codec_name", 40);
  out.width = static_cast<std::uint32_t>(fields.integer_or("width", 0, 100'000, 0));
  out.height = static_cast<std::uint32_t>(fields.integer_or("height", 0, 100'000, 0));
  out.duration_ms = duration_ms(fields.text("duration", 40));
  if (fields.has("disposition")) {
    wire::Fields disposition(fields.object("disposition"), "disposition");
    out.is_cover = disposition.integer_or("attached_pic", 0, 1, 0) == 1;
  }
  return out;
}

struct Found {
  const Stream* video = nullptr;  ///< not a cover
  const Stream* audio = nullptr;
  std::int64_t duration_ms = 0;
  std::string codecs;
};

Found look_over(const std::vector<Stream>& streams, std::int64_t format_duration_ms) {
  Found out;
  out.duration_ms = format_duration_ms;
  for (const Stream& stream : streams) {
    if (stream.type == "video" && !stream.is_cover && out.video == nullptr) out.video = &stream;
    if (stream.type == "audio" && out.audio == nullptr) out.audio = &stream;
    out.duration_ms = std::max(out.duration_ms, stream.duration_ms);
  }
  for (const Stream* stream : {out.video, out.audio}) {
    if (stream == nullptr || stream->codec.empty()) continue;
    out.codecs += (out.codecs.empty() ? "" : ", ") + stream->codec;
  }
  if (out.codecs.size() > max_codecs) out.codecs.resize(max_codecs);
  return out;
}

}  // namespace

Probe read_ffprobe(ByteView json, std::string_view file_name, std::string_view magic_type) {
  Probe out;
  auto root = wire::parse_json(json, max_probe_output);
  if (!root) return out;
  wire::Fields fields(*root, "ffprobe");
  if (!fields.has("streams") || !fields.has("format")) return out;
  std::vector<Stream> streams;
  for (const wire::Json& one : fields.array("streams", 100)) streams.push_back(read_stream(one));
  wire::Fields format(fields.object("format"), "format");
  const std::string format_name = format.text("format_name", 200);
  const Found found = look_over(streams, duration_ms(format.text("duration", 40)));
  if (!fields.ok()) return Probe{};

  const bool is_image = magic_type.starts_with("image/");
  if (found.video != nullptr) {
    out.width = found.video->width;
    out.height = found.video->height;
  }
  if (is_image && found.video != nullptr && found.audio == nullptr) {
    out.kind = wire::Kind::image;
    out.media_type = magic_type;
    out.codecs = found.codecs;
    return out;
  }
  if (found.video != nullptr && found.duration_ms > 0) {
    out.kind = wire::Kind::video;
    out.media_type = probed_media_type(file_name, format_name, "video/");
  } else if (found.audio != nullptr && found.duration_ms > 0) {
    out.kind = wire::Kind::audio;
    out.media_type = probed_media_type(file_name, format_name, "audio/");
    out.width = out.height = 0;
  } else {
    return Probe{};
  }
  out.duration_ms = found.duration_ms;
  out.codecs = found.codecs;
  return out;
}

Probe probe_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const Bytes head = first_bytes(path);
  const std::string magic = magic_media_type(head);
  Probe out = data_probe(name, head, magic);
  // ffprobe takes plain text for video of a terminal; what is text or PDF is not asked of it.
  const bool is_text = !head.empty() && magic.empty() && looks_like_text(head);
  if (magic != "application/pdf" && !is_text && !head.empty()) {
    auto answer = run_process(
        {"ffprobe", "-v", "error", "-protocol_whitelist", "file", "-print_format", "json",
         "-show_entries",
         "format=format_name,duration:stream=codec_type,codec_name,width,height,duration:"
         "stream_disposition=attached_pic",
         "-i", "file:" + path.string()},
        {}, max_probe_output, probe_timeout_ms);
    if (answer && answer->exit_code == 0) {
      Probe media = read_ffprobe(answer->out, name, magic);
      if (media.kind != wire::Kind::data) out = std::move(media);
    }
  }
  out.poster = make_poster(path, out);
  return out;
}

}  // namespace hearth::node
