// What the schedule asks about media: the node answers from its library, its purchases and the
// catalogue. Lengths are not asked for here when a list is made: they stand in the channel's
// document; `Facts::length_ms` is for edit.h (to write them there) and check.h (to compare).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/money/amount.h"
#include "common/wire/documents.h"
#include "node/channels/channel.h"

namespace hearth::node::channels {

/// Whether a programme can be shown. The node decides it for an airing: an offer is `known` as
/// long as there is time to buy and fetch it, then `ready` or `late`. Append only.
enum class Availability : std::uint8_t {
  ready = 1,  ///< here, whole enough to play
  known = 2,  ///< expected to be here in time: listed like what is ready
  late = 3,   ///< not paid or not fetched in time: fallback is shown in its place, nothing is paid
  missing = 4,  ///< nobody knows it, or it cannot be played: fallback as well
};
std::string_view name_of(Availability availability);

struct Facts {
  std::string name;
  wire::Kind kind = wire::Kind::video;
  std::int64_t length_ms = 0;  ///< 0: none, as of a picture
  std::int64_t min_age = 0;
  std::string description;
  std::optional<money::Amount> price;  ///< of an offer that is not bought yet
};

class Media {
 public:
  virtual ~Media() = default;
  /// By title id or offer id; nullptr when nothing is known of it. Lives as long as this does.
  virtual const Facts* find(std::string_view media) const = 0;
  /// Of the airing that begins at `start`. Pages need no media and are not asked about.
  virtual Availability at(const Item& item, UtcMs start) const = 0;
};

}  // namespace hearth::node::channels
