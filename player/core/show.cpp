#include "player/core/show.h"

#include <algorithm>

#include "player/core/text.h"

namespace hearth::player {
namespace {

using link::PlayState;

constexpr std::int64_t banner_ms = 7000, playhead_ms = 4000, page_number_ms = 2500;
constexpr std::int64_t fade_ms = 400, stall_shown_after_ms = 400;
constexpr std::int64_t step_ms = 10'000, big_step_ms = 60'000;

}  // namespace

void Show::order(const link::Order& order, std::int64_t now_ms) {
  pass_time(now_ms);
  if (const auto* play_order = std::get_if<link::Play>(&order)) {
    play(*play_order, now_ms);
  } else if (std::holds_alternative<link::Stop>(order)) {
    to_idle(PlayState::idle);
  } else if (std::holds_alternative<link::Pause>(order)) {
    set_pause(true);
  } else if (std::holds_alternative<link::Resume>(order)) {
    set_pause(false);
  } else if (const auto* to = std::get_if<link::Seek>(&order)) {
    seek(to->position_ms);
  } else if (const auto* page = std::get_if<link::Page>(&order)) {
    turn(page->step);
  } else if (const auto* notify = std::get_if<link::Notify>(&order)) {
    toast_ = *notify;
    toast_ms_ = now_ms;
  } else if (const auto* home = std::get_if<link::HomeScreen>(&order)) {
    home_ = *home;
  } else if (const auto* prompt = std::get_if<link::Prompt>(&order)) {
    take_prompt(*prompt);
  } else if (const auto* shot = std::get_if<link::TakeScreenshot>(&order)) {
    actions_.push_back(Capture{shot->request});
  } else {
    actions_.push_back(Leave{});
  }
}

void Show::key(link::Key key, std::int64_t now_ms) {
  using link::Key;
  pass_time(now_ms);
  if (asks()) {
    if (key == Key::ok) answer(link::Choice::accept);
    if (key == Key::back || key == Key::stop) answer(link::Choice::later);
    if (key == Key::menu) answer(link::Choice::decline);
    return;
  }
  const bool pages = shows_ == Shows::text || shows_ == Shows::pdf;
  if (pages && key != Key::back && key != Key::stop) return pages_key(key);
  switch (key) {
    case Key::ok:
    case Key::pause:
      return set_pause(!paused_);
    case Key::hold:
    case Key::resume:
      return set_pause(key == Key::hold);
    case Key::back:
    case Key::stop:
      return to_idle(PlayState::idle);
    case Key::start:
      return seek(0);
    case Key::left:
    case Key::rewind:
      return seek(position_ms_ - step_ms);
    case Key::right:
    case Key::forward:
      return seek(position_ms_ + step_ms);
    case Key::up:
      return seek(position_ms_ + big_step_ms);
    case Key::down:
      return seek(position_ms_ - big_step_ms);
    default:
      return;
  }
}

bool Show::is_active() const {
  return state_ == PlayState::opening || state_ == PlayState::playing ||
         state_ == PlayState::paused || state_ == PlayState::buffering;
}

void Show::take_prompt(const link::Prompt& prompt) {
  const bool had = asks();
  prompt_ = prompt;
  if (had && prompt_.picture.empty()) actions_.push_back(Unload{});
  if (asks()) show_gift_picture();
}

/// Nothing plays: mpv's picture is free for the giver's.
void Show::show_gift_picture() {
  if (prompt_.picture.empty()) return;
  run_ = ++runs_;
  make_room(prompt_picture_room(canvas_));
  actions_.push_back(LoadGiftPicture{run_, std::make_shared<const Bytes>(prompt_.picture)});
}

void Show::answer(link::Choice choice) {
  actions_.push_back(link::Event(link::Answered{prompt_.prompt, choice}));
  if (asks()) actions_.push_back(Unload{});
  prompt_ = {};
}

void Show::play(const link::Play& play, std::int64_t now_ms) {
  to_idle(PlayState::opening);
  play_ = play;
  position_ms_ = play.start_ms;
  started_ms_ = now_ms;
  if (play.kind == wire::Kind::data) return play_data();
  shows_ = Shows::media;
  make_room(room_for_sound());
  actions_.push_back(LoadMedia{run_, play.stream, play.kind, play.start_ms, false, {}});
}

void Show::say(const std::string& headline, const std::string& text) {
  toast_ = {headline, text, 5};
  toast_ms_ = now_ms_;
}

/// A cover or dancing bars beside the words; anything else has the whole window.
PictureMargins Show::room_for_sound() const {
  if (play_.kind != wire::Kind::audio || !beside_.empty()) return {};
  return audio_picture_room(canvas_, has_cover_);
}

/// A change makes mpv draw its picture anew.
void Show::make_room(const PictureMargins& room) {
  if (room == room_) return;
  room_ = room;
  actions_.push_back(SetPictureRoom{room});
}

void Show::to_idle(PlayState as) {
  run_ = ++runs_;
  shows_ = Shows::home;
  state_ = as;
  play_ = {};
  sentence_.clear();
  beside_.clear();
  forget_pages();
  position_ms_ = duration_ms_ = 0;
  stalled_ = has_cover_ = false;
  on_air_ = false;
  next_run_ = 0;
  air_failure_.clear();
  actions_.push_back(Unload{});
  actions_.push_back(DropDocument{});
  if (paused_) actions_.push_back(SetPause{false});
  paused_ = false;
  if (as != PlayState::opening && as != PlayState::failed && asks()) show_gift_picture();
}

void Show::set_pause(bool paused) {
  if (shows_ != Shows::media || !is_active() || paused == paused_) return;
  if (play_.kind == wire::Kind::image) return;
  paused_ = paused;
  touched_ms_ = now_ms_;
  actions_.push_back(SetPause{paused});
}

void Show::seek(std::int64_t position_ms) {
  if (shows_ != Shows::media || !is_active() || play_.kind == wire::Kind::image) return;
  // Not behind the last second: the end would come before the picture.
  const std::int64_t last = std::max<std::int64_t>(0, duration_ms_ - 1000);
  position_ms_ = std::clamp<std::int64_t>(position_ms, 0, duration_ms_ > 0 ? last : link::max_ms);
  touched_ms_ = now_ms_;
  actions_.push_back(SeekTo{position_ms_});
}

void Show::connected(bool yes) {
  connected_ = yes;
  if (!yes) prompt_ = {};  // the node says it again
  if (yes) actions_.push_back(link::Event(state()));
}

void Show::window(const Canvas& canvas, const PictureMargins& picture) {
  picture_ = picture;
  if (canvas == canvas_) return;
  canvas_ = canvas;
  if (shows_ == Shows::text && !text_.empty()) lay_out_text();
  if (shows_ == Shows::pdf && page_count_ > 0) ask_page();
  if (shows_ == Shows::media) make_room(room_for_sound());
  if (asks() && !prompt_.picture.empty()) {
    make_room(prompt_picture_room(canvas_));
  }
}

void Show::media_tracks(int run, bool has_picture) {
  if (!current(run) || shows_ != Shows::media) return;
  if (play_.kind == wire::Kind::video && !has_picture) play_.kind = wire::Kind::audio;
  if (play_.kind != wire::Kind::audio) return;
  has_cover_ = has_picture;
  if (!has_picture) beside_.clear();  // it did not open: the sound is drawn
  make_room(room_for_sound());
}

void Show::media_playing(int run, std::int64_t now_ms) {
  if (!current(run)) return;
  if (shows_ == Shows::pdf) {
    page_drawn_ = true;
    return;
  }
  if (state_ != PlayState::opening) return;
  state_ = PlayState::playing;
  started_ms_ = now_ms;
}

void Show::media_progress(int run, std::int64_t position_ms, std::int64_t duration_ms) {
  if (!current(run) || shows_ != Shows::media || !is_active()) return;
  if (play_.kind == wire::Kind::image) return;
  if (state_ != PlayState::opening) position_ms_ = std::max<std::int64_t>(0, position_ms);
  duration_ms_ = std::max<std::int64_t>(0, duration_ms);
}

void Show::media_stalled(bool yes) {
  if (yes && !stalled_) stalled_since_ms_ = now_ms_;
  stalled_ = yes;
}

void Show::media_paused(bool yes) {
  if (is_active()) paused_ = yes;
}

void Show::media_ended(int run) {
  if (!current(run) || shows_ != Shows::media || !is_active() || on_air_) return;
  const link::Play ended = play_;
  const std::int64_t duration = duration_ms_;
  to_idle(PlayState::ended);
  play_ = ended;
  position_ms_ = duration_ms_ = duration;
}

void Show::failed(int run, const std::string& sentence) {
  if (!current(run) || !is_active()) return;
  if (on_air_) {
    air_failure_ = sentence;
    return;
  }
  const link::Play failed_play = play_;
  const std::int64_t position = position_ms_;
  to_idle(PlayState::failed);
  shows_ = Shows::failure;
  play_ = failed_play;
  position_ms_ = position;
  sentence_ = sentence;
}

void Show::not_showable(int run, const std::string& reason) {
  if (!current(run)) return;
  shows_ = Shows::card;
  state_ = PlayState::playing;
  sentence_ = reason;
  actions_.push_back(Unload{});
  actions_.push_back(DropDocument{});
}

/// A banner waits while a prompt is up: it may be about something else than what is asked.
void Show::pass_time(std::int64_t now_ms) {
  if (asks()) toast_ms_ += now_ms - now_ms_;
  now_ms_ = now_ms;
}

void Show::tick(std::int64_t now_ms, const WallTime& wall) {
  pass_time(now_ms);
  wall_ = wall;
  turn_in_time();
  if (shows_ != Shows::media || !is_active() || state_ == PlayState::opening) return;
  const bool waiting = stalled_ && now_ms - stalled_since_ms_ > stall_shown_after_ms;
  state_ = waiting ? PlayState::buffering : paused_ ? PlayState::paused : PlayState::playing;
}

std::vector<Action> Show::take_actions() {
  return std::exchange(actions_, {});
}

link::State Show::state() const {
  link::State out;
  out.state = state_;
  out.stream = play_.stream;
  out.position_ms = position_ms_;
  out.duration_ms = duration_ms_;
  out.page = page_count_ > 0 ? page_ + 1 : 0;
  out.pages = page_count_;
  if (state_ == PlayState::failed) out.sentence = sentence_;
  return out;
}

std::string Show::prompt_scene() const {
  return draw_prompt(
      canvas_,
      {prompt_.headline, prompt_.title, prompt_.details, prompt_.note, prompt_.meaning, false},
      picture_);
}

double Show::fade(std::int64_t start_ms, std::int64_t length_ms) const {
  const std::int64_t age = now_ms_ - start_ms;
  if (age < 0 || age >= length_ms) return 0;
  const double in = static_cast<double>(age) / fade_ms;
  const double out = static_cast<double>(length_ms - age) / fade_ms;
  return std::clamp(std::min(in, out), 0.0, 1.0);
}

bool Show::animating() const {
  const auto moving = [&](std::int64_t start_ms, std::int64_t length_ms) {
    const std::int64_t age = now_ms_ - start_ms;
    return age >= 0 &&
           (age <= fade_ms + 100 || (age >= length_ms - fade_ms - 300 && age <= length_ms + 100));
  };
  return state_ == PlayState::opening || state_ == PlayState::buffering ||
         moving(started_ms_, banner_ms) || moving(touched_ms_, playhead_ms) ||
         moving(touched_ms_, page_number_ms) ||
         (!asks() && moving(toast_ms_, 1000LL * std::max(1, toast_.seconds)));
}

std::string Show::scene() const {
  const double phase = static_cast<double>(now_ms_ % 1500) / 1500;
  switch (shows_) {
    case Shows::home:
      if (asks()) {
        return draw_prompt(canvas_,
                           {prompt_.headline, prompt_.title, prompt_.details, prompt_.note,
                            prompt_.meaning, !prompt_.picture.empty()},
                           picture_);
      }
      return draw_idle(canvas_,
                       {home_.name, home_.waiting_gifts, wall_.time, wall_.date, connected_});
    case Shows::failure:
      return draw_failure(canvas_, play_.name, sentence_);
    case Shows::card:
      return draw_card(canvas_, {title(), play_.media_type, sentence_, play_.size});
    case Shows::text:
      if (state_ == PlayState::opening) return on_air_ ? "" : draw_opening(canvas_, title(), phase);
      return page_scene();
    case Shows::pdf:
      return page_drawn_ || on_air_ ? "" : draw_opening(canvas_, title(), phase);
    case Shows::media:
      break;
  }
  if (state_ == PlayState::opening) return on_air_ ? "" : draw_opening(canvas_, title(), phase);
  if (play_.kind != wire::Kind::audio || !beside_.empty()) return "";
  return draw_audio(canvas_, title(), {position_ms_, duration_ms_, paused_}, has_cover_, picture_);
}

std::string Show::top() const {
  std::string out;
  const bool visual =
      shows_ == Shows::media && play_.kind != wire::Kind::audio && state_ != PlayState::opening;
  const double banner = fade(started_ms_, banner_ms);
  const bool on_pages =
      (shows_ == Shows::pdf && page_drawn_) ||
      (shows_ == Shows::text && !play_.note.empty() && state_ == PlayState::playing);
  const bool with_banner = banner > 0 && (visual || on_pages) && !on_air_;
  if (with_banner) out += draw_banner(canvas_, title(), banner);
  if (visual && !with_banner && !on_air_ && play_.kind == wire::Kind::video) {
    const double bar = paused_ ? 1 : fade(touched_ms_, playhead_ms);
    if (bar > 0) out += draw_playhead(canvas_, {position_ms_, duration_ms_, paused_}, bar);
  }
  if (shows_ == Shows::pdf && page_drawn_ && !with_banner && page_count_ > 1) {
    const double number = fade(touched_ms_, page_number_ms);
    if (number > 0) out += draw_page_number(canvas_, page_ + 1, page_count_, number);
  }
  if (state_ == PlayState::buffering) {
    out += draw_buffering(canvas_, static_cast<double>(now_ms_ % 1500) / 1500);
  }
  const double toast = fade(toast_ms_, 1000LL * toast_.seconds);
  const bool has_toast = !asks() && (!toast_.headline.empty() || !toast_.text.empty());
  if (has_toast && toast > 0) out += draw_toast(canvas_, toast_.headline, toast_.text, toast);
  return out;
}

}  // namespace hearth::player
