#include "common/base/error.h"

#include <set>
#include <string>

#include <doctest/doctest.h>

namespace hearth {
namespace {

struct Row {
  Code code;
  const char* name;
  int status;
};

const Row rows[] = {
#define HEARTH_CODE(name, status, meaning) {Code::name, #name, status},
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

TEST_CASE("a name from a newer version reads as an internal fault") {
  CHECK(code_from_name("not_invented_yet") == Code::internal);
  CHECK(code_from_name("") == Code::internal);
}

}  // namespace
}  // namespace hearth
