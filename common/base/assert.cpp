#include "common/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace hearth::detail {

void assertion_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr,
               "hearth: a fault of this program: %s does not hold (%s:%d). It stops here.\n", what,
               file, line);
  std::abort();
}

}  // namespace hearth::detail
