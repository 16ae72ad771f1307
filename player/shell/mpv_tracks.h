// mpv's list of tracks as ours; included by the files that include mpv only.
#pragma once

#include <vector>

#include "player/core/actions.h"

struct mpv_node;

namespace hearth::player {

/// What can be chosen: sound and subtitles.
std::vector<Track> tracks_of(const mpv_node& list);
/// The first sound (0: none), and whether there is a picture.
struct FirstTracks {
  int sound = 0;
  bool picture = false;
};
FirstTracks first_tracks(const mpv_node& list);

}  // namespace hearth::player
