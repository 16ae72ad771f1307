// What the outputs say of channels and programmes, as plain values: what the writers of this room
// (m3u.h, xmltv.h, hdhomerun.h) put into their documents.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/clock.h"

namespace hearth::node {

struct ListedChannel {
  std::string id;  ///< letters and digits
  std::int32_t number = 0;
  std::string name;
  bool has_logo = false;
};

/// Half-open; of one channel without gaps and overlaps.
struct ListedProgramme {
  UtcMs start = 0, end = 0;
  std::string title;  ///< empty: the channel's name
  std::string about;  ///< may be empty
  std::int64_t min_age = 0;
};

}  // namespace hearth::node
