// Channels as documents (docs/api.md). Pure, but for what the room answers.
#pragma once

#include "common/wire/json.h"
#include "node/television/television.h"

namespace hearth::node {

/// CHANNEL
wire::Json channel_document(const Television& television, const channels::Timeline& timeline,
                            UtcMs now);
/// PROGRAMME
wire::Json document(const channels::Channel& channel, const channels::Media& media,
                    const channels::GuideEntry& entry);
wire::Json document(const channels::Warning& warning);
wire::Json document(const ChannelTrouble& trouble);
wire::Json document(const VersionBrief& version);

}  // namespace hearth::node
