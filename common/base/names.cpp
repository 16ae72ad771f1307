#include "common/base/names.h"

#include <cstdint>
#include <optional>

namespace hearth {
namespace {

constexpr std::size_t max_name_points = 120;
constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

/// Takes one code point off the front; nullopt (and one byte taken) when it is not strict UTF-8:
/// overlong forms, surrogates, and anything above U+10FFFF are refused.
std::optional<char32_t> take_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  std::size_t size = 1;
  char32_t point = lead;
  char32_t least = 0;
  if (lead >= 0xf0 && lead <= 0xf4) {
    size = 4, point = lead & 7, least = 0x10000;
  } else if (lead >= 0xe0 && lead < 0xf0) {
    size = 3, point = lead & 15, least = 0x800;
  } else if (lead >= 0xc0 && lead < 0xe0) {
    size = 2, point = lead & 31, least = 0x80;
  } else if (lead >= 0x80) {
    text.remove_prefix(1);
    return std::nullopt;
  }
  bool valid = size <= text.size();
  for (std::size_t i = 1; valid && i < size; ++i) {
    valid = (byte(i) & 0xc0) == 0x80;
    point = point << 6 | (byte(i) & 0x3f);
  }
  valid = valid && point >= least && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  text.remove_prefix(valid ? size : 1);
  if (!valid) return std::nullopt;
  return point;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/// Characters that change the order or the lines in which the text around them is shown.
bool is_layout_control(char32_t c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
         c == 0x200f || c == 0x061c || c == 0x2028 || c == 0x2029 || c == 0xfeff;
}

bool is_blank(char32_t c) {
  return c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200b) || c == 0x202f ||
         c == 0x205f || c == 0x3000;
}

tl::unexpected<Error> refused(std::string_view what, std::string_view why) {
  return fail(Code::name_refused, "The " + std::string(what) + " " + std::string(why) +
                                      ". Nothing was done; write another one.");
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty())
    if (!take_point(text)) return false;
  return true;
}

Result<std::string> checked_name(std::string_view text) {
  if (text.empty()) return refused("name", "is empty");
  if (text == "." || text == "..") return refused("name", "is a path, not a name");
  std::size_t points = 0;
  bool blank = false;
  for (std::string_view rest = text; !rest.empty(); ++points) {
    const auto point = take_point(rest);
    if (points == max_name_points) return refused("name", "has more than 120 characters");
    if (!point) return refused("name", "is not valid UTF-8");
    if (*point == '/' || *point == '\\') return refused("name", "holds a path separator");
    if (is_control(*point)) return refused("name", "holds a control character");
    if (is_layout_control(*point)) {
      return refused("name", "holds a character that changes how text is laid out");
    }
    blank = is_blank(*point);
    if (blank && points == 0) return refused("name", "begins with a blank");
  }
  if (blank) return refused("name", "ends with a blank");
  return std::string(text);
}

Result<std::string> checked_note(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return refused("note", "is longer than " + std::to_string(max_bytes) + " bytes");
  }
  for (std::string_view rest = text; !rest.empty();) {
    const auto point = take_point(rest);
    if (!point) return refused("note", "is not valid UTF-8");
    if (is_control(*point) && *point != '\n') return refused("note", "holds a control character");
    if (is_layout_control(*point)) {
      return refused("note", "holds a character that changes how text is laid out");
    }
  }
  return std::string(text);
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view before = rest;
    const auto point = take_point(rest);
    const bool shown = point && !is_control(*point) && !is_layout_control(*point);
    const std::string_view piece =
        shown ? before.substr(0, before.size() - rest.size()) : replacement;
    if (out.size() + piece.size() > max_bytes) return out + "…";
    out += piece;
  }
  return out;
}

}  // namespace hearth
