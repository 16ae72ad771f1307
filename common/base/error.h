// The one error type of Hearth. `code` is for programs (docs/protocol.md §9 lists each one),
// `sentence` is for people: what happened, whether anything was lost or charged, what to do.
// Expected failures travel as Result<T>; a bug stops the program (assert.h).
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace hearth {

/// Append only: the names are on the wire and in scripts.
enum class Code {
#define HEARTH_CODE(name, http_status, meaning) name,
#include "common/base/error_codes.inc"
#undef HEARTH_CODE
};

struct [[nodiscard]] Error {
  Code code;
  std::string sentence;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Code code, std::string sentence) {
  return tl::unexpected<Error>(Error{code, std::move(sentence)});
}
inline tl::unexpected<Error> pass_on(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

/// "insufficient_funds" for Code::insufficient_funds.
std::string_view code_name(Code code);
/// The HTTP status that goes with it, e.g. 402.
int code_http_status(Code code);
/// The reverse of code_name; Code::internal for a name from a newer version.
Code code_from_name(std::string_view name);

}  // namespace hearth
