#include "node/rules/local_time.h"

#include <ctime>

namespace hearth::node {
namespace {

UtcMs as_utc(std::tm parts) {
  parts.tm_isdst = -1;
  return static_cast<UtcMs>(std::mktime(&parts)) * 1000;
}

}  // namespace

Moment local_moment(UtcMs now) {
  const auto seconds = static_cast<std::time_t>(now / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  Moment moment;
  moment.now = now;
  moment.minute_of_day = local.tm_hour * 60 + local.tm_min;
  local.tm_hour = local.tm_min = local.tm_sec = 0;
  moment.day_began = as_utc(local);
  local.tm_mday = 1;
  moment.month_began = as_utc(local);
  return moment;
}

std::string local_text(UtcMs at) {
  const auto seconds = static_cast<std::time_t>(at / 1000);
  std::tm parts{};
  if (seconds == 0 || localtime_r(&seconds, &parts) == nullptr) return {};
  const bool whole_day =
      (parts.tm_hour == 0 && parts.tm_min == 0) || (parts.tm_hour == 23 && parts.tm_min == 59);
  char out[64];
  std::strftime(out, sizeof out, whole_day ? "%-d %b %Y" : "%-d %b %Y %H:%M", &parts);
  return out;
}

}  // namespace hearth::node
