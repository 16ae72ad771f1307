#include "common/base/names.h"
#include "common/wire/documents.h"

namespace hearth::wire {
namespace {

constexpr std::size_t max_problem = 64 * 1024;
constexpr std::size_t max_sentence = 1000;

}  // namespace

std::string write_problem(const Error& error) {
  const Json problem = {{"type", "about:blank"},
                        {"title", code_name(error.code)},
                        {"status", code_http_status(error.code)},
                        {"detail", error.sentence}};
  return problem.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Error read_problem(ByteView body, int http_status) {
  const Error unclear{Code::bad_answer, "The other side answered with HTTP status " +
                                            std::to_string(http_status) +
                                            " and gave no reason that can be read."};
  const auto json = parse_json(body, max_problem);
  if (!json) return unclear;
  Fields fields(*json, "problem");
  const std::string title = fields.required_text("title", 100);
  const std::string detail = fields.required_text("detail", max_problem);
  if (!fields.ok() || detail.empty()) return unclear;
  return Error{code_from_name(title), printable(detail, max_sentence)};
}

}  // namespace hearth::wire
