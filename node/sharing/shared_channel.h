// What of a channel leaves its home, and what another home makes of it (docs/protocol.md §7.8).
// Seed and beginning of the list go along, so both homes have the same list at the same time; what
// the other home may not have, or does not take, is on in neither of its forms: fallback stands in
// its place, and the schedule stays in step. Pure.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "common/wire/share_documents.h"
#include "node/television/channel_file.h"

namespace hearth::node {

/// Media that no home has, in place of those that stay at home or are not taken.
inline constexpr std::string_view withheld_media = "withheld", untaken_media = "not-taken";
/// In the guide instead of a name that is nobody else's business.
inline constexpr std::string_view withheld_name = "Not shared with this home";

/// What the receiver may have.
struct MayHave {
  OfferOf offer_of;  ///< nullopt: not for sale
  /// A private title that the sender gave that very home.
  std::function<bool(const std::string& title)> given;
};
/// Under the id `share`: without budget, titles for sale as their offers, private ones only if they
/// were given.
channels::Channel for_other_home(const channels::Channel& own, const std::string& share,
                                 const MayHave& may);

/// What a home takes of a channel that is shown to it.
struct Taken {
  bool whole = true;
  std::vector<std::string> parts;  ///< ids of lists and items; of `whole` none
  bool operator==(const Taken&) const = default;
};
inline constexpr std::size_t max_taken = 1000;
/// Lists and items by id or name, as parts. Code::not_found.
Result<std::vector<std::string>> parts_from_words(const channels::Channel& channel,
                                                  const std::vector<std::string>& words);
/// The sender's channel as this home shows it. Lists that no slot shows (fallback and the like) are
/// always taken.
channels::Channel as_taken(channels::Channel shared, const Taken& taken, std::int32_t number,
                           const channels::Budget& budget);
/// Nothing but what the receiver decides differs: number and budget.
bool same_but_own(const channels::Channel& before, const channels::Channel& after);

/// The offers that its items name, each once.
std::vector<std::string> offers_in(const channels::Channel& channel);

/// A channel file in parts for letters. Code::too_large: more than max_share_parts.
Result<std::vector<std::string>> in_parts(const std::string& text);

}  // namespace hearth::node
