#include "common/base/clock.h"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace hearth {

UtcMs now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string format_utc(UtcMs at) {
  // Floor, so that times before 1970 do not round towards it.
  const std::int64_t seconds = at / 1000 - (at % 1000 < 0 ? 1 : 0);
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return "(no time)";
  char text[80];
  std::snprintf(text, sizeof text, "%04lld-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900LL,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

}  // namespace hearth
