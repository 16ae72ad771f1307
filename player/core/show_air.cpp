// Show as the picture of a channel: items follow each other without a word between them.
#include "player/core/show.h"

namespace hearth::player {

using link::PlayState;

void Show::air(const link::Play& item, const std::string& beside, std::int64_t now_ms) {
  const bool pages = shows_ == Shows::text || shows_ == Shows::pdf || shows_ == Shows::card;
  const bool media = item.kind != wire::Kind::data;
  // A picture gives way to the next by itself; only what is not mpv's has to go first.
  if (!on_air_ || !media) {
    to_idle(PlayState::opening);
  } else if (pages) {
    actions_.push_back(DropDocument{});
  }
  run_ = ++runs_;
  begin_item(item, beside, now_ms);
  if (!media) return play_data();
  shows_ = Shows::media;
  make_room(room_for_sound());
  actions_.push_back(LoadMedia{run_, item.stream, item.kind, item.start_ms, true, beside});
}

void Show::begin_item(const link::Play& item, const std::string& beside, std::int64_t now_ms) {
  on_air_ = true;
  state_ = PlayState::opening;
  play_ = item;
  position_ms_ = item.start_ms;
  duration_ms_ = 0;
  started_ms_ = now_ms;
  now_ms_ = now_ms;
  forget_pages();
  beside_ = beside;
  stalled_ = has_cover_ = false;
  next_run_ = 0;
  air_failure_.clear();
  if (paused_) actions_.push_back(SetPause{false});
  paused_ = false;
}

void Show::open_next(const link::Play& item, const std::string& beside) {
  next_ = item;
  next_beside_ = beside;
  next_run_ = ++runs_;
  actions_.push_back(LoadNext{next_run_, item.stream, item.kind, item.start_ms, beside});
}

void Show::drop_next() {
  if (next_run_ == 0) return;
  next_run_ = 0;
  actions_.push_back(DropNext{});
}

void Show::air_next(std::int64_t now_ms) {
  if (next_run_ == 0) return;
  run_ = next_run_;
  begin_item(next_, next_beside_, now_ms);
  make_room(room_for_sound());
  actions_.push_back(PlayNext{});
}

void Show::beside(const std::string& stream) {
  if (beside_.empty() || stream == beside_ || opening()) return;
  beside_ = stream;
  actions_.push_back(ShowBeside{stream});
}

bool Show::shows_still() const {
  return shows_ == Shows::media && !opening() &&
         (play_.kind == wire::Kind::image || !beside_.empty());
}

void Show::leave_air() {
  to_idle(PlayState::opening);
  on_air_ = true;
  state_ = PlayState::playing;
  shows_ = Shows::media;
}

}  // namespace hearth::player
