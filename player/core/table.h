// Comma-separated values as a table for a TV: read by libcsv, columns measured, numbers set to the
// right, and cut into pages, by rows and, where it is wider than the screen, by columns; the first
// column stays when it is narrow. Read from a stranger: every size is bounded. Pure code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hearth::player {

inline constexpr std::size_t max_table_rows = 50'000, max_table_columns = 200;
inline constexpr std::size_t max_table_cells = 400'000, max_cell_bytes = 400;

struct Table {
  std::vector<std::string> header;  ///< empty: the file begins with data
  std::vector<std::vector<std::string>> rows;
  std::size_t columns = 0;  ///< of the widest row
  bool cut = false;         ///< there was more than is kept
};

/// Comma, semicolon, tab or bar, whichever divides the first lines; quoted fields by RFC 4180.
/// `text` is UTF-8.
Table read_table(std::string_view text);

/// "1,234.50", "-3 %", "12 €"; no date and no time of day.
bool is_number(std::string_view text);

struct TablePlan {
  struct Column {
    double width = 0;
    bool right = false;  ///< numbers
  };
  /// Columns [first, last) that stand side by side, behind the first one when that stays.
  struct Block {
    std::size_t first = 0, last = 0;
  };
  std::vector<Column> columns;
  std::vector<Block> blocks;  ///< at least one
  bool keeps_first = false;
  std::size_t rows_per_page = 1;
  int pages = 1;  ///< all blocks of the first rows, then of the next

  int pages_across() const { return static_cast<int>(blocks.size()); }
  const Block& block_of(int page) const {
    return blocks[static_cast<std::size_t>(page) % blocks.size()];
  }
  std::size_t first_row_of(int page) const {
    return static_cast<std::size_t>(page) / blocks.size() * rows_per_page;
  }
};

/// In virtual pixels.
inline constexpr double table_em = 25, table_row = 40, table_head = 52, table_gap = 32;

TablePlan plan_table(const Table& table, double width, double height);

}  // namespace hearth::player
