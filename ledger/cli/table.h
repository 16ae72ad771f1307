// Tables for people: columns as wide as what stands in them, money on the right, wide names cut.
// Widths are those of a terminal: an accent takes no column, a CJK character takes two. Pure.
#pragma once

#include <string>
#include <vector>

namespace hearth::ledger {

enum class Align { left, right };

struct Column {
  std::string title;
  Align align = Align::left;
  std::size_t most = 0;  ///< columns of the terminal; longer cells are cut with …; 0: any
};

class TextTable {
 public:
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// As many cells as columns, printable text.
  void row(std::vector<std::string> cells);
  std::string text() const;

 private:
  std::string line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// Columns of a terminal that valid UTF-8 takes.
std::size_t shown_width(const std::string& text);
/// Cut to at most `most` columns, the last one being "…".
std::string cut(const std::string& text, std::size_t most);

}  // namespace hearth::ledger
