#include "player/core/document.h"

#include <algorithm>

#include "player/core/text.h"

namespace hearth::player {
namespace {

constexpr double text_em = 27, text_height = 40;

bool is_heading(const Line& line) {
  return line.look == Line::Look::words && line.em > 30;
}

/// How many lines from `at` must stand together: a heading with what follows it.
double height_of_group(const std::vector<Line>& lines, std::size_t at) {
  double height = lines[at].height;
  while (at + 1 < lines.size() && (is_heading(lines[at]) || lines[at].look == Line::Look::gap)) {
    ++at;
    height += lines[at].height;
  }
  return height;
}

}  // namespace

Column column_for(const Canvas& canvas) {
  return {std::min(960.0, canvas.width() - 2 * canvas.side()), 570};
}

std::vector<Line> lines_of_text(std::string_view text, double width) {
  std::vector<Line> out;
  for (std::string& words : wrap(text, text_em, width)) {
    Line line;
    line.em = text_em;
    line.height = words.empty() ? text_height * 0.6 : text_height;
    if (words.empty()) line.look = Line::Look::gap;
    line.runs.push_back(Run{std::move(words)});
    out.push_back(std::move(line));
  }
  return out;
}

std::vector<TextPage> paginate(std::vector<Line> lines, double page_height) {
  std::vector<TextPage> pages(1);
  double used = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool fits = used + lines[i].height <= page_height;
    const double group = is_heading(lines[i]) ? height_of_group(lines, i) : 0;
    const bool group_fits = group == 0 || group > page_height || used + group <= page_height;
    if ((!fits || !group_fits) && !pages.back().lines.empty()) {
      if (pages.size() == max_pages) break;
      pages.emplace_back();
      used = 0;
    }
    // Empty room at the head of a page says nothing.
    if (lines[i].look == Line::Look::gap && pages.back().lines.empty()) continue;
    used += lines[i].height;
    pages.back().lines.push_back(std::move(lines[i]));
  }
  return pages;
}

}  // namespace hearth::player
