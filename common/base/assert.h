// A bug stops the program, in release builds too: carrying on with broken money or keys is
// worse than stopping. For expected failures use Result (error.h).
#pragma once

namespace hearth::detail {
[[noreturn]] void assertion_failed(const char* what, const char* file, int line);
}

#define HEARTH_ASSERT(condition) \
  ((condition) ? void(0) : ::hearth::detail::assertion_failed(#condition, __FILE__, __LINE__))
