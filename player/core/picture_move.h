// Pictures that move slowly (Ken Burns), fade into each other, and take turns beside music: where
// they are at a moment. Pure functions of the time, so that every TV shows the same.
#pragma once

#include <cstdint>
#include <string>

#include "common/link/channels.h"

namespace hearth::player {

/// As mpv moves a picture.
struct PictureMove {
  double zoom = 0;      ///< powers of two; 0: as it is
  double x = 0, y = 0;  ///< in parts of the picture as it is drawn
  bool operator==(const PictureMove&) const = default;
};

/// A slow way into the picture or out of it, to one of its corners. `part` 0..1 of its time;
/// `picture` names it, and chooses the way.
PictureMove slow_move(const std::string& picture, double part);
/// There and back in 40 s, for a picture that stands until somebody takes it away.
double there_and_back(std::int64_t shown_ms);

/// The part of a picture's time on the screen: of the item, or of the one beside the music.
double part_of_picture(const link::AirItem& item, std::int64_t list_ms);
/// Which picture is beside the music then; empty: none.
std::string beside_at(const link::AirItem& item, std::int64_t list_ms);
/// When the next one comes, in list time; the item's end when none does.
std::int64_t beside_until(const link::AirItem& item, std::int64_t list_ms);
/// How much of the dark lies over it: 1 at the moment of a change, 0 away from it.
double darkness_of_fade(const link::AirItem& item, std::int64_t list_ms);

}  // namespace hearth::player
