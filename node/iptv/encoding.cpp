#include "node/iptv/encoding.h"

#include <algorithm>
#include <cstdio>

#include "common/wire/json.h"

namespace hearth::node {
namespace {

using channels::Corner;

constexpr std::size_t max_probe = 256 * 1024;
constexpr int width = 1280, height = 720, rate = 25;

/// Formats that are read: none that opens further files. The script itself is one, and a stranger's
/// file may be one as well: its names are bounded by -safe, and lead nowhere but to this node.
constexpr std::string_view media_formats =
    "concat,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mp3,ogg,flac,wav,aac,flv,asf,"
    "aiff,w64,caf,ac3,eac3,dts,h264,hevc,mpegvideo,m4v,gif";
constexpr std::string_view picture_formats =
    "jpeg_pipe,png_pipe,webp_pipe,gif,bmp_pipe,tiff_pipe,mov,mp4";
constexpr std::string_view max_pixels = "67108864";

std::string seconds(std::int64_t ms) {
  char text[40];
  std::snprintf(text, sizeof text, "%lld.%03d", static_cast<long long>(ms / 1000),
                static_cast<int>(ms % 1000));
  return text;
}

void add(std::vector<std::string>& to, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) to.emplace_back(word);
}

void add_media(std::vector<std::string>& to) {
  add(to, {"-protocol_whitelist", "pipe,http,tcp", "-format_whitelist", media_formats,
           "-max_pixels", max_pixels, "-f", "concat", "-safe", "0", "-i", "pipe:0"});
}

void add_picture(std::vector<std::string>& to, const std::string& path) {
  add(to, {"-protocol_whitelist", "file", "-format_whitelist", picture_formats, "-max_pixels",
           max_pixels, "-i", path});
}

/// Into the frame that all have, without distortion.
std::string framed() {
  const std::string size = std::to_string(width) + ":" + std::to_string(height);
  return "scale=" + size +
         ":force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic,pad=" + size +
         ":(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p";
}

std::string overlaid(const channels::Watermark& mark) {
  const auto margin = std::to_string(height / 24);
  const bool left = mark.corner == Corner::top_left || mark.corner == Corner::bottom_left;
  const bool top = mark.corner == Corner::top_left || mark.corner == Corner::top_right;
  const int wide = std::max(2, width * mark.width_percent / 100 / 2 * 2);
  char opacity[32];
  std::snprintf(opacity, sizeof opacity, "%d.%02d", mark.opacity_percent / 100,
                mark.opacity_percent % 100);
  return "scale=" + std::to_string(wide) + ":-2,format=rgba,colorchannelmixer=aa=" + opacity +
         "[mark];[base][mark]overlay=x=" + (left ? margin : "W-w-" + margin) +
         ":y=" + (top ? margin : "H-h-" + margin);
}

/// Which input is what.
struct Inputs {
  int media = -1, picture = -1, logo = -1;
};

/// The graph that ends in [v] and [a].
std::string graph(const Encoding& encoding, const Inputs& inputs) {
  const bool of_media = encoding.media.video;
  const bool copied = takes_over(encoding);
  std::string out;
  if (!copied) {
    if (of_media) {
      out = "[" + std::to_string(inputs.media) + ":v:0]trim=start=0," +
            (encoding.media.interlaced ? "yadif=deint=interlaced," : "") + framed() +
            ",fps=" + std::to_string(rate) + ",tpad=stop_mode=clone:stop=-1";
    } else {
      out = "[" + std::to_string(inputs.picture) + ":v:0]" + framed() +
            ",loop=loop=-1:size=1:start=0,setpts=N/(" + std::to_string(rate) +
            "*TB),fps=" + std::to_string(rate);
    }
    if (inputs.logo >= 0) {
      out += "[base];[" + std::to_string(inputs.logo) + ":v:0]" + overlaid(*encoding.watermark) +
             ",format=yuv420p";
    }
    out += "[v];";
  }
  if (encoding.media.audio) {
    // Loudness is worked out at 192 kHz; sound that ends before the pictures is followed by
    // silence.
    out += "[" + std::to_string(inputs.media) +
           ":a:0]atrim=start=0,aresample=async=1:first_pts=0,loudnorm=I=-16:TP=-1.5:LRA=11,"
           "aresample=48000,"
           "aformat=channel_layouts=stereo,apad[a]";
  } else {
    out += "anullsrc=channel_layout=stereo:sample_rate=48000[a]";
  }
  return out;
}

struct Stream {
  std::string type, codec, pixels, order;
  std::int64_t width = 0, height = 0;
  bool cover = false, turned = false;
};

Stream read_stream(const wire::Json& json) {
  wire::Fields fields(json, "stream");
  Stream out;
  out.type = fields.text("codec_type", 40);
  out.codec = fields.text("codec_name", 40);
  out.pixels = fields.text("pix_fmt", 40);
  out.order = fields.text("field_order", 40);
  out.width = fields.integer_or("width", 0, 100'000, 0);
  out.height = fields.integer_or("height", 0, 100'000, 0);
  if (fields.has("disposition")) {
    wire::Fields disposition(fields.object("disposition"), "disposition");
    out.cover = disposition.integer_or("attached_pic", 0, 1, 0) == 1;
  }
  if (!fields.ok()) return {};
  if (!fields.has("side_data_list")) return out;
  for (const wire::Json& one : fields.array("side_data_list", 100)) {
    wire::Fields side(one, "side data");
    out.turned = out.turned || side.integer_or("rotation", -360, 360, 0) != 0;
  }
  return out;
}

}  // namespace

std::optional<Probed> read_probed(ByteView json) {
  const auto root = wire::parse_json(json, max_probe);
  if (!root) return std::nullopt;
  wire::Fields fields(*root, "ffprobe");
  if (!fields.has("streams")) return std::nullopt;
  Probed out;
  for (const wire::Json& one : fields.array("streams", 100)) {
    const Stream stream = read_stream(one);
    if (stream.type == "audio") out.audio = true;
    if (stream.type != "video" || stream.cover || out.video) continue;
    out.video = true;
    out.video_codec = stream.codec;
    out.pixel_format = stream.pixels;
    out.width = stream.width;
    out.height = stream.height;
    out.turned = stream.turned;
    out.interlaced =
        !stream.order.empty() && stream.order != "progressive" && stream.order != "unknown";
  }
  if (!fields.ok() || (!out.video && !out.audio)) return std::nullopt;
  return out;
}

bool fits(const Probed& media) {
  const bool ordinary = media.pixel_format == "yuv420p" || media.pixel_format == "yuvj420p";
  return media.video && media.video_codec == "h264" && ordinary && media.width > 0 &&
         media.width <= 1920 && media.height > 0 && media.height <= 1088 && !media.turned &&
         !media.interlaced;
}

bool takes_over(const Encoding& encoding) {
  const bool marked = encoding.watermark.has_value() && !encoding.logo_path.empty();
  return fits(encoding.media) && !marked && (encoding.first || encoding.in_point_ms == 0);
}

std::vector<std::string> ffmpeg_words(const Encoding& encoding) {
  std::vector<std::string> out = {"ffmpeg", "-v", "error", "-nostdin", "-nostats"};
  Inputs inputs;
  int count = 0;
  if (encoding.media.video || encoding.media.audio) {
    // Zero is the in-point (media_script); what comes before it keeps its negative times.
    add(out, {"-copyts"});
    add_media(out);
    inputs.media = count++;
  }
  if (!encoding.media.video) {
    add_picture(out, encoding.picture_path);
    inputs.picture = count++;
  }
  const bool copied = takes_over(encoding);
  if (encoding.watermark && !encoding.logo_path.empty()) {
    add_picture(out, encoding.logo_path);
    inputs.logo = count++;
  }
  add(out, {"-filter_complex", graph(encoding, inputs), "-map"});
  if (copied) {
    add(out, {std::to_string(inputs.media) + ":v:0", "-map", "[a]", "-c:v", "copy"});
  } else {
    const bool still = !encoding.media.video;
    const std::string keys = std::to_string(2 * rate);
    add(out, {"[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "veryfast", "-threads", "2"});
    if (still) add(out, {"-tune", "stillimage"});
    add(out, {"-bf", "0", "-g", keys, "-keyint_min", keys, "-sc_threshold", "0", "-crf", "22",
              "-maxrate", "6M", "-bufsize", "6M", "-profile:v", "high"});
  }
  add(out, {"-c:a",
            "aac",
            "-b:a",
            "160k",
            "-ac",
            "2",
            "-ar",
            "48000",
            "-map_metadata",
            "-1",
            "-map_chapters",
            "-1",
            "-t",
            seconds(encoding.length_ms),
            "-muxdelay",
            "0",
            "-muxpreload",
            "0",
            "-output_ts_offset",
            "1000",
            "-max_interleave_delta",
            "2000000",
            "-mpegts_start_pid",
            "256",
            "-mpegts_pmt_start_pid",
            "4096",
            "-flush_packets",
            "1",
            "-f",
            "mpegts",
            "pipe:1"});
  return out;
}

std::vector<std::string> ffprobe_words() {
  std::vector<std::string> out = {"ffprobe", "-v", "error"};
  add(out, {"-print_format", "json", "-show_entries",
            "stream=codec_type,codec_name,pix_fmt,width,height,field_order:stream_side_data="
            "rotation:stream_disposition=attached_pic"});
  add_media(out);
  return out;
}

std::string media_script(const std::string& url, std::int64_t in_point_ms) {
  std::string out = "ffconcat version 1.0\nfile " + url + "\n";
  // Not ffmpeg's -ss: in a script whose file has a single track it goes to a key frame behind.
  if (in_point_ms > 0) out += "inpoint " + seconds(in_point_ms) + "\n";
  return out;
}

}  // namespace hearth::node
