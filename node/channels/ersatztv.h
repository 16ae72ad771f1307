// A channel's list as playout JSON of ErsatzTV next, and such a file as a channel.
// Format: schema/playout.json of ErsatzTV/next, versions 0.0.0 to 0.0.7: {"version": URI, "items":
// [{"id", "start", "finish" (RFC 3339), "source": {"source_type": "local", "path", …}}]}. Pure:
// which file is which title is asked of the caller.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/channels/playout.h"

namespace hearth::node::channels {

inline constexpr std::string_view ersatztv_version = "https://ersatztv.org/playout/version/0.0.3";

/// Path of a title's file on this machine; nullopt: it cannot be named, a black picture is shown.
using PathOf = std::function<std::optional<std::string>(const std::string& media)>;
/// What is a black picture there as well: dead air, pages. Albums become one item a picture.
std::string write_ersatztv(const Timeline& channel, const Media& media, UtcMs from, UtcMs to,
                           const PathOf& path_of);
/// "20260413T000000.000000000+0000_20260414T000000.000000000+0000.json", as its folder has them.
std::string ersatztv_file_name(UtcMs from, UtcMs to);

struct ErsatztvItem {
  std::string id, path;
  UtcMs start = 0, finish = 0;
  std::int64_t in_point_ms = 0;
};
struct ErsatztvPlayout {
  std::vector<ErsatztvItem> items;    ///< in order of time, without overlaps
  std::vector<std::string> left_out;  ///< a sentence each, at most 50
};
/// At most 8 MiB and 10,000 items.
Result<ErsatztvPlayout> read_ersatztv(std::string_view text);

/// Title id and name of a file; nullopt: this home does not have it.
struct FoundTitle {
  std::string media, name;
};
using TitleOf = std::function<std::optional<FoundTitle>(const std::string& path)>;
/// A fixed slot for each stretch without gaps, at the same times in `zone`; what begins inside a
/// file, or is nobody's, is left out and told in `left_out`.
Result<Channel> channel_from_ersatztv(ErsatztvPlayout& playout, Channel empty, const Zone& zone,
                                      const TitleOf& title_of);

}  // namespace hearth::node::channels
