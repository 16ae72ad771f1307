// Time as the wire carries it. Cores take it as an argument; only shells ask a Clock.
#pragma once

#include <cstdint>
#include <string>

namespace hearth {

using UtcMs = std::int64_t;  ///< milliseconds since 1970-01-01T00:00:00Z

UtcMs now_ms();
/// "2026-11-22T12:00:00Z"
std::string format_utc(UtcMs at);

}  // namespace hearth
