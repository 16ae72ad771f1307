#include "tests/support/needles.h"

#include <algorithm>
#include <functional>

namespace hearth::test {
namespace {

constexpr std::size_t shortest_run = 20;
constexpr int deepest = 4;

bool is_base64url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

void open_into(std::string_view text, int depth, std::string& out) {
  out += text;
  out += '\n';
  if (depth == deepest) return;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_base64url(text[end])) ++end;
    if (end - at >= shortest_run) {
      // A run that is too long by one character at its end still tells what it begins with.
      const std::size_t whole = end - at - ((end - at) % 4 == 1 ? 1 : 0);
      if (const auto bytes = from_base64url(text.substr(at, whole))) {
        open_into(as_text(*bytes), depth + 1, out);
      } else if (const auto part = from_base64url(text.substr(at, whole - whole % 4))) {
        open_into(as_text(*part), depth + 1, out);
      }
    }
    at = std::max(end, at + 1);
  }
}

}  // namespace

void Needles::add(const std::string& what, ByteView bytes) {
  std::string hex = to_hex(bytes);
  std::string upper = hex;
  for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  add_text(what + " (bytes)", std::string(as_text(bytes)));
  add_text(what + " (hex)", std::move(hex));
  add_text(what + " (HEX)", std::move(upper));
  add_text(what + " (base64url)", to_base64url(bytes));
}

void Needles::add_text(const std::string& what, std::string text) {
  needles_.emplace_back(what, std::move(text));
}

void Needles::add_all(const Needles& more) {
  needles_.insert(needles_.end(), more.needles_.begin(), more.needles_.end());
}

std::vector<std::string> Needles::in(std::string_view opened) const {
  std::vector<std::string> found;
  for (const auto& [what, needle] : needles_) {
    const std::boyer_moore_horspool_searcher search(needle.begin(), needle.end());
    if (std::search(opened.begin(), opened.end(), search) != opened.end()) found.push_back(what);
  }
  return found;
}

std::string opened(std::string_view text) {
  std::string out;
  open_into(text, 0, out);
  return out;
}

}  // namespace hearth::test
