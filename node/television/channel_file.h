// A channel as a file for other homes: signed by the home that made it (JWS, docs/protocol.md §18).
// It carries the document and the offers that it names, so that whoever reads it knows what they
// are and what they cost; no budget, and nothing of where the list stands. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/documents.h"
#include "node/channels/channel_json.h"

namespace hearth::node {

inline constexpr std::size_t max_file_offers = 2000;
inline constexpr std::size_t max_channel_file = 24 * 1024 * 1024;

struct ChannelFile {
  channels::Channel channel;
  std::vector<wire::Offer> offers;  ///< that its items name
  identity::HomeAddress from;
  UtcMs issued_ms = 0;
};

/// The offer under which a title or an offer can be had, as JWS; nullopt: it is not for sale.
using OfferOf = std::function<std::optional<std::string>(const std::string& media)>;
/// A title that is for sale becomes its offer, so that others can buy it; private ones stay titles.
/// Code::too_large: more offers, or a larger document, than a file may have.
Result<std::string> write_channel_file(const channels::Channel& channel, const OfferOf& offer_of,
                                       const crypto::SignKey& home, UtcMs now);
/// As it is, with these offers; write_channel_file() and the sharing of channels decide what is in
/// it. Code::too_large.
Result<std::string> sign_channel_file(const channels::Channel& channel,
                                      const std::vector<std::string>& offers,
                                      const crypto::SignKey& home, UtcMs now);
/// Hostile input. Code::bad_signature, Code::usage, Code::too_large.
Result<ChannelFile> read_channel_file(std::string_view text);

}  // namespace hearth::node
