#include "player/core/table.h"

#include <algorithm>
#include <array>
#include <utility>

#include <csv.h>

#include "player/core/text.h"

namespace hearth::player {
namespace {

constexpr std::size_t lines_looked_at = 20, rows_measured = 5'000;
constexpr double narrowest = 44, widest = 440, most_of_first = 0.35;
/// Of a column, so that it counts as one of numbers.
constexpr double numbers_at_least = 0.9;

/// How often each separator stands outside of quotes, line by line.
char separator_of(std::string_view text) {
  constexpr std::array<char, 4> candidates = {',', ';', '\t', '|'};
  char best = ',';
  double best_score = 0;
  for (const char candidate : candidates) {
    std::vector<int> counts(1, 0);
    bool quoted = false;
    for (const char c : text) {
      if (c == '"') quoted = !quoted;
      if (quoted) continue;
      if (c == candidate) ++counts.back();
      if (c != '\n') continue;
      if (counts.size() == lines_looked_at) break;
      counts.push_back(0);
    }
    if (counts.size() > 1 && counts.back() == 0) counts.pop_back();  // behind the last line feed
    const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
    // The same in every line, and often: as columns are. Decimal commas come now and then.
    const double score = *most == 0 ? 0 : *least + 0.01 * *most;
    if (score > best_score) {
      best = candidate;
      best_score = score;
    }
  }
  return best;
}

struct Reading {
  Table table;
  std::vector<std::string> row;
  std::size_t cells = 0;
  bool full = false;
};

void take_field(void* field, std::size_t size, void* user) {
  auto& reading = *static_cast<Reading*>(user);
  if (reading.full) return;
  if (reading.row.size() == max_table_columns) {
    reading.table.cut = true;
    return;
  }
  std::string text(static_cast<const char*>(field), std::min(size, max_cell_bytes));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  ++reading.cells;
  reading.row.push_back(std::move(text));
}

void take_row(int, void* user) {
  auto& reading = *static_cast<Reading*>(user);
  if (reading.full) return;
  Table& table = reading.table;
  table.columns = std::max(table.columns, reading.row.size());
  table.rows.push_back(std::exchange(reading.row, {}));
  reading.full = table.rows.size() >= max_table_rows || reading.cells >= max_table_cells;
}

/// The first row names the columns when it has a word for each of them, and no number.
bool names_columns(const std::vector<std::string>& first, std::size_t columns) {
  const bool said = std::none_of(first.begin(), first.end(), [](const std::string& cell) {
    return cell.empty() || is_number(cell);
  });
  return said && first.size() == columns;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Signs and units around the digits.
std::string_view bare_number(std::string_view text) {
  constexpr std::array<std::string_view, 7> around = {"+", "-", "\xE2\x88\x92", "€", "$", "£", "%"};
  for (bool again = true; again;) {
    again = false;
    text = trimmed(text);
    for (const std::string_view one : around) {
      if (text.starts_with(one)) {
        text.remove_prefix(one.size());
        again = true;
      } else if (text.ends_with(one) && one != "+" && one != "-") {
        text.remove_suffix(one.size());
        again = true;
      }
    }
  }
  // "12.50 EUR"
  const std::size_t blank = text.rfind(' ');
  const bool code =
      blank != std::string_view::npos && text.size() - blank == 4 &&
      std::all_of(text.end() - 3, text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return code ? trimmed(text.substr(0, blank)) : text;
}

}  // namespace

bool is_number(std::string_view text) {
  const std::string_view bare = bare_number(text);
  std::vector<std::size_t> groups(1, 0);
  std::string separators;
  for (const char c : bare) {
    if (c >= '0' && c <= '9') {
      ++groups.back();
    } else if (c == '.' || c == ',' || c == '\'' || c == ' ') {
      separators += c;
      groups.push_back(0);
    } else {
      return false;
    }
  }
  // Thousands go by three; behind a last separator of another kind is the fraction.
  if (groups.front() == 0 || groups.back() == 0) return false;
  const bool fraction =
      separators.size() == 1 || (separators.size() > 1 && separators.back() != separators.front());
  const std::size_t whole = groups.size() - (fraction ? 1 : 0);
  for (std::size_t i = 1; i < whole; ++i) {
    if (groups[i] != 3 || separators[i - 1] != separators.front()) return false;
  }
  return whole == 1 || groups.front() <= 3;
}

Table read_table(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Reading reading;
  csv_parser parser;
  if (csv_init(&parser, 0) != 0) return {};
  csv_set_delim(&parser, static_cast<unsigned char>(separator_of(text)));
  const std::size_t read =
      csv_parse(&parser, text.data(), text.size(), take_field, take_row, &reading);
  if (read == text.size()) csv_fini(&parser, take_field, take_row, &reading);
  csv_free(&parser);
  Table& table = reading.table;
  table.cut = table.cut || reading.full || read != text.size();
  if (table.rows.size() > 1 && names_columns(table.rows.front(), table.columns)) {
    table.header = std::move(table.rows.front());
    table.rows.erase(table.rows.begin());
  }
  return std::move(reading.table);
}

namespace {

TablePlan::Column measured(const Table& table, std::size_t column) {
  TablePlan::Column out{narrowest, false};
  const auto widen = [&](const std::string& text, bool bold) {
    if (out.width < widest)
      out.width = std::max(out.width, text_width(text, table_em, false, bold));
  };
  if (column < table.header.size()) widen(table.header[column], true);
  std::size_t said = 0, numbers = 0;
  for (std::size_t i = 0; i < std::min(table.rows.size(), rows_measured); ++i) {
    const auto& row = table.rows[i];
    if (column >= row.size() || row[column].empty()) continue;
    ++said;
    if (is_number(row[column])) ++numbers;
    widen(row[column], false);
  }
  out.right =
      said > 0 && static_cast<double>(numbers) >= numbers_at_least * static_cast<double>(said);
  out.width = std::min(out.width + 2, widest);
  return out;
}

}  // namespace

TablePlan plan_table(const Table& table, double width, double height) {
  TablePlan plan;
  double whole = 0;
  for (std::size_t i = 0; i < table.columns; ++i) {
    plan.columns.push_back(measured(table, i));
    plan.columns.back().width = std::min(plan.columns.back().width, width);
    whole += plan.columns.back().width + (i > 0 ? table_gap : 0);
  }
  if (whole <= width) {
    plan.blocks.push_back({0, table.columns});
  } else {
    const double first = plan.columns.front().width;
    plan.keeps_first = table.columns > 2 && first <= most_of_first * width;
    const double room = width - (plan.keeps_first ? first + table_gap : 0);
    TablePlan::Block block{plan.keeps_first ? 1u : 0u, plan.keeps_first ? 1u : 0u};
    double used = 0;
    for (std::size_t i = block.first; i < table.columns; ++i) {
      const double wants = plan.columns[i].width + (i > block.first ? table_gap : 0);
      if (i > block.first && used + wants > room) {
        plan.blocks.push_back({block.first, i});
        block.first = i;
        used = 0;
      }
      used += plan.columns[i].width + (i > block.first ? table_gap : 0);
      block.last = i + 1;
    }
    plan.blocks.push_back(block);
    // One that is wider than what the first leaves is cut to it.
    for (std::size_t i = plan.keeps_first ? 1 : 0; i < table.columns; ++i) {
      plan.columns[i].width = std::min(plan.columns[i].width, room);
    }
  }
  const double head = table.header.empty() ? 0 : table_head;
  plan.rows_per_page =
      std::max<std::size_t>(1, static_cast<std::size_t>((height - head) / table_row));
  const std::size_t down =
      std::max<std::size_t>(1, (table.rows.size() + plan.rows_per_page - 1) / plan.rows_per_page);
  plan.pages = static_cast<int>(down * plan.blocks.size());
  return plan;
}

}  // namespace hearth::player
