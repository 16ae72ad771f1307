// The scene of a table: one page of rows, one block of columns.
#include <algorithm>

#include "player/core/scenes.h"
#include "player/core/text.h"

namespace hearth::player {
namespace {

struct Cells {
  std::vector<std::size_t> columns;
  std::vector<double> left;
  double width = 0;
};

Cells cells_of(const TablePlan& plan, int page) {
  Cells out;
  const TablePlan::Block& block = plan.block_of(page);
  if (plan.keeps_first) out.columns.push_back(0);
  for (std::size_t i = block.first; i < block.last; ++i) out.columns.push_back(i);
  for (const std::size_t column : out.columns) {
    if (!out.left.empty()) out.width += table_gap;
    out.left.push_back(out.width);
    out.width += plan.columns[column].width;
  }
  return out;
}

void draw_row(Drawing& d, const TablePlan& plan, const Cells& cells,
              const std::vector<std::string>& row, double x, double middle,
              const TextStyle& style) {
  for (std::size_t i = 0; i < cells.columns.size(); ++i) {
    const std::size_t at = cells.columns[i];
    if (at >= row.size() || row[at].empty()) continue;
    const TablePlan::Column& column = plan.columns[at];
    const auto words =
        wrap_at_most(row[at], style.size, column.width, 1, style.weight == Weight::semibold);
    const double left = x + cells.left[i];
    d.text(column.right ? left + column.width : left, middle, column.right ? 6 : 4, style,
           words[0]);
  }
}

}  // namespace

std::string draw_table_page(const Canvas& canvas, const Table& table, const TablePlan& plan,
                            const TitleView& title, int page) {
  Drawing d;
  d.rectangle(-2, -2, canvas.width() + 4, Canvas::height() + 4, ground);
  const Cells cells = cells_of(plan, page);
  const double room = canvas.width() - 2 * canvas.side();
  const double x = canvas.side() + std::max(0.0, (room - cells.width) / 2);
  double y = canvas.margin();
  if (!table.header.empty()) {
    draw_row(d, plan, cells, table.header, x, y + 22,
             {table_em, ember, Weight::semibold, false, false, 1, 0});
    d.rectangle(x - 14, y + table_head - 10, cells.width + 28, 2, overlay);
    y += table_head;
  }
  const std::size_t first = plan.first_row_of(page);
  const std::size_t last = std::min(first + plan.rows_per_page, table.rows.size());
  for (std::size_t i = first; i < last; ++i) {
    if (i % 2 == 1) d.rounded(x - 14, y, cells.width + 28, table_row, 8, surface);
    draw_row(d, plan, cells, table.rows[i], x, y + table_row / 2,
             {table_em, bright, Weight::regular, false, false, 1, 0});
    y += table_row;
  }
  std::string detail;
  if (plan.pages_across() > 1) {
    const TablePlan::Block& block = plan.block_of(page);
    detail = "columns " + std::to_string(block.first + 1) + "–" + std::to_string(block.last) +
             " of " + std::to_string(table.columns);
  }
  if (table.cut && page + 1 == plan.pages) detail += detail.empty() ? "not all" : ", not all";
  draw_footer(d, canvas, title, page + 1, plan.pages, detail);
  return d.take();
}

}  // namespace hearth::player
