// Logging through spdlog: human lines on a terminal, one JSON object a line otherwise, to stderr.
// Never a key, voucher, drop token or address of a home in a log line.
#pragma once

#include <string_view>

#include <spdlog/spdlog.h>

namespace hearth {
/// Call once at the start of main. `level`: trace, debug, info, warn, error.
void init_log(std::string_view program, std::string_view level);
}  // namespace hearth
