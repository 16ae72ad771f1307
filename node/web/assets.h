// The page's files as they are served: found by their exact path, answered in the smallest form
// that the browser takes, never sent again while it has them. The bytes are part of the program
// (page_files() is generated from the built page) or, while the page is developed, of a folder.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/net/http.h"

namespace hearth::node {

struct PageFile {
  std::string_view path;  ///< "/index.html", "/assets/app-3f2a.js"
  std::string_view media_type;
  std::string_view tag;  ///< SHA-256 of `raw` with quotes
  ByteView raw;
  ByteView gzip, br;  ///< empty: not smaller
};

/// What the build embedded, sorted by path.
const std::vector<PageFile>& page_files();

/// What a path shows: the file of exactly that name; for others index.html, because the page has
/// addresses of its own. nullptr: nothing, for what would be a file of an older page.
const PageFile* find_file(const std::vector<PageFile>& files, std::string_view path);
/// 200 with the file, or 304.
net::Response file_answer(const PageFile& file, const net::Headers& asked);
/// "text/javascript" of "app.js"; "application/octet-stream" of what a page has no use for.
std::string_view page_media_type(std::string_view path);

}  // namespace hearth::node
