// Changing a channel: each change is a function on the document. `edited` applies some to the
// version that somebody looked at and gives the next version, which goes on where the lists are
// at that moment (Since); the versions before are the shell's to keep, for undo and for catch-up.
// Pure.
//
//   edited(timeline, 7, now, {add_items("films", {item}, ""), repeat_slot("s3", "FREQ=DAILY")})
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/wire/json.h"
#include "node/channels/check.h"
#include "node/channels/playout.h"

namespace hearth::node::channels {

/// An empty channel that begins at `at`: dead air until something is added. Version 1.
Channel new_channel(std::string id, std::int32_t number, std::string name, std::string zone,
                    std::uint64_t seed, UtcMs at);

using Change = std::function<Result<void>(Channel&)>;

/// The next version, from `at` on. Code::changed_meanwhile when the version is not
/// `expected_version`; else the first refusal of a change, or what consistent() says.
Result<Channel> edited(const Timeline& now, std::int64_t expected_version, UtcMs at,
                       const std::vector<Change>& changes);

/// An older version again, as the next one: undo. Its lists go on where they are now as far as
/// they still exist.
Result<Channel> restored(const Timeline& now, std::int64_t expected_version, UtcMs at,
                         const Channel& older);

/// "i12" that is no item's, slot's, list's or filler's id yet.
std::string fresh_id(const Channel& channel, char prefix);

// Places are given by the id that the new one stands before; "" or an unknown id: at the end.
// Items without an id get a fresh one; names and lengths that are missing come from `media`,
// which must live until the change is applied.
Change add_items(std::string list, std::vector<Item> items, std::string before, const Media& media);
Change move_item(std::string item, std::string list, std::string before);
Change remove_item(std::string item);
/// Members as in the document; null takes one away.
Change set_item(std::string item, wire::Json members);
Change add_list(List list);
Change set_list(std::string list, wire::Json members);
/// Refused while a slot or filler takes from it.
Change remove_list(std::string list);
Change add_slot(Slot slot, std::string before);
Change move_slot(std::string slot, std::string before);
Change set_slot(std::string slot, wire::Json members);
/// Refused while another is linked to it.
Change remove_slot(std::string slot);
/// RFC 5545 by days; "" no more.
Change repeat_slot(std::string slot, std::string rule);
/// Not on that day.
Change skip_day(std::string slot, Day day);
Change add_filler(Filler filler);
Change set_filler(std::string filler, wire::Json members);
Change remove_filler(std::string filler);
/// number, name, logo, colour, zone, seed, max_lateness_ms, dead_air, watermark, budget,
/// usual_fillers.
Change set_channel(wire::Json members);

/// What a change would do to what people see.
struct DryRun {
  std::vector<GuideEntry> gone;   ///< of the version before
  std::vector<GuideEntry> fresh;  ///< of the version after
  std::vector<Warning> warnings;  ///< about the version after
};
DryRun dry_run(const Timeline& before, const Timeline& after, const Media& media, UtcMs from,
               UtcMs to);

}  // namespace hearth::node::channels
