// How a channel's versions lie in the store: one record a version, "channel/version/<id>/<number>";
// and its troubles, "channel/trouble/<id>/<media>".
// All that is needed for undo and for catch-up is kept, and no more. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/error.h"

namespace hearth::node {

inline constexpr std::string_view version_prefix = "channel/version/";

/// What is known of a version without reading its document.
struct VersionBrief {
  std::int64_t version = 0;
  UtcMs from_ms = 0;          ///< shown from then on, until the next one is
  std::int64_t restores = 0;  ///< it is that version again; 0: it is a new one
  std::uint64_t bytes = 0;    ///< of the document
  std::string what;           ///< the change that made it, for people
};
struct VersionRecord {
  VersionBrief brief;
  std::string document;  ///< channels::write_channel
};

/// What the owner should know that the document alone does not show.
struct ChannelTrouble {
  std::string channel, media;  ///< media: title or offer; may be empty
  std::string name;
  std::string sentence;
  UtcMs at_ms = 0;
};
inline constexpr std::string_view trouble_prefix = "channel/trouble/";
std::string trouble_key(const ChannelTrouble& trouble);
Bytes encode(const ChannelTrouble& trouble);
Result<ChannelTrouble> decode_trouble(ByteView bytes);

std::string version_key(const std::string& channel, std::int64_t version);
Bytes encode(const VersionRecord& record);
Result<VersionRecord> decode_version(ByteView bytes);

inline constexpr std::size_t undo_versions = 20, max_versions = 500;
inline constexpr std::uint64_t max_version_bytes = 64 * 1024 * 1024;
/// Seven days of catch-up, and what was on when they began.
inline constexpr std::int64_t kept_ms = 8LL * 24 * 3600 * 1000;

/// Those of `versions` (ascending) that may be dropped: neither among the last `undo_versions` nor
/// shown within `kept_ms`. Above max_versions or max_version_bytes the oldest go first, the newest
/// never.
std::vector<std::int64_t> to_drop(const std::vector<VersionBrief>& versions, UtcMs now);
/// What undo goes back to: the version before the one that the newest is, or is again. 0: none.
std::int64_t undo_target(const std::vector<VersionBrief>& versions);

}  // namespace hearth::node
