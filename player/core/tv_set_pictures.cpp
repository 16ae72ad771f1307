// What lies over or moves a picture without a word: the channel's logo, slow zooms, fades.
#include <algorithm>

#include "player/core/tv_set.h"

namespace hearth::player {
namespace {

constexpr std::int64_t calm_ms = 250;

}  // namespace

/// Where the item wants it, and nothing of ours stands there.
void TvSet::show_logo() {
  const link::AirItem* on = watching_.on() ? watching_.now_on(utc_ms_) : nullptr;
  const bool there = on != nullptr && on->watermark && watching_.shows_item() && !overlay() &&
                     pin_.pin.empty() && logo_ != nullptr && !logo_->png.empty();
  const bool wanted = there && !stands_in_corner(logo_->corner);
  if (wanted == logo_shown_) return;
  logo_shown_ = wanted;
  actions_.push_back(ShowLogo{wanted ? logo_ : nullptr});
}

bool TvSet::stands_in_corner(link::Corner corner) const {
  switch (corner) {
    case link::Corner::top_right:
      return clock_always_ || !tuner_.entry().empty();
    case link::Corner::bottom_left:
    case link::Corner::bottom_right:
      return banner_up() || watching_.paused();
    case link::Corner::top_left:
      break;
  }
  return false;
}

/// The item whose still picture is on the screen.
const link::AirItem* TvSet::still_on_air() const {
  return watching_.on() && show_.shows_still() ? watching_.now_on(utc_ms_) : nullptr;
}

void TvSet::move_picture() {
  PictureMove wanted;
  if (moves_pictures_ && show_.shows_still()) {
    if (const link::AirItem* on = still_on_air()) {
      const std::int64_t at_ms = watching_.list_ms(utc_ms_);
      const std::string beside = beside_at(*on, at_ms);
      wanted = slow_move(beside.empty() ? on->stream : beside, part_of_picture(*on, at_ms));
    } else if (!watching_.on()) {
      wanted = slow_move(show_.state().stream, there_and_back(show_.shown_for_ms()));
    }
  }
  if (wanted == moved_) return;
  moved_ = wanted;
  actions_.push_back(MovePicture{wanted});
}

double TvSet::darkness(std::int64_t ahead_ms) const {
  const link::AirItem* on = still_on_air();
  if (on == nullptr || watching_.paused()) return 0;
  return darkness_of_fade(*on, watching_.list_ms(utc_ms_) + ahead_ms);
}

/// A picture changes in small steps now, or will before the loop looks again.
bool TvSet::pictures_move() const {
  if (moves_pictures_ && show_.shows_still() && !watching_.paused()) return true;
  return darkness() > 0 || darkness(calm_ms) > 0;
}

}  // namespace hearth::player
