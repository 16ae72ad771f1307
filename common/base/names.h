// Text that other homes wrote. Nothing of it reaches a terminal, a screen, a log or a file
// system before it has passed here.
#pragma once

#include <string>
#include <string_view>

#include "common/base/error.h"

namespace hearth {

/// A display name: valid UTF-8, 1..120 code points, no control, bidi-override or line-separator
/// characters, no leading or trailing blanks, no '/' or '\\', not "." or "..".
/// Code::name_refused says which rule.
Result<std::string> checked_name(std::string_view text);
/// A note: valid UTF-8, at most `max_bytes`, line feeds allowed, no other control characters.
Result<std::string> checked_note(std::string_view text, std::size_t max_bytes = 2000);
/// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
/// For showing text of unknown origin in errors and tables: invalid and control bytes replaced.
std::string printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace hearth
