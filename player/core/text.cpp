#include "player/core/text.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace hearth::player {
namespace {

// Advance widths of Inter Regular, thousandths of an em, from U+0020 on.
constexpr std::array<std::uint16_t, 95> inter_widths = {
    281, 278, 403, 631, 638, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 625, 464, 605,
    636, 642, 608, 624, 571, 616, 624, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727, 719, 598,
    587, 743, 740, 264, 543, 652, 562, 889, 753, 761, 635, 761, 639, 638, 642, 741, 676, 949, 642,
    665, 625, 362, 357, 362, 469, 452, 497, 564, 621, 558, 621, 582, 361, 609, 591, 237, 237, 544,
    237, 869, 585, 597, 609, 609, 372, 523, 364, 581, 557, 812, 540, 557, 541, 362, 327, 362, 659};

double advance(char32_t c, bool mono) {
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x1F300 && c <= 0x1FAFF) ||
                    (c >= 0x20000 && c <= 0x3FFFD);
  if (wide) return 1.05;
  if (c >= 0x300 && c <= 0x36F) return 0;  // combining marks
  if (mono) return 0.63;
  if (c >= 0x20 && c < 0x7F) return inter_widths[c - 0x20] / 1000.0;
  return 0.64;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    if (next_code_point(text, i) == 0xFFFD && text.substr(start, 3) != "\xEF\xBF\xBD") {
      return false;
    }
  }
  return true;
}

void drop_trailing_blanks(std::string& line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
}

/// Lines of one paragraph; keeps leading blanks of the first line (code, verse).
void wrap_paragraph(std::string_view text, double em, double width, bool mono, bool bold,
                    std::vector<std::string>& out) {
  const double scale = em * (bold ? 1.06 : 1.0);
  std::string line, word;
  double line_width = 0, word_width = 0;
  const auto end_line = [&] {
    drop_trailing_blanks(line);
    out.push_back(std::move(line));
    line.clear();
    line_width = 0;
  };
  const auto end_word = [&] {
    if (line_width + word_width > width && !line.empty()) end_line();
    line += word;
    line_width += word_width;
    word.clear();
    word_width = 0;
  };
  for (std::size_t i = 0; i < text.size();) {
    char32_t c = next_code_point(text, i);
    if (c == '\t') c = ' ';
    const double w = advance(c, mono) * scale;
    if (c == ' ') {
      end_word();
      if (line_width + w <= width) {
        line += ' ';
        line_width += w;
      }
      continue;
    }
    if (word_width + w > width && !word.empty()) {
      end_word();
      end_line();
    }
    append_utf8(word, c);
    word_width += w;
    if (c >= 0x2E80 && c <= 0x9FFF) end_word();  // these scripts break anywhere
  }
  end_word();
  end_line();
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& i) {
  const auto first = static_cast<unsigned char>(text[i++]);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 && first < 0xF5 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
  if (more == 0 || first >= 0xF5) return 0xFFFD;
  char32_t c = first & (0x3F >> more);
  const std::size_t start = i;
  for (int n = 0; n < more; ++n) {
    if (i >= text.size() || !is_continuation(text[i])) {
      i = start;
      return 0xFFFD;
    }
    c = c << 6 | (static_cast<unsigned char>(text[i++]) & 0x3F);
  }
  constexpr std::array<char32_t, 4> least = {0, 0x80, 0x800, 0x10000};
  if (c < least[static_cast<std::size_t>(more)] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
    i = start;
    return 0xFFFD;
  }
  return c;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr std::array<unsigned, 4> lead = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(lead[static_cast<std::size_t>(more)] | c >> (6 * more));
  for (int n = more - 1; n >= 0; --n) out += static_cast<char>(0x80 | (c >> (6 * n) & 0x3F));
}

std::string from_unknown_encoding(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  // A text cut at a limit may end inside a character; that alone does not make it Latin-1.
  std::string_view whole = text;
  for (int n = 0; n < 3 && !whole.empty() && is_continuation(whole.back()); ++n) {
    whole.remove_suffix(1);
  }
  if (!whole.empty() && static_cast<unsigned char>(whole.back()) >= 0xC0) whole.remove_suffix(1);
  if (is_utf8(text)) return std::string(text);
  if (text.size() > 1000 && is_utf8(whole)) return std::string(whole);
  std::string out;
  for (const char c : text) append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

double text_width(std::string_view text, double em, bool mono, bool bold) {
  double width = 0;
  for (std::size_t i = 0; i < text.size();) width += advance(next_code_point(text, i), mono);
  return width * em * (bold ? 1.06 : 1.0);
}

std::vector<std::string> wrap(std::string_view text, double em, double width, bool mono,
                              bool bold) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view paragraph = text.substr(0, end);
    if (paragraph.ends_with('\r')) paragraph.remove_suffix(1);
    wrap_paragraph(paragraph, em, width, mono, bold, out);
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> wrap_at_most(std::string_view text, double em, double width,
                                      std::size_t lines, bool bold) {
  auto out = wrap(text, em, width, false, bold);
  if (out.size() <= lines) return out;
  out.resize(lines);
  std::string& last = out.back();
  while (!last.empty() && text_width(last + "…", em, false, bold) > width) {
    last.pop_back();
    while (!last.empty() && is_continuation(last.back())) last.pop_back();
    if (!last.empty() && static_cast<unsigned char>(last.back()) >= 0xC0) last.pop_back();
  }
  drop_trailing_blanks(last);
  last += "…";
  return out;
}

std::string clock_time(std::int64_t ms) {
  const std::int64_t s = ms > 0 ? ms / 1000 : 0;
  char text[48];
  if (s >= 3600) {
    std::snprintf(text, sizeof text, "%lld:%02d:%02d", static_cast<long long>(s / 3600),
                  static_cast<int>(s / 60 % 60), static_cast<int>(s % 60));
  } else {
    std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(s / 60), static_cast<int>(s % 60));
  }
  return text;
}

std::string size_in_words(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  constexpr std::array<const char*, 4> units = {"kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
  return text;
}

}  // namespace hearth::player
