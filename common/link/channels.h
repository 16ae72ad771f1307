// What node and player say about channels (docs/protocol.md §11). The node reads the list of what
// is on and says it; the player shows it by the wall clock. Programmes are half-open, in UTC ms.
//
// A channel is watched at a lag behind the wall clock: 0 is live; pause, rewinding and catch-up
// make it larger. The list time is wall clock minus lag, and all times here are list times.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/link/keys.h"
#include "common/wire/documents.h"

namespace hearth::link {

inline constexpr std::size_t max_channels = 1000, max_guide_rows = 12, max_row_programmes = 96;
inline constexpr std::size_t max_air_items = 8, max_logo = 16 * 1024, max_pin_digits = 12;
inline constexpr std::size_t max_beside = 200;  ///< pictures of one item

struct Channel {
  std::string channel;  ///< id
  int number = 0;       ///< 1..9999
  std::string name;
  std::uint32_t colour = 0;  ///< 0xRRGGBB
  bool operator==(const Channel&) const = default;
};
/// Order: every channel of this home, by number.
struct Lineup {
  std::vector<Channel> channels;
};

struct Programme {
  std::string item;  ///< of the list; names this airing
  std::string name;
  std::int64_t start_ms = 0, end_ms = 0;
  bool catch_up = false;  ///< can be watched from its start, when it has begun
  bool operator==(const Programme&) const = default;
};
struct GuideRow {
  std::string channel;
  std::vector<Programme> programmes;  ///< by start, no overlap; what lies between is empty
};
/// Order: the answer to a GuideWanted.
struct GuideWindow {
  std::int64_t request = 0, from_ms = 0, to_ms = 0;
  std::vector<GuideRow> rows;
};

struct AirItem {
  std::string item;
  std::string stream;  ///< empty: cannot be shown, `sentence` says why
  std::string name, about;
  wire::Kind kind = wire::Kind::data;
  std::string media_type;
  std::uint64_t size = 0;
  std::int64_t start_ms = 0, end_ms = 0;
  std::int64_t in_point_ms = 0;  ///< where in the media `start_ms` is
  bool filler = false, watermark = false, catch_up = false;
  std::vector<std::string> beside;  ///< streams of pictures that are shown to music, in turns
  std::int64_t picture_ms = 0;      ///< how long each of them; of the media, from its beginning
  bool fade = false;                ///< its picture, or each beside it, comes and goes softly
  std::string sentence;
  bool operator==(const AirItem&) const = default;
};
/// Names are on the wire.
enum class Corner { top_left, top_right, bottom_left, bottom_right };
/// Of a channel, over the picture of items with `watermark`.
struct Logo {
  Bytes png;  ///< hostile, decoded by the player; empty: none
  Corner corner = Corner::top_right;
  int width_percent = 10, opacity_percent = 80;  ///< of the screen's width; 1..50, 5..100
  bool operator==(const Logo&) const = default;
};
/// Order: what is on a channel now and next. Gaps between items are dead air: picture and clock.
struct Air {
  std::string channel;
  std::int64_t request = 0;  ///< of the Tune or Watch that this answers; 0: unasked
  std::int64_t lag_ms = 0;
  std::vector<AirItem> items;  ///< by start, no overlap
  Logo logo;
  std::string sentence;  ///< with no items: why not
};

/// Order: asks for the PIN before a channel is shown; an empty `pin` takes the question away.
struct AskPin {
  std::string pin;  ///< id of the question
  std::string headline, text;
  std::string sentence;  ///< what was wrong with the last answer
};
/// Order: somebody pressed a key elsewhere (phone, command line).
struct Press {
  Key key = Key::ok;
};

// Events: player to node.
struct Tune {
  std::string channel;  ///< live
  std::int64_t request = 0;
};
/// Catch-up: the programme of the channel that began then, from `at_ms` of the list on.
struct Watch {
  std::string channel;
  std::int64_t at_ms = 0;
  std::int64_t request = 0;
};
struct GuideWanted {
  std::int64_t request = 0;
  int first_row = 0, rows = 1;  ///< of the lineup
  std::int64_t from_ms = 0, to_ms = 0;
};
/// What the player shows of a channel began, or could not begin.
struct Aired {
  std::string channel, item;
  std::int64_t lag_ms = 0;
  std::int64_t drift_ms = 0;  ///< behind the list; negative: early
  std::string sentence;       ///< why it cannot be shown; the fallback card is on
};
struct PinEntered {
  std::string pin, digits;
};
/// A person left the channels: nothing is on the air on this TV any more.
struct TunedOut {};
/// A person asks for the gifts that wait, also those put off.
struct GiftsWanted {};

}  // namespace hearth::link
