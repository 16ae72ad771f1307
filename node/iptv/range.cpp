#include "node/iptv/range.h"

#include <algorithm>

namespace hearth::node {
namespace {

/// Digits alone; -1: not a number.
std::int64_t number(std::string_view text) {
  if (text.empty() || text.size() > 15) return -1;
  std::int64_t out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    out = out * 10 + (c - '0');
  }
  return out;
}

}  // namespace

ByteRange range_of(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  ByteRange out{0, size, false, true};
  if (!header.starts_with(unit)) return out;
  const std::string_view range = header.substr(unit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return out;
  const std::int64_t first = number(range.substr(0, dash));
  const std::string_view rest = range.substr(dash + 1);
  const std::int64_t last = number(rest);
  if (first < 0 && (dash != 0 || last < 0)) return out;
  if (!rest.empty() && last < 0) return out;
  out.partial = true;
  if (first < 0) {  // the last bytes
    out.begin = size - std::min<std::uint64_t>(size, static_cast<std::uint64_t>(last));
  } else {
    out.begin = static_cast<std::uint64_t>(first);
    if (!rest.empty())
      out.end = std::min<std::uint64_t>(size, static_cast<std::uint64_t>(last) + 1);
  }
  out.possible = out.begin < out.end;
  return out;
}

}  // namespace hearth::node
