// A channel as its people made it: what to show (lists), when (slots), what goes in between
// (fillers), and how it looks. A value; channel_json.h reads and writes it, edit.h changes it,
// playout.h turns it into the list of what is on when. docs/protocol.md §18.
//
// Lengths are in the document: the list depends on nothing else, so that every home that has the
// same document has the same list, whatever it has of the media (docs/decisions/0041).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/money/amount.h"
#include "node/channels/civil.h"

namespace hearth::node::channels {

/// Append only: stored and sent, as are all enums here. 6 is kept for live sources.
enum class ItemKind : std::uint8_t { title = 1, offer = 2, album = 3, music = 4, page = 5 };
enum class Order : std::uint8_t { sequence = 1, shuffle = 2, weighted = 3 };
/// How much of its list a slot takes at a time.
enum class Take : std::uint8_t { one = 1, multiple = 2, duration = 3, flood = 4 };
/// `follows`: goes on where the other slot stopped; `reruns`: shows what it showed last.
enum class Link : std::uint8_t { none = 0, follows = 1, reruns = 2 };
/// Where fillers stand: around items (pre, mid, post), at the end of a slot (tail), and where
/// nothing else fits or can be shown (fallback).
enum class Place : std::uint8_t { pre = 1, mid = 2, post = 3, tail = 4, fallback = 5 };
/// `pad`: up to the next full multiple of so many minutes of the wall clock; `all`: what fits.
enum class Amount : std::uint8_t { count = 1, duration = 2, pad = 3, all = 4 };
enum class Transition : std::uint8_t { cut = 1, fade = 2 };
enum class Corner : std::uint8_t { top_left = 1, top_right = 2, bottom_left = 3, bottom_right = 4 };

std::string_view name_of(ItemKind kind);
std::string_view name_of(Order order);
std::string_view name_of(Take take);
std::string_view name_of(Link link);
std::string_view name_of(Place place);
std::string_view name_of(Amount amount);
std::string_view name_of(Transition transition);
std::string_view name_of(Corner corner);

inline constexpr std::size_t max_items = 10'000;  ///< of all lists together
inline constexpr std::size_t max_lists = 200, max_slots = 500, max_fillers = 50;
inline constexpr std::size_t max_pictures = 10'000;  ///< of all albums together
inline constexpr std::size_t places_of_fillers = 5;  ///< a slot has at most one filler of each
inline constexpr std::size_t max_id = 32, max_media_id = 128, max_page_text = 4000;
inline constexpr std::int64_t min_length_ms = second_ms, max_length_ms = day_ms;

/// One thing that can be shown.
struct Item {
  std::string id;  ///< unique in the channel
  ItemKind kind = ItemKind::title;
  std::string media;                  ///< title or music: title id; offer: offer id; else empty
  std::string name;                   ///< what people call it; shown where the media is not known
  std::int64_t length_ms = 0;         ///< as stated; 0: not known, then it is never scheduled
  std::vector<std::string> pictures;  ///< title ids: of an album, or beside music
  std::int64_t picture_ms = 0;        ///< each picture; an album's length is their sum
  Transition transition = Transition::cut;
  std::string text;  ///< of a page
  std::int32_t weight = 1;
  bool operator==(const Item&) const = default;
};

/// How long it is on: stated, or an album's pictures together. 0: not known, never scheduled.
std::int64_t length_of(const Item& item);

struct List {
  std::string id, name;
  Order order = Order::sequence;
  std::vector<Item> items;
  bool operator==(const List&) const = default;
};

/// At a local time on certain days.
struct Fixed {
  std::int64_t at_ms = 0;  ///< of the local day
  Day first = 0;
  std::string rule;  ///< RFC 5545 (recurrence.h); empty: the first day alone
  std::vector<Day> except, also;
  bool operator==(const Fixed&) const = default;
};

struct Slot {
  std::string id, name;
  std::string list;
  std::optional<Fixed> fixed;  ///< none: it floats, in turn with the others that float
  Take take = Take::one;
  std::int32_t count = 1;        ///< of Take::multiple
  std::int64_t duration_ms = 0;  ///< of Take::duration
  Link link = Link::none;
  std::string linked;                               ///< slot
  std::optional<std::vector<std::string>> fillers;  ///< none: the channel's
  std::int32_t rank = 0;                            ///< 0..9, the higher one stays
  bool operator==(const Slot&) const = default;
};

struct Filler {
  std::string id, list;
  Place place = Place::tail;
  Amount amount = Amount::all;
  std::int64_t value = 0;     ///< of count: number; of duration: ms; of pad: minutes
  std::int64_t every_ms = 0;  ///< of mid: so often inside an item
  bool operator==(const Filler&) const = default;
};

struct Watermark {
  Corner corner = Corner::top_right;
  std::int32_t width_percent = 10, opacity_percent = 80;
  bool operator==(const Watermark&) const = default;
};

/// What offers may cost.
struct Budget {
  std::int64_t title = 0, month = 0;  ///< minor units
  std::string currency;               ///< empty: nothing is bought
  bool operator==(const Budget&) const = default;
};

/// How far a slot or a filler has come in its list.
struct Progress {
  std::string id;
  std::int64_t next = 0;   ///< items taken so far
  std::int64_t first = 0;  ///< where the slot's last airing began
  UtcMs waits_since = 0;   ///< its next item has found no room from then on
  bool operator==(const Progress&) const = default;
};

/// A slot that is being shown, or that floats on after a fixed one.
struct Running {
  std::string slot;
  std::int64_t left = 0;  ///< items
  UtcMs until = 0;        ///< of a duration
  UtcMs planned = 0;      ///< of a fixed one of which nothing was shown yet
  bool operator==(const Running&) const = default;
};

/// Where the list begins, and with what. Before it is dead air; after an edit it is the moment
/// from which the new document holds, so that lists go on where they were.
struct Since {
  UtcMs at = 0;
  UtcMs handled = 0;  ///< fixed starts up to here have been seen to; before `at`
  std::optional<Running> on_air, floating;
  std::vector<Progress> progress;
  bool operator==(const Since&) const = default;
};

struct Channel {
  std::string id;
  std::int32_t number = 1;  ///< 1..9999
  std::string name;
  std::string logo;                 ///< title id of a picture; empty: none
  std::uint32_t colour = 0x3366cc;  ///< 0xrrggbb
  std::string zone = "UTC";         ///< IANA
  std::uint64_t seed = 0;           ///< below 2^53
  std::int64_t version = 1;
  Since since;
  std::int64_t max_lateness_ms = 0;
  std::vector<List> lists;
  std::vector<Slot> slots;
  std::vector<Filler> fillers;
  std::vector<std::string> usual_fillers;
  std::string dead_air;  ///< title id of a picture; empty: the logo, else a plain card
  std::optional<Watermark> watermark;
  Budget budget;

  const List* find_list(std::string_view list) const;
  const Slot* find_slot(std::string_view slot) const;
  const Filler* find_filler(std::string_view filler) const;
  bool operator==(const Channel&) const = default;
};

}  // namespace hearth::node::channels
