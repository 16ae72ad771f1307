// What each key does, and where.
#include <algorithm>

#include "player/core/tv_set.h"

namespace hearth::player {
namespace {

using link::Key;

constexpr int volume_step = 5;
constexpr std::int64_t small_step_ms = 10'000, big_step_ms = 60'000;

bool is_back(Key key) {
  return key == Key::back || key == Key::stop;
}

}  // namespace

void TvSet::key(Key key, std::int64_t now_ms, std::int64_t utc_ms) {
  utc_ms_ = utc_ms;
  show_.tick(now_ms, local_(utc_ms));
  if (key == Key::volume_up) return set_volume(volume_ + volume_step, false);
  if (key == Key::volume_down) return set_volume(volume_ - volume_step, muted_);
  if (key == Key::mute) return set_volume(volume_, !muted_);
  if (!pin_.pin.empty()) return pin_key(key);
  if (overlay()) return overlay_key(key);
  if (show_.asks()) return show_.key(key, now_ms);
  if (common_key(key)) return;
  if (watching_.on()) return watching_key(key);
  if (!title_on()) return home_key(key);
  show_.key(key, now_ms);
}

/// Where nothing lies over the picture, whatever it is.
bool TvSet::common_key(Key key) {
  if (const auto digit = link::digit_of(key)) {
    tune(tuner_.digit(*digit, show_.now_ms()));
    return true;
  }
  switch (key) {
    case Key::guide:
      if (!tuner_.empty()) open(Overlay::guide);
      return true;
    case Key::menu:
      open(Overlay::menu);
      return true;
    case Key::channel_up:
      tune(tuner_.step(1));
      return true;
    case Key::channel_down:
      tune(tuner_.step(-1));
      return true;
    case Key::last:
      tune(tuner_.last());
      return true;
    case Key::subtitles:
      next_track(TrackKind::subtitles);
      return true;
    case Key::audio:
      next_track(TrackKind::audio);
      return true;
    default:
      return false;
  }
}

void TvSet::watching_key(Key key) {
  switch (key) {
    case Key::up:
      return tune(tuner_.step(1));
    case Key::down:
      return tune(tuner_.step(-1));
    case Key::left:
      return watching_.seek_by(-small_step_ms, utc_ms_);
    case Key::right:
      return watching_.seek_by(small_step_ms, utc_ms_);
    case Key::rewind:
      return watching_.seek_by(-big_step_ms, utc_ms_);
    case Key::forward:
      return watching_.seek_by(big_step_ms, utc_ms_);
    case Key::pause:
      watching_.set_pause(!watching_.paused(), utc_ms_);
      return show_banner();
    case Key::hold:
    case Key::resume:
      watching_.set_pause(key == Key::hold, utc_ms_);
      return show_banner();
    case Key::live:
      watching_.to_live();
      return show_banner();
    case Key::start:
      watching_.to_start(utc_ms_);
      return show_banner();
    case Key::info:
      return open(Overlay::info);
    case Key::ok:
      if (!tuner_.entry().empty()) return tune(tuner_.enter(show_.now_ms()));
      return banner_up() ? open(Overlay::info) : show_banner();
    case Key::back:
      if (!tuner_.entry().empty()) return tuner_.forget_entry();
      if (!banner_up()) return open(Overlay::menu);
      banner_ms_ = -1'000'000;
      return;
    case Key::stop:
      return watching_.leave();
    case Key::page_back:
    case Key::page_on:
      if (show_.shows_media()) return tune(tuner_.step(key == Key::page_back ? 1 : -1));
      return show_.key(key, show_.now_ms());  // pages of a document
    default:
      return;
  }
}

void TvSet::home_key(Key key) {
  if (key == Key::ok && !tuner_.entry().empty()) return tune(tuner_.enter(show_.now_ms()));
  if (key == Key::up || key == Key::down || key == Key::resume || key == Key::live) {
    return tune(tuner_.first());
  }
  if (key == Key::ok || key == Key::back) open(Overlay::menu);
}

void TvSet::overlay_key(Key key) {
  switch (*overlay()) {
    case Overlay::guide:
      return guide_key(key);
    case Overlay::gifts:
      return gifts_key(key);
    case Overlay::info:
      if (key == Key::start || key == Key::live || key == Key::pause) {
        back();
        return watching_key(key);
      }
      if (key == Key::guide) return open(Overlay::guide);
      if (is_back(key) || key == Key::ok || key == Key::info) back();
      return;
    default:
      return list_key(key);
  }
}

void TvSet::guide_key(Key key) {
  switch (key) {
    case Key::up:
      return guide_.up();
    case Key::down:
      return guide_.down();
    case Key::left:
      return guide_.left();
    case Key::right:
      return guide_.right();
    case Key::page_back:
    case Key::channel_up:
      return guide_.page(-1);
    case Key::page_on:
    case Key::channel_down:
      return guide_.page(1);
    case Key::rewind:
      return guide_.skip(-GuideGrid::visible_ms);
    case Key::forward:
      return guide_.skip(GuideGrid::visible_ms);
    case Key::live:
      return guide_.to_now(utc_ms_);
    case Key::ok:
      return guide_ok();
    case Key::back:
    case Key::guide:
    case Key::stop:
      return back();
    case Key::menu:
      return open(Overlay::menu);
    default:
      return;
  }
}

void TvSet::guide_ok() {
  if (guide_.channels().channels.empty()) return;
  const auto& channel = guide_.channels().channels[static_cast<std::size_t>(guide_.row())];
  const auto programme = guide_.selected();
  if (!programme) {
    if (guide_.anchor_ms() <= utc_ms_) tune(channel.channel);
    return;
  }
  if (programme->start_ms > utc_ms_) {
    return show_.say(programme->name, "It begins at " + local_(programme->start_ms).time + ".");
  }
  const bool over = programme->end_ms <= utc_ms_;
  if (!programme->catch_up) {
    if (!over) return tune(channel.channel);
    return show_.say(programme->name, "It is over and cannot be watched again.");
  }
  open(Overlay::guide_choice);
}

void TvSet::list_key(Key key) {
  const auto rows = choices();
  const int count = static_cast<int>(rows.size());
  if (key == Key::up) cursor_ = (cursor_ + count - 1) % std::max(1, count);
  if (key == Key::down) cursor_ = (cursor_ + 1) % std::max(1, count);
  if (key == Key::ok && cursor_ < count) choose(rows[static_cast<std::size_t>(cursor_)]);
  if (is_back(key) || key == Key::left) back();
  if (key == Key::menu) close_overlays();
}

void TvSet::gifts_key(Key key) {
  if (is_back(key)) return back();
  if (!show_.has_prompt()) return;
  if (key == Key::ok) show_.answer(link::Choice::accept);
  if (key == Key::menu) show_.answer(link::Choice::decline);
}

void TvSet::pin_key(Key key) {
  if (const auto digit = link::digit_of(key)) {
    return pin_press(*digit == 0 ? 10 : *digit - 1);
  }
  const int row = pin_cursor_ / 3, column = pin_cursor_ % 3;
  if (key == Key::up) pin_cursor_ = std::max(0, row - 1) * 3 + column;
  if (key == Key::down) pin_cursor_ = std::min(3, row + 1) * 3 + column;
  if (key == Key::left) pin_cursor_ = row * 3 + std::max(0, column - 1);
  if (key == Key::right) pin_cursor_ = row * 3 + std::min(2, column + 1);
  if (key == Key::ok) pin_press(pin_cursor_);
  if (!is_back(key)) return;
  if (pin_digits_.empty() || key == Key::stop) return step_back_from_pin();
  pin_digits_.pop_back();
}

/// 1 2 3 / 4 5 6 / 7 8 9 / back 0 OK.
void TvSet::pin_press(int place) {
  if (place == 9) {
    if (!pin_digits_.empty()) pin_digits_.pop_back();
  } else if (place == 11) {
    if (pin_digits_.empty()) return;
    actions_.push_back(link::Event(link::PinEntered{pin_.pin, pin_digits_}));
    pin_digits_.clear();
    pin_.sentence.clear();
  } else if (pin_digits_.size() < link::max_pin_digits) {
    pin_digits_ += static_cast<char>(place == 10 ? '0' : '1' + place);
    pin_cursor_ = pin_digits_.size() >= 4 ? 11 : place;
  }
}

}  // namespace hearth::player
