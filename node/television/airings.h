// What a channel shows, for whoever watches: the lists of television.h as items that can be opened.
// Albums are shown picture by picture; what the watcher may not see, and what is not here, has no
// stream but a sentence. The TV and the outputs for other programs ask here.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/link/channels.h"
#include "node/television/television.h"

namespace hearth::node {

/// Of a page's stream; "<channel>/<item>" follows. Any other stream is a title, hex.
inline constexpr std::string_view page_stream = "page/";

struct Watcher {
  std::int64_t max_age = 0;  ///< titles rated above it are locked
  /// Titles that are locked for another reason; may be empty.
  std::function<bool(const std::string& title)> hides{};
  std::string locked{};      ///< what is said of them
  bool names_locked = true;  ///< they keep their names
  UtcMs now = 0;
};

bool is_locked(const HomeMedia& media, const channels::Item& item, const Watcher& watcher);
/// A title by itself: a logo, what a stream shows.
bool is_locked(const HomeMedia& media, const std::string& title, const Watcher& watcher);

/// As Programmes::airings.
std::vector<link::AirItem> airings(const Television& television, const std::string& channel,
                                   UtcMs from, UtcMs to, std::size_t most, const Watcher& watcher);

}  // namespace hearth::node
