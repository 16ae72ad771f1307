// What a seller asks now for a title whose offer is not sold any more. An offer's price is part of
// its id, so a dearer one is another offer: nothing here is ever bought in its place, the owner is
// told and decides. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/wire/documents.h"

namespace hearth::node {

bool is_ended(const wire::Offer& offer, UtcMs now);
/// The latest offer of the same title by the same home that is newer and still sold; of several at
/// once the cheapest.
std::optional<wire::Offer> successor_of(const wire::Offer& ended,
                                        const std::vector<wire::Offer>& found, UtcMs now);
/// For the channel's owner.
std::string ended_sentence(const wire::Offer& ended, const std::optional<wire::Offer>& successor,
                           std::int32_t channel_number);

}  // namespace hearth::node
