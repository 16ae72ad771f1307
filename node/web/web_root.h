// The page from a folder instead of from the program, while it is developed (`--web-root`): read
// anew for each request, so that a build shows at once. Files are found by the paths that the
// folder really has, so no path leads out of it. Blocking, small.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "node/web/assets.h"

namespace hearth::node {

class WebRoot {
 public:
  /// Code::not_found: no index.html there.
  static Result<WebRoot> read(const std::filesystem::path& dir);
  WebRoot(WebRoot&&) = default;
  WebRoot& operator=(WebRoot&&) = default;
  const std::vector<PageFile>& files() const { return files_; }

 private:
  WebRoot() = default;
  struct Loaded {
    std::string path, tag;
    Bytes bytes;
  };
  std::vector<Loaded> loaded_;  ///< files_ looks into it
  std::vector<PageFile> files_;
};

}  // namespace hearth::node
