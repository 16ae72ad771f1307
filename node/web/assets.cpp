#include "node/web/assets.h"

#include <algorithm>
#include <array>

#include "node/web/page_request.h"

namespace hearth::node {
namespace {

constexpr std::string_view hashed = "/assets/";  // their names change with their bytes

}  // namespace

const PageFile* find_file(const std::vector<PageFile>& files, std::string_view path) {
  const auto named = [&](std::string_view wanted) -> const PageFile* {
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const PageFile& file) { return file.path == wanted; });
    return found == files.end() ? nullptr : &*found;
  };
  if (const PageFile* exact = named(path)) return exact;
  return path.starts_with(hashed) ? nullptr : named("/index.html");
}

net::Response file_answer(const PageFile& file, const net::Headers& asked) {
  net::Response response;
  response.headers["etag"] = std::string(file.tag);
  response.headers["vary"] = "accept-encoding";
  response.headers["cache-control"] =
      file.path.starts_with(hashed) ? "public, max-age=31536000, immutable" : "no-cache";
  if (matches_tag(header_of(asked, "if-none-match"), file.tag)) {
    response.status = 304;
    return response;
  }
  response.headers["content-type"] = std::string(file.media_type);
  const Accepted accepted = accepted_encodings(header_of(asked, "accept-encoding"));
  ByteView bytes = file.raw;
  if (accepted.br && !file.br.empty()) {
    bytes = file.br;
    response.headers["content-encoding"] = "br";
  } else if (accepted.gzip && !file.gzip.empty()) {
    bytes = file.gzip;
    response.headers["content-encoding"] = "gzip";
  }
  response.body = to_bytes(bytes);
  return response;
}

std::string_view page_media_type(std::string_view path) {
  using Row = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Row, 12> types = {{{".html", "text/html; charset=utf-8"},
                                                 {".js", "text/javascript; charset=utf-8"},
                                                 {".mjs", "text/javascript; charset=utf-8"},
                                                 {".css", "text/css; charset=utf-8"},
                                                 {".json", "application/json"},
                                                 {".webmanifest", "application/manifest+json"},
                                                 {".svg", "image/svg+xml"},
                                                 {".png", "image/png"},
                                                 {".jpg", "image/jpeg"},
                                                 {".ico", "image/x-icon"},
                                                 {".woff2", "font/woff2"},
                                                 {".txt", "text/plain; charset=utf-8"}}};
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const Row& row) { return path.ends_with(row.first); });
  return found == types.end() ? "application/octet-stream" : found->second;
}

}  // namespace hearth::node
