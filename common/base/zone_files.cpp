#include "common/base/zone_files.h"

#include <algorithm>
#include <string>

#include "common/base/files.h"
#include "common/base/names.h"

namespace hearth {
namespace {

constexpr std::size_t max_zone_bytes = 64 * 1024;

/// No dots: the name never leads out of the folder.
bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() != '/' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '/' || c == '_' || c == '-' || c == '+';
         });
}

}  // namespace

Result<Bytes> read_zone_file(std::string_view name) {
  if (is_name(name)) {
    auto file = read_file("/usr/share/zoneinfo/" + std::string(name), max_zone_bytes);
    if (file) return file;
  }
  return fail(Code::not_found, "This system knows no time zone \"" + printable(name) +
                                   "\". Nothing was changed; use a name like Europe/Berlin.");
}

}  // namespace hearth
