// Comma-separated values as a table: read, judged, cut into pages.
#include "player/core/table.h"

#include <doctest/doctest.h>

#include "player/core/scenes.h"

using namespace hearth::player;

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("what is a number") {
  struct Row {
    const char* text;
    bool number;
  };
  const Row rows[] = {{"0", true},
                      {"-12", true},
                      {"+3.5", true},
                      {"1,234.50", true},
                      {"1.234.567,89", true},
                      {"1'000", true},
                      {"12 €", true},
                      {"$ 7", true},
                      {"12.50 EUR", true},
                      {"3 %", true},
                      {"\xE2\x88\x92"
                       "4",
                       true},  // a minus sign
                      {"", false},
                      {"-", false},
                      {"€", false},
                      {"abc", false},
                      {"2026-11-28", false},
                      {"1.2.2026", false},
                      {"20:15", false},
                      {"1,", false},
                      {"12,34,56", false},
                      {"1234,567.8", false},
                      {"12 apples", false},
                      {"A4", false}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(is_number(row.text) == row.number);
  }
}

TEST_CASE("tables are read: separators, quotes, what is ragged or missing") {
  struct Row {
    const char *what, *text;
    Rows header_and_rows;
    bool header;
  };
  const Row rows[] = {
      {"a header and data",
       "name,size\nlake,3\nboat,14\n",
       {{"name", "size"}, {"lake", "3"}, {"boat", "14"}},
       true},
      {"no header: a number stands in the first row",
       "lake,3\nboat,14\n",
       {{"lake", "3"}, {"boat", "14"}},
       false},
      {"quotes: separators, quotes and lines inside",
       "who,said\nMax,\"one, \"\"two\"\"\nthree\"\n",
       {{"who", "said"}, {"Max", "one, \"two\" three"}},
       true},
      {"semicolons beside decimal commas",
       "a;b\n1,5;2,5\n3,5;4,5\n",
       {{"a", "b"}, {"1,5", "2,5"}, {"3,5", "4,5"}},
       true},
      {"tabs", "a\tb\nx y\tz\n", {{"a", "b"}, {"x y", "z"}}, true},
      {"bars, CRLF, no last line end", "a|b\r\nc|d", {{"a", "b"}, {"c", "d"}}, true},
      {"ragged rows", "a,b,c\n1\n1,2,3\n", {{"a", "b", "c"}, {"1"}, {"1", "2", "3"}}, true},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "a,b\n1,2\n",
       {{"a", "b"}, {"1", "2"}},
       true},
      {"a quote that never ends", "a,b\n\"x,y\n", {{"a", "b"}, {"x,y "}}, true},
      {"one row is data", "a,b\n", {{"a", "b"}}, false},
      {"one column", "x\ny\n", {{"x"}, {"y"}}, true},
      {"empty fields stay", "a,b,c\n1,,3\n", {{"a", "b", "c"}, {"1", "", "3"}}, true},
      {"nothing", "\n\n", {}, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Table table = read_table(row.text);
    Rows got = table.rows;
    if (!table.header.empty()) got.insert(got.begin(), table.header);
    CHECK(got == row.header_and_rows);
    CHECK(table.header.empty() != row.header);
    CHECK_FALSE(table.cut);
  }
}

TEST_CASE("hostile tables are bounded, and say that they were cut") {
  const Table wide = read_table(repeated("x,", 5'000) + "\n");
  CHECK(wide.columns == max_table_columns);
  CHECK(wide.cut);
  const Table high = read_table(repeated("x\n", 60'000));
  CHECK(high.rows.size() + 1 == max_table_rows);
  CHECK(high.cut);
  const Table many = read_table(repeated(repeated("1,", 150) + "1\n", 4'000));
  CHECK(many.rows.size() < 2'700);
  CHECK(many.cut);
  const Table cell = read_table("a,b\n" + std::string(100'000, 'y') + ",1\n");
  CHECK(cell.rows.at(0).at(0).size() == max_cell_bytes);
}

TEST_CASE("a table that fits is one block; its numbers stand right") {
  const Table table = read_table("title,size\nThe lake,1200\nThe boat,35\nNothing,\n");
  const TablePlan plan = plan_table(table, 1152, 570);
  REQUIRE(plan.columns.size() == 2);
  CHECK_FALSE(plan.columns[0].right);
  CHECK(plan.columns[1].right);
  CHECK(plan.blocks.size() == 1);
  CHECK(plan.pages == 1);
  const std::string scene = draw_table_page({1280, 720}, table, plan, {"list.csv", "Anna", ""}, 0);
  for (const char* words : {"title", "The lake", "1200", "35", "list.csv"}) {
    CAPTURE(words);
    CHECK(scene.find(words) != std::string::npos);
  }
  CHECK(scene.find("\\an6") != std::string::npos);  // to the right
}

TEST_CASE("a table that is wider and higher than the screen has pages across and down") {
  std::string text = "name";
  for (int i = 1; i <= 20; ++i) text += ",column number " + std::to_string(i);
  text += "\n";
  for (int row = 0; row < 40; ++row) {
    text += "row " + std::to_string(row) + repeated(",12345", 20) + "\n";
  }
  const Table table = read_table(text);
  const TablePlan plan = plan_table(table, 1152, 570);
  CHECK(plan.keeps_first);
  CHECK(plan.blocks.size() > 2);
  const auto down = (table.rows.size() + plan.rows_per_page - 1) / plan.rows_per_page;
  CHECK(plan.pages == static_cast<int>(down) * plan.pages_across());
  // Every column is in one block, and no block is wider than the room.
  std::size_t next = 1;
  for (const auto& block : plan.blocks) {
    CHECK(block.first == next);
    REQUIRE(block.last > block.first);
    next = block.last;
    double width = plan.columns[0].width;
    for (std::size_t i = block.first; i < block.last; ++i)
      width += table_gap + plan.columns[i].width;
    CHECK(width <= 1152);
  }
  CHECK(next == table.columns);
  const auto page = [&](int number) {
    return draw_table_page({1280, 720}, table, plan, {"wide.csv", "", ""}, number);
  };
  CHECK(page(0).find("row 0") != std::string::npos);
  CHECK(page(1).find("row 0") != std::string::npos);  // the first column stays
  CHECK(page(0).find("column number 1\n") != std::string::npos);
  CHECK(page(1).find("column number 1\n") == std::string::npos);
  CHECK(page(plan.pages_across()).find("row 0") == std::string::npos);
  CHECK(page(0).find("of 21") != std::string::npos);
}

TEST_CASE("one column of long words is cut to the screen") {
  const Table table = read_table(std::string(390, 'w') + "," + std::string(390, 'v') + "\n");
  const TablePlan plan = plan_table(table, 400, 570);
  for (const auto& column : plan.columns) CHECK(column.width <= 400);
  CHECK(draw_table_page({400, 720}, table, plan, {"x", "", ""}, 0).find("…") != std::string::npos);
}
