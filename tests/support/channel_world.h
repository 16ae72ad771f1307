// Channels for tests and measurements: a short way to write one down, media that know what they
// are told, lists as lines to read, and random channels from a seed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/channels/channel.h"
#include "node/channels/media.h"
#include "node/channels/playout.h"
#include "node/channels/zone.h"

namespace hearth::test {

/// Stops the test when the system has no such zone.
node::channels::Zone zone(const std::string& name);

/// UTC of a local time like "2026-11-02 20:15".
UtcMs local(const node::channels::Zone& zone, const std::string& text);

/// Everything is ready unless said otherwise.
class KnownMedia : public node::channels::Media {
 public:
  const node::channels::Facts* find(std::string_view media) const override;
  node::channels::Availability at(const node::channels::Item& item, UtcMs start) const override;
  std::map<std::string, node::channels::Facts, std::less<>> facts;
  std::map<std::string, node::channels::Availability> states;  ///< by media
  UtcMs late_from = INT64_MAX;  ///< airings from then on have the states
};

/// Minutes; the item's id is its media and its name as well.
node::channels::Item title(const std::string& id, double minutes);
node::channels::List list(const std::string& id, std::vector<node::channels::Item> items,
                          node::channels::Order order = node::channels::Order::sequence);
/// Floats.
node::channels::Slot floating(const std::string& id, const std::string& list,
                              node::channels::Take take = node::channels::Take::flood);
node::channels::Slot fixed(const std::string& id, const std::string& list, const std::string& at,
                           const std::string& first, const std::string& rule,
                           node::channels::Take take = node::channels::Take::one);
node::channels::Filler filler(const std::string& id, const std::string& list,
                              node::channels::Place place, node::channels::Amount amount,
                              std::int64_t value = 0);
/// Begins at that local midnight.
node::channels::Channel channel(const std::string& zone_name, const std::string& day);

/// "20:15 film", "21:45 film +90" (minutes into it), "22:00 (trailer)" for fillers, "22:30 -" for
/// dead air, "… !" when it is cut; seconds only when there are some.
std::vector<std::string> lines(const node::channels::Timeline& timeline,
                               const std::vector<node::channels::Entry>& entries);
std::vector<std::string> lines_of_guide(const node::channels::Timeline& timeline,
                                        const std::vector<node::channels::GuideEntry>& entries);

/// Consistent, and as odd as the document allows.
node::channels::Channel random_channel(std::uint64_t seed);

}  // namespace hearth::test
