// The system's time zones (tzdata): their files as they are, in TZif form (RFC 8536).
#pragma once

#include <string_view>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth {

/// Of a name like "Europe/Berlin"; Code::not_found when the system has none of that name.
Result<Bytes> read_zone_file(std::string_view name);

}  // namespace hearth
