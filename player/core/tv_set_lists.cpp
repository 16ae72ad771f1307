// The menus: what can be chosen, and what then happens.
#include <algorithm>

#include "player/core/tv_set.h"

namespace hearth::player {

std::vector<TvSet::Choice> TvSet::choices() const {
  switch (overlay().value_or(Overlay::menu)) {
    case Overlay::audio:
      return track_choices(TrackKind::audio);
    case Overlay::subtitles:
      return track_choices(TrackKind::subtitles);
    case Overlay::guide_choice: {
      const auto programme = guide_.selected();
      std::vector<Choice> out;
      if (programme && programme->end_ms > utc_ms_) {
        out.push_back({Does::guide_live, {"Watch now", "live"}});
      }
      out.push_back({Does::guide_start, {"Watch from the start", ""}});
      return out;
    }
    default:
      return menu();
  }
}

std::vector<TvSet::Choice> TvSet::menu() const {
  std::vector<Choice> out;
  if (watching_.on()) {
    const link::AirItem* on = watching_.now_on(utc_ms_);
    out.push_back({Does::watch, {"Go on watching", ""}});
    if (!watching_.live(utc_ms_)) out.push_back({Does::live, {"Back to live", when_in_words()}});
    if (on != nullptr && on->catch_up) out.push_back({Does::start, {"From the start", ""}});
    out.push_back({Does::guide, {"Guide", ""}});
    out.push_back({Does::info, {"About this programme", ""}});
  } else if (title_on()) {
    out.push_back({Does::watch, {"Go on", ""}});
    if (!tuner_.empty()) out.push_back({Does::guide, {"Guide", ""}});
  } else if (!tuner_.empty()) {
    out.push_back({Does::live, {"Watch television", ""}});
    out.push_back({Does::guide, {"Guide", ""}});
  }
  if (watching_.on() || title_on()) {
    out.push_back({Does::audio, {"Sound track", track_in_words(TrackKind::audio)}});
    out.push_back({Does::subtitles, {"Subtitles", track_in_words(TrackKind::subtitles)}});
  }
  const int gifts = show_.home().waiting_gifts;
  if (gifts > 0 || show_.has_prompt()) {
    out.push_back({Does::gifts, {"Gifts", gifts > 0 ? std::to_string(gifts) + " waiting" : ""}});
  }
  out.push_back({Does::clock, {"Clock on the screen", clock_always_ ? "always" : "no"}});
  out.push_back({Does::slow_zoom, {"Slow zoom on pictures", moves_pictures_ ? "yes" : "no"}});
  if (watching_.on() || title_on()) out.push_back({Does::leave, {"Home screen", ""}});
  return out;
}

std::string TvSet::track_in_words(TrackKind kind) const {
  for (const Track& track : tracks_) {
    if (track.kind == kind && track.chosen) return track.label;
  }
  return kind == TrackKind::audio ? "none" : "off";
}

std::vector<TvSet::Choice> TvSet::track_choices(TrackKind kind) const {
  std::vector<Choice> out;
  bool chosen = false;
  for (const Track& track : tracks_) {
    if (track.kind != kind) continue;
    out.push_back({Does::track, {track.label, "", track.chosen}, track.id});
    chosen = chosen || track.chosen;
  }
  if (kind == TrackKind::subtitles) {
    out.insert(out.begin(), {Does::track, {"No subtitles", "", !chosen}, 0});
  }
  return out;
}

void TvSet::choose_track(TrackKind kind, int id) {
  for (Track& track : tracks_) {
    if (track.kind == kind) track.chosen = track.id == id;
  }
  actions_.push_back(ChooseTrack{kind, id});
}

/// One key goes through them; a toast says which it is.
void TvSet::next_track(TrackKind kind) {
  const auto rows = track_choices(kind);
  const bool sound = kind == TrackKind::audio;
  if (rows.size() < 2) {
    return show_.say(sound ? "One sound track" : "No subtitles",
                     sound ? "There is no other here." : "There are none here.");
  }
  const auto chosen =
      std::find_if(rows.begin(), rows.end(), [](const Choice& one) { return one.row.marked; });
  const auto& next = chosen == rows.end() || chosen + 1 == rows.end() ? rows.front() : chosen[1];
  choose_track(kind, next.track);
  show_.say(sound ? "Sound track" : "Subtitles", next.row.label);
}

void TvSet::choose(const Choice& choice) {
  switch (choice.does) {
    case Does::watch:
      return close_overlays();
    case Does::guide:
      return open(Overlay::guide);
    case Does::info:
      return open(Overlay::info);
    case Does::start:
      close_overlays();
      watching_.to_start(utc_ms_);
      return show_banner();
    case Does::live:
      if (!watching_.on()) return tune(tuner_.first());
      close_overlays();
      watching_.to_live();
      return show_banner();
    case Does::audio:
      return open(Overlay::audio);
    case Does::subtitles:
      return open(Overlay::subtitles);
    case Does::gifts:
      return open(Overlay::gifts);
    case Does::clock:
      clock_always_ = !clock_always_;
      return;
    case Does::slow_zoom:
      moves_pictures_ = !moves_pictures_;
      return;
    case Does::leave:
      close_overlays();
      watching_.on() ? watching_.leave() : show_.stop();
      return;
    case Does::guide_live:
    case Does::guide_start: {
      const auto& channel = guide_.channels().channels[static_cast<std::size_t>(guide_.row())];
      const auto programme = guide_.selected();
      const bool live = !programme || choice.does == Does::guide_live;
      return tune(channel.channel, live ? 0 : programme->start_ms);
    }
    case Does::track:
      choose_track(overlay() == Overlay::audio ? TrackKind::audio : TrackKind::subtitles,
                   choice.track);
      return back();
  }
}

}  // namespace hearth::player
