#include "node/app/cli_story.h"

#include <algorithm>
#include <cstdio>

#include "common/base/clock.h"
#include "common/base/names.h"

namespace hearth::node {
namespace {

constexpr std::size_t short_id = 8;

std::size_t columns(const std::string& s) {
  return static_cast<std::size_t>(std::count_if(
      s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string text(const Json& from, const char* field) {
  const auto found = from.find(field);
  if (found == from.end() || found->is_null()) return {};
  if (found->is_string()) return printable(found->get<std::string>(), 4096);
  if (found->is_object() && found->contains("text")) return text(*found, "text");
  return found->dump();
}

std::string short_text(const Json& from, const char* field) {
  return text(from, field).substr(0, short_id);
}

std::uint64_t number(const Json& from, const char* field) {
  const auto found = from.find(field);
  return found != from.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

bool yes(const Json& from, const char* field) {
  const auto found = from.find(field);
  return found != from.end() && found->is_boolean() && found->get<bool>();
}

std::string table(const std::vector<std::vector<std::string>>& rows, const std::string& empty) {
  if (rows.size() < 2) return empty + "\n";
  std::vector<std::size_t> width(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], columns(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(width[i] - columns(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string day_and_time(const Json& from, const char* field) {
  return format_utc(static_cast<UtcMs>(number(from, field)));
}

std::string duration_text(std::uint64_t ms) {
  if (ms == 0) return "";
  char out[32];
  std::snprintf(out, sizeof out, "%llu:%02llu", static_cast<unsigned long long>(ms / 60'000),
                static_cast<unsigned long long>(ms / 1000 % 60));
  return out;
}

std::string size_text(std::uint64_t bytes) {
  static constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  std::uint64_t tenths = bytes * 10;
  while (tenths >= 10'000 && unit + 1 < std::size(units)) {
    tenths /= 1000;
    ++unit;
  }
  const std::string whole = std::to_string(tenths / 10);
  return unit == 0 ? whole + " B" : whole + "." + std::to_string(tenths % 10) + " " + units[unit];
}

}  // namespace hearth::node
