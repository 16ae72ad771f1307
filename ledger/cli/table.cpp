#include "ledger/cli/table.h"

#include <algorithm>

namespace hearth::ledger {
namespace {

/// Ranges of Unicode's East Asian Width W and F, and of combining marks, coarsely.
std::size_t width_of(char32_t c) {
  struct Range {
    char32_t from, to;
  };
  static constexpr Range none[] = {
      {0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20F0}, {0xFE00, 0xFE0F}};
  static constexpr Range two[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                                  {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                                  {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
  const auto holds = [c](const Range& range) { return c >= range.from && c <= range.to; };
  if (std::any_of(std::begin(none), std::end(none), holds)) return 0;
  return std::any_of(std::begin(two), std::end(two), holds) ? 2 : 1;
}

/// The code point at `at`, which moves behind it; bytes that are no UTF-8 count one each.
char32_t next_point(const std::string& text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t point = more == 0 ? lead : lead & (0x3Fu >> more);
  for (; more > 0 && at < text.size(); --more) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte >> 6) != 2) break;
    point = (point << 6) | (byte & 0x3Fu);
    ++at;
  }
  return point;
}

}  // namespace

std::size_t shown_width(const std::string& text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(next_point(text, at));
  return width;
}

std::string cut(const std::string& text, std::size_t most) {
  if (most == 0 || shown_width(text) <= most) return text;
  std::size_t width = 0, end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t more = width_of(next_point(text, at));
    if (width + more > most - 1) break;
    width += more;
    end = at;
  }
  return text.substr(0, end) + "…";
}

void TextTable::row(std::vector<std::string> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = cut(cells[i], columns_[i].most);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    titles.push_back(columns_[i].title);
    widths.push_back(shown_width(columns_[i].title));
    for (const auto& cells : rows_) widths[i] = std::max(widths[i], shown_width(cells[i]));
  }
  std::string out = line(titles, widths);
  for (const auto& cells : rows_) out += line(cells, widths);
  return out;
}

std::string TextTable::line(const std::vector<std::string>& cells,
                            const std::vector<std::size_t>& widths) const {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string blanks(widths[i] - shown_width(cells[i]), ' ');
    if (i > 0) out += "  ";
    out += columns_[i].align == Align::right ? blanks + cells[i] : cells[i] + blanks;
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out + "\n";
}

}  // namespace hearth::ledger
