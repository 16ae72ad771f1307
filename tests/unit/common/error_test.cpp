#include "common/base/error.h"

#include <fstream>
#include <set>
#include <string>

#include <doctest/doctest.h>

namespace hearth {
namespace {

struct Row {
  Code code;
  const char* name;
  int status;
  const char* meaning;
};

const Row rows[] = {
#define HEARTH_CODE(name, status, meaning) {Code::name, #name, status, meaning},
#include "common/base/error_codes.inc"
#undef HEARTH_CODE
};

TEST_CASE("every code has its own name, goes there and back, and has a status of an error") {
  std::set<std::string> names;
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(code_name(row.code) == row.name);
    CHECK(code_from_name(row.name) == row.code);
    CHECK(code_http_status(row.code) == row.status);
    CHECK(row.status >= 400);
    CHECK(row.status < 600);
    CHECK(names.insert(row.name).second);
  }
}

TEST_CASE("docs/protocol.md §9 lists exactly these codes, in this order") {
  std::ifstream file(std::string(HEARTH_SOURCE_DIR) + "/docs/protocol.md");
  REQUIRE(file);
  std::string listed, expected, line;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line == "<!-- codes:begin -->") inside = true;
    if (line == "<!-- codes:end -->") inside = false;
    if (inside && line.starts_with("| `")) listed += line + "\n";
  }
  for (const Row& row : rows) {
    expected += "| `" + std::string(row.name) + "` | " + std::to_string(row.status) + " | " +
                row.meaning + " |\n";
  }
  CHECK(listed == expected);
}

TEST_CASE("a name from a newer version reads as an internal fault") {
  CHECK(code_from_name("not_invented_yet") == Code::internal);
  CHECK(code_from_name("") == Code::internal);
}

}  // namespace
}  // namespace hearth
