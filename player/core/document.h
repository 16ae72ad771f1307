// A text or a Markdown file as pages for a TV: parsed into styled runs, broken into lines of one
// column, lines gathered into pages. Read from a stranger: every size is bounded. Pure code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "player/core/ass.h"

namespace hearth::player {

inline constexpr std::size_t max_document_bytes = 4u << 20;
inline constexpr std::size_t max_pages = 20'000;

struct Run {
  std::string text;
  bool bold = false, italic = false, mono = false, accent = false;
  bool operator==(const Run&) const = default;
};

/// One line of a page; `height` is its share of the page.
struct Line {
  enum class Look { words, code, rule, gap };
  Look look = Look::words;
  std::vector<Run> runs;
  std::string marker;  ///< "•", "3.": in front of the indent
  double em = 28;
  double height = 42;
  double indent = 0;
  int quote_depth = 0;
  bool quiet = false;  ///< muted colour
};

struct TextPage {
  std::vector<Line> lines;
};

/// The room that a page has for lines.
struct Column {
  double width = 900, height = 560;
};
Column column_for(const Canvas& canvas);

std::vector<Line> lines_of_text(std::string_view text, double width);
std::vector<Line> lines_of_markdown(std::string_view text, double width);
/// At least one page. A heading does not stay alone at the foot of a page.
std::vector<TextPage> paginate(std::vector<Line> lines, double page_height);

}  // namespace hearth::player
