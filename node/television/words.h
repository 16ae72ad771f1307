// What people say about a channel, as changes of its document: the words of `hearth channel …`
// (docs/api.md) and the list of changes that the web page sends. Pure: one parser for both, which
// never touches what it is not asked to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/wire/json.h"
#include "node/channels/edit.h"
#include "node/channels/recurrence.h"

namespace hearth::node {

/// "90s", "45m", "2h", "1:30" (hours and minutes), "0:45:30".
std::optional<std::int64_t> length_from_words(const std::string& text);
/// "daily", "weekdays", "weekends", "weekly" (the first day's weekday), "mo,we,fr", "no", or a rule
/// of RFC 5545 as it is. nullopt: none of these.
std::optional<std::string> rule_from_words(const std::string& text);

/// What a person looks at while saying it.
struct Scene {
  const channels::Channel& channel;
  const channels::Zone& zone;
  UtcMs now = 0;
};
using Said = Result<std::vector<channels::Change>>;

/// A list by id or name; the id of a fresh one of that name otherwise, with the change that adds
/// it.
struct ListFound {
  std::string id;
  std::optional<channels::Change> added;
};
Result<ListFound> list_from_words(const channels::Channel& channel, const std::string& what);

// Each reads its own members of `arguments`.
Said schedule_words(const Scene& scene, wire::Fields& arguments);
Said fill_words(const Scene& scene, wire::Fields& arguments);
Said set_words(const Scene& scene, wire::Fields& arguments);
Said move_words(const Scene& scene, wire::Fields& arguments);
Said remove_words(const Scene& scene, wire::Fields& arguments);
Said repeat_words(const Scene& scene, wire::Fields& arguments);
Said skip_words(const Scene& scene, wire::Fields& arguments);

inline constexpr std::size_t max_changes = 1000;
/// [{"change":"add_items","list":…,"items":[…],"before":…}, …]: each change of edit.h by its name.
/// `media` must live until they are applied.
Said changes_from_json(const wire::Json& list, const channels::Media& media);

}  // namespace hearth::node
