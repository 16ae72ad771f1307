// Documents of strangers on the TV: text of any encoding, Markdown, tables. Everything that comes
// out is bounded, and what is drawn of it opens no style of its own.
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/base/bytes.h"
#include "player/core/scenes.h"
#include "player/core/text.h"

namespace {

using namespace hearth;
using namespace hearth::player;

const Canvas canvas{1280, 720};

/// One event a line, each begun by us.
void check_drawn(const std::string& ass) {
  bool at_start = true;
  for (std::size_t i = 0; i < ass.size(); ++i) {
    if (at_start) HEARTH_ASSERT(ass.compare(i, 4, "{\\an") == 0);
    at_start = ass[i] == '\n';
  }
  HEARTH_ASSERT(at_start);
}

void check_pages(std::vector<Line> lines) {
  const Column column = column_for(canvas);
  for (const Line& line : lines) HEARTH_ASSERT(line.indent >= 0 && line.height >= 0);
  const auto pages = paginate(std::move(lines), column.height);
  HEARTH_ASSERT(!pages.empty() && pages.size() <= max_pages);
  check_drawn(draw_text_page(canvas, pages.front(), {"a", "b", "c"}, 1,
                             static_cast<int>(pages.size())));
  check_drawn(draw_text_page(canvas, pages.back(), {"a", "b", "c"}, 1, 1));
}

void check_table(std::string_view text) {
  const Table table = read_table(text);
  HEARTH_ASSERT(table.rows.size() <= max_table_rows && table.columns <= max_table_columns);
  const double width = canvas.width() - 2 * canvas.side();
  const TablePlan plan = plan_table(table, width, 570);
  HEARTH_ASSERT(plan.pages >= 1 && !plan.blocks.empty());
  for (const auto& column : plan.columns) HEARTH_ASSERT(column.width <= width);
  for (const int page : {0, plan.pages / 2, plan.pages - 1}) {
    HEARTH_ASSERT(plan.block_of(page).last <= table.columns);
    check_drawn(draw_table_page(canvas, table, plan, {"a", "b", "c"}, page));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = from_unknown_encoding(as_text(ByteView(data, size)));
  const double width = column_for(canvas).width;
  check_pages(lines_of_markdown(text, width));
  check_pages(lines_of_text(text, width));
  check_table(text);
  return 0;
}
