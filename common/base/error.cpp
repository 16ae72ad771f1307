#include "common/base/error.h"

#include <cstddef>
#include <iterator>

namespace hearth {
namespace {

struct CodeRow {
  std::string_view name;
  int http_status;
};

constexpr CodeRow code_rows[] = {
#define HEARTH_CODE(name, http_status, meaning) {#name, http_status},
#include "common/base/error_codes.inc"
#undef HEARTH_CODE
};

const CodeRow& row_of(Code code) {
  const auto index = static_cast<std::size_t>(code);
  return code_rows[index < std::size(code_rows) ? index : 0];
}

}  // namespace

std::string_view code_name(Code code) {
  return row_of(code).name;
}

int code_http_status(Code code) {
  return row_of(code).http_status;
}

Code code_from_name(std::string_view name) {
  for (std::size_t i = 0; i < std::size(code_rows); ++i) {
    if (code_rows[i].name == name) return static_cast<Code>(i);
  }
  return Code::internal;
}

}  // namespace hearth
