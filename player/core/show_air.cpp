// Show as the picture of a channel: items follow each other without a word between them.
#include "player/core/show.h"

namespace hearth::player {

using link::PlayState;

void Show::air(const link::Play& item, std::int64_t now_ms) {
  const bool pages = shows_ == Shows::text || shows_ == Shows::pdf || shows_ == Shows::card;
  const bool media = item.kind != wire::Kind::data;
  // A picture gives way to the next by itself; only what is not mpv's has to go first.
  if (!on_air_ || !media) {
    to_idle(PlayState::opening);
  } else if (pages) {
    actions_.push_back(DropDocument{});
  }
  run_ = ++runs_;
  begin_item(item, now_ms);
  if (!media) return play_data();
  shows_ = Shows::media;
  const bool audio = item.kind == wire::Kind::audio;
  make_room(audio ? audio_picture_room(canvas_, false) : PictureMargins{});
  actions_.push_back(LoadMedia{run_, item.stream, item.kind, item.start_ms, true});
}

void Show::begin_item(const link::Play& item, std::int64_t now_ms) {
  on_air_ = true;
  state_ = PlayState::opening;
  play_ = item;
  position_ms_ = item.start_ms;
  duration_ms_ = 0;
  started_ms_ = now_ms;
  now_ms_ = now_ms;
  page_ = page_count_ = 0;
  page_drawn_ = stalled_ = has_cover_ = false;
  next_run_ = 0;
  air_failure_.clear();
  if (paused_) actions_.push_back(SetPause{false});
  paused_ = false;
}

void Show::open_next(const link::Play& item) {
  next_ = item;
  next_run_ = ++runs_;
  actions_.push_back(LoadNext{next_run_, item.stream, item.kind, item.start_ms});
}

void Show::drop_next() {
  if (next_run_ == 0) return;
  next_run_ = 0;
  actions_.push_back(DropNext{});
}

void Show::air_next(std::int64_t now_ms) {
  if (next_run_ == 0) return;
  run_ = next_run_;
  begin_item(next_, now_ms);
  const bool audio = next_.kind == wire::Kind::audio;
  make_room(audio ? audio_picture_room(canvas_, false) : PictureMargins{});
  actions_.push_back(PlayNext{});
}

void Show::leave_air() {
  to_idle(PlayState::opening);
  on_air_ = true;
  state_ = PlayState::playing;
  shows_ = Shows::media;
}

}  // namespace hearth::player
