#include "node/web/web_root.h"

#include <algorithm>

#include "common/base/files.h"
#include "common/crypto/hash.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_file = 16 * 1024 * 1024;
constexpr std::size_t max_files = 1000;

}  // namespace

Result<WebRoot> WebRoot::read(const std::filesystem::path& dir) {
  namespace fs = std::filesystem;
  WebRoot out;
  std::error_code failed;
  for (fs::recursive_directory_iterator it(dir, failed), end; !failed && it != end;
       it.increment(failed)) {
    if (it->is_symlink() || !it->is_regular_file() || out.loaded_.size() >= max_files) continue;
    auto bytes = read_file(it->path(), max_file);
    if (!bytes) return pass_on(bytes.error());
    std::string tag = "\"" + to_hex(crypto::sha256(*bytes)) + "\"";
    out.loaded_.push_back({"/" + it->path().lexically_relative(dir).generic_string(),
                           std::move(tag), std::move(*bytes)});
  }
  for (const Loaded& one : out.loaded_) {
    out.files_.push_back({one.path, page_media_type(one.path), one.tag, one.bytes, {}, {}});
  }
  const bool has_index =
      std::any_of(out.files_.begin(), out.files_.end(),
                  [](const PageFile& file) { return file.path == "/index.html"; });
  if (has_index) return Result<WebRoot>(std::move(out));
  return fail(Code::not_found, "There is no index.html in " + dir.string() +
                                   ". Build the page first: npm run build.");
}

}  // namespace hearth::node
