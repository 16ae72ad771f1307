#include "node/library/media_type.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace hearth::node {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr Pair by_extension[] = {
    {"mp4", "video/mp4"},
    {"m4v", "video/mp4"},
    {"mov", "video/quicktime"},
    {"mkv", "video/x-matroska"},
    {"webm", "video/webm"},
    {"avi", "video/x-msvideo"},
    {"mpg", "video/mpeg"},
    {"mpeg", "video/mpeg"},
    {"vob", "video/mpeg"},
    {"ts", "video/mp2t"},
    {"mts", "video/mp2t"},
    {"m2ts", "video/mp2t"},
    {"ogv", "video/ogg"},
    {"3gp", "video/3gpp"},
    {"wmv", "video/x-ms-wmv"},
    {"flv", "video/x-flv"},
    {"mp3", "audio/mpeg"},
    {"m4a", "audio/mp4"},
    {"aac", "audio/aac"},
    {"flac", "audio/flac"},
    {"wav", "audio/wav"},
    {"ogg", "audio/ogg"},
    {"oga", "audio/ogg"},
    {"opus", "audio/ogg"},
    {"wma", "audio/x-ms-wma"},
    {"aif", "audio/aiff"},
    {"aiff", "audio/aiff"},
    {"mka", "audio/x-matroska"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"png", "image/png"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"bmp", "image/bmp"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"svg", "image/svg+xml"},
    {"pdf", "application/pdf"},
    {"txt", "text/plain"},
    {"text", "text/plain"},
    {"log", "text/plain"},
    {"md", "text/markdown"},
    {"markdown", "text/markdown"},
    {"csv", "text/csv"},
    {"html", "text/html"},
    {"htm", "text/html"},
    {"json", "application/json"},
    {"xml", "application/xml"},
    {"zip", "application/zip"},
    {"gz", "application/gzip"},
    {"tar", "application/x-tar"},
    {"7z", "application/x-7z-compressed"},
    {"epub", "application/epub+zip"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
};

// The second part is "video/" or "audio/" plus the subtype that fits both.
constexpr Pair by_format[] = {
    {"mov,mp4", "mp4"}, {"matroska", "x-matroska"}, {"avi", "x-msvideo"},
    {"mpegts", "mp2t"}, {"mpeg", "mpeg"},           {"ogg", "ogg"},
    {"mp3", "mpeg"},    {"flac", "flac"},           {"wav", "wav"},
    {"aac", "aac"},     {"asf", "x-ms-wmv"},        {"flv", "x-flv"},
    {"aiff", "aiff"},
};

std::string extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  std::string out(name.substr(dot + 1));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// Length of the UTF-8 character that starts with `lead`; 0 when none does.
std::size_t utf8_length(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

}  // namespace

std::string magic_media_type(ByteView head) {
  const std::string_view text = as_text(head);
  const auto starts = [text](std::string_view magic) { return text.starts_with(magic); };
  if (starts("\xff\xd8\xff")) return "image/jpeg";
  if (starts("\x89PNG\r\n\x1a\n")) return "image/png";
  if (starts("GIF87a") || starts("GIF89a")) return "image/gif";
  if (starts("RIFF") && text.size() >= 12 && text.substr(8, 4) == "WEBP") return "image/webp";
  if (starts("BM") && text.size() >= 10 && text.substr(6, 4) == std::string_view("\0\0\0\0", 4)) {
    return "image/bmp";
  }
  if (starts(std::string_view("II*\0", 4)) || starts(std::string_view("MM\0*", 4))) {
    return "image/tiff";
  }
  // A few bytes may stand before it (ISO 32000, annex H).
  if (text.substr(0, 1024).find("%PDF-") != std::string_view::npos) return "application/pdf";
  return {};
}

std::string extension_media_type(std::string_view file_name) {
  const std::string wanted = extension(file_name);
  for (const auto& [name, type] : by_extension) {
    if (name == wanted) return std::string(type);
  }
  return {};
}

std::string probed_media_type(std::string_view file_name, std::string_view format_name,
                              std::string_view kind_prefix) {
  const std::string by_name = extension_media_type(file_name);
  if (by_name.starts_with(kind_prefix)) return by_name;
  for (const auto& [format, subtype] : by_format) {
    if (format_name.starts_with(format)) return std::string(kind_prefix) + std::string(subtype);
  }
  return "application/octet-stream";
}

bool looks_like_text(ByteView head) {
  for (std::size_t at = 0; at < head.size();) {
    const std::uint8_t lead = head[at];
    if (lead < 0x20 && lead != '\n' && lead != '\r' && lead != '\t' && lead != '\f') return false;
    const std::size_t length = utf8_length(lead);
    if (length == 0) return false;
    for (std::size_t i = 1; i < length && at + i < head.size(); ++i) {
      if ((head[at + i] & 0xc0) != 0x80) return false;
    }
    at += length;
  }
  return true;
}

}  // namespace hearth::node
