// Buying ahead: which offers in a channel's list are bought now, so that they are here when they
// are to be shown, and which never are. Pure: no clock, no money moves here.
//
// An offer is bought from `ahead_ms` before its airing on: twelve hours, and three times as long as
// fetching it takes. It is not bought any more when it could not be here in time. What the channel
// may pay for a title and in a calendar month are hard limits; what comes first on the air is
// bought first.
#pragma once

#include <string>
#include <vector>

#include "node/channels/channel.h"
#include "node/television/home_media.h"

namespace hearth::node {

/// The next airing of an offer that is not here.
struct WantedOffer {
  std::string offer;  ///< hex
  std::string name;
  UtcMs start = 0;
  money::Amount price;
  std::uint64_t size = 0;
  Here here = Here::for_sale;
};

enum class AheadStep {
  nothing,  ///< it is on its way
  wait,     ///< it is not yet time
  buy,
  late,            ///< too late for this airing: fallback, and nothing is paid
  other_currency,  ///< the channel has no budget in the offer's currency
  too_dear,        ///< above what it may pay for a title
  over_budget,     ///< above what is left of the month
};
struct AheadDecision {
  WantedOffer wanted;
  AheadStep step = AheadStep::nothing;
  bool refused() const { return step >= AheadStep::other_currency; }
};

/// More may be spent than before: that takes the PIN.
bool raises(const channels::Budget& before, const channels::Budget& after);

std::int64_t ahead_ms(std::uint64_t bytes, std::uint64_t bytes_per_second);

/// `wanted` by start, each offer once. `spent`: by this channel in this calendar month, in the
/// budget's currency, purchases under way too. One decision each, in the same order.
std::vector<AheadDecision> decide_ahead(const std::vector<WantedOffer>& wanted,
                                        const channels::Budget& budget, std::int64_t spent,
                                        UtcMs now, std::uint64_t bytes_per_second);
/// For the channel's owner, of a decision that is refused() or late; else empty.
std::string ahead_sentence(const AheadDecision& decision, const channels::Budget& budget);

}  // namespace hearth::node
