// What a channel shows when: the one list that guide, player and exports read
// (docs/protocol.md §18, node/channels/README.md).
//
// The list is endless, without gaps and without overlaps; each entry is [start, end) in UTC
// milliseconds, and dead air is an entry. playout(from, to) is the part of it that touches
// [from, to), in whole entries: the first may begin earlier, the last may end later. The same
// document always gives the same entries, whatever is asked and in whatever order; media only
// decide what is shown in a programme's place when it cannot be shown. Pure: no clock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "node/channels/channel.h"
#include "node/channels/media.h"
#include "node/channels/zone.h"

namespace hearth::node::channels {

/// Append only.
enum class EntryKind : std::uint8_t { programme = 1, filler = 2, dead_air = 3 };
std::string_view name_of(EntryKind kind);

/// One of a channel's items, by position.
struct ItemRef {
  std::int32_t list = -1, item = -1;  ///< -1: none
  bool any() const { return list >= 0; }
  bool operator==(const ItemRef&) const = default;
};

struct Entry {
  UtcMs start = 0, end = 0;
  EntryKind kind = EntryKind::dead_air;
  Place place = Place::pre;    ///< of fillers
  std::int32_t slot = -1;      ///< whose time it is; -1: nobody's
  ItemRef shows;               ///< none: dead air
  std::int64_t offset_ms = 0;  ///< where in the item it begins (after a mid filler)
  UtcMs airing = 0;      ///< start of the airing that it belongs to: parts of an item share it
  UtcMs planned = 0;     ///< of a fixed slot's airing: when the rule says; else 0
  bool cut = false;      ///< ends before its item does
  bool between = false;  ///< fills a gap between airings, is no part of one
  /// Shown in place of that programme, which is late or missing.
  ItemRef instead_of;
  Availability availability = Availability::ready;  ///< of the programme
  bool operator==(const Entry&) const = default;
};

/// Entries put together, programme by programme: guide.h says how.
struct GuideEntry {
  UtcMs start = 0, end = 0;
  EntryKind kind = EntryKind::dead_air;
  std::int32_t slot = -1;
  ItemRef item;       ///< of a programme: what was planned, shown or not
  UtcMs planned = 0;  ///< of a fixed slot: when its rule says
  bool shown = true;  ///< false: fallback stands in for it
  bool cut = false;
  Availability availability = Availability::ready;
  bool operator==(const GuideEntry&) const = default;
};

/// A channel made ready: rules worked out, progress kept for each day, so that a page of the
/// guide costs microseconds. Answers are the same as those of a fresh one. One thread.
class Timeline {
 public:
  /// Code::usage when a rule of the document is not one (a document that was read never fails).
  static Result<Timeline> make(Channel channel, Zone zone);
  Timeline(Timeline&&) noexcept;
  Timeline& operator=(Timeline&&) noexcept;
  ~Timeline();

  const Channel& channel() const;
  const Zone& zone() const;
  std::vector<Entry> playout(const Media& media, UtcMs from, UtcMs to) const;
  /// Whole entries of the guide that touch [from, to); the first and the last may reach beyond.
  std::vector<GuideEntry> guide(const Media& media, UtcMs from, UtcMs to) const;
  /// The entry that is on at that moment.
  Entry on_air(const Media& media, UtcMs at) const;
  /// As the list goes on from `at`: what edit.h puts into the next version.
  Since since(UtcMs at) const;
  /// The same entries without media: no stand-ins. For check.h.
  std::vector<Entry> planned(UtcMs from, UtcMs to) const;

  struct Impl;  ///< room-internal
  const Impl& impl() const { return *impl_; }

 private:
  explicit Timeline(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A fresh Timeline's answer.
Result<std::vector<Entry>> playout(const Channel& channel, const Zone& zone, const Media& media,
                                   UtcMs from, UtcMs to);

const Item* item_of(const Channel& channel, ItemRef ref);
/// As people read it: the media's name, else the item's own; "" for dead air. Of a stand-in the
/// name of what it stands in for.
std::string_view title_of(const Channel& channel, const Media& media, const Entry& entry);

}  // namespace hearth::node::channels
