// mpv's list of tracks as ours; included by the files that include mpv only.
#pragma once

#include <vector>

#include "player/core/actions.h"

struct mpv_node;

namespace hearth::player {

/// What can be chosen: sound and subtitles.
std::vector<Track> tracks_of(const mpv_node& list);
/// The first sound (0: none), whether there is a picture, and the first from another stream, which
/// is shown to the sound (0: none).
struct FirstTracks {
  int sound = 0;
  bool picture = false;
  int beside = 0;
};
FirstTracks first_tracks(const mpv_node& list);
/// Pictures beside the sound that gave way to a later one.
std::vector<int> past_pictures(const mpv_node& list);

}  // namespace hearth::player
