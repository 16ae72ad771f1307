#include "player/core/watching.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "player/core/picture_move.h"

namespace hearth::player {
namespace {

constexpr std::int64_t ask_again_ms = 3'000, ask_for_more_ms = 5'000;
constexpr std::int64_t open_ahead_ms = 20'000;
constexpr std::int64_t start_is_near_ms = 250;
constexpr std::int64_t out_of_step_ms = 2'000, correct_every_ms = 6'000;
constexpr std::int64_t start_again_ms = 3'000;

}  // namespace

std::int64_t Watching::list_ms(std::int64_t utc_ms) const {
  return paused_at_ ? *paused_at_ : utc_ms - lag_ms_;
}

void Watching::tune(const std::string& channel) {
  channel_ = channel;
  asked_ = Asked{};
}

void Watching::watch(const std::string& channel, std::int64_t list_ms) {
  channel_ = channel;
  asked_ = Asked{list_ms, 0};
}

void Watching::leave() {
  if (!on()) return;
  channel_.clear();
  showing_.clear();
  next_.clear();
  asked_.reset();
  paused_at_.reset();
  list_.clear();
  events_.push_back(link::TunedOut{});
  show_.stop();
}

void Watching::ask(std::int64_t utc_ms) {
  if (!asked_) asked_ = Asked{lag_ms_ == 0 ? 0 : list_ms(utc_ms), 0};
  asked_->utc_ms = last_ask_utc_ms_ = utc_ms;
  asked_->request = ++request_;
  if (asked_->at_ms == 0) {
    events_.push_back(link::Tune{channel_, request_});
  } else {
    events_.push_back(link::Watch{channel_, asked_->at_ms, request_});
  }
}

void Watching::take(link::Air air, std::int64_t utc_ms) {
  if (asked_ && air.request != asked_->request) return;  // said before it knew what is wanted now
  const bool other = air.channel != list_.air().channel;
  if (asked_ || other) {
    lag_ms_ = air.lag_ms;
    paused_at_.reset();
    if (show_.paused()) show_.pause(false);
    corrected_utc_ms_ = 0;
  }
  if (other) {
    showing_.clear();
    reported_.clear();
    next_.clear();
    show_.drop_next();
  }
  channel_ = air.channel;
  asked_.reset();
  list_.take(std::move(air));
  tick(utc_ms);
}

link::Play Watching::play_of(const link::AirItem& item, std::int64_t position_ms) const {
  link::Play play;
  play.stream = item.stream;
  play.name = item.name;
  play.kind = item.kind;
  play.media_type = item.media_type;
  play.size = item.size;
  play.start_ms = position_ms;
  return play;
}

void Watching::begin(const link::AirItem& item, std::int64_t at_ms, std::int64_t utc_ms) {
  opened_ahead_ = !next_.empty() && next_ == item.item && show_.has_next();
  due_ms_ = at_ms;
  begun_utc_ms_ = utc_ms;
  begins_ = true;
  showing_ = item.item;
  next_.clear();
  if (opened_ahead_) {
    show_.air_next(show_.now_ms());
  } else {
    show_.air(play_of(item, position_in(item, at_ms)), beside_at(item, at_ms), show_.now_ms());
  }
}

void Watching::began(std::int64_t utc_ms) {
  begins_ = false;
  (opened_ahead_ ? change_takes_ : opening_takes_).learn(utc_ms - begun_utc_ms_);
  report(showing_, list_ms(utc_ms) - due_ms_, "", utc_ms);
}

void Watching::report(const std::string& item, std::int64_t drift_ms, const std::string& sentence,
                      std::int64_t utc_ms) {
  reported_ = item;
  events_.push_back(
      link::Aired{channel_, item, std::max<std::int64_t>(0, lag_ms(utc_ms)), drift_ms, sentence});
}

void Watching::show_nothing() {
  if (showing_.empty() && show_.on_air()) return;
  showing_.clear();
  next_.clear();
  begins_ = false;
  show_.leave_air();
}

void Watching::tick(std::int64_t utc_ms) {
  deadline_.reset();
  if (!on()) return;
  if (asked_ && (asked_->utc_ms == 0 || utc_ms - asked_->utc_ms >= ask_again_ms)) ask(utc_ms);
  if (list_.air().channel != channel_) return;
  if (!showing_.empty() && !show_.air_failure().empty()) {
    list_.note_failure(showing_, show_.air_failure());
    report(showing_, 0, show_.air_failure(), utc_ms);
    show_nothing();
  }
  if (begins_ && !show_.opening()) began(utc_ms);
  if (!paused()) follow(list_ms(utc_ms), utc_ms);
}

void Watching::follow(std::int64_t at_ms, std::int64_t utc_ms) {
  const link::AirItem* on = list_.at(at_ms);
  const link::AirItem* shown = list_.find(showing_);
  // What was begun a moment early, so that its picture is there in time, stays.
  if (shown != nullptr && shown->start_ms > at_ms &&
      shown->start_ms - at_ms <= ChangeTime::longest_ms) {
    on = shown;
  }
  const link::AirItem* next = list_.after(on != nullptr ? on->start_ms : at_ms);
  const bool can_show_next = next != nullptr && list_.failure(*next).empty();
  if (can_show_next) {
    const bool ready = next_ == next->item && show_.has_next();
    const std::int64_t lead = (ready ? change_takes_ : opening_takes_).ms();
    if (at_ms >= next->start_ms - lead) {
      begin(*next, next->start_ms, utc_ms);
      deadline_ = utc_ms + 1;
      return;
    }
    deadline_ = utc_ms + next->start_ms - lead - at_ms;
  }
  if (on == nullptr) {
    show_nothing();
    const bool asked_lately = utc_ms - last_ask_utc_ms_ < ask_for_more_ms;
    if (list_.ends_before(at_ms) && !asked_lately) ask(utc_ms);
    return;
  }
  const std::int64_t end_utc_ms = utc_ms + on->end_ms - at_ms;
  deadline_ = std::min(deadline_.value_or(end_utc_ms), end_utc_ms);
  if (const std::string why = list_.failure(*on); !why.empty()) {
    show_nothing();
    if (reported_ != on->item) report(on->item, 0, why, utc_ms);
    return;
  }
  if (showing_ != on->item) {
    const std::int64_t seen_ms = at_ms + opening_takes_.ms();
    const bool near_start = seen_ms - on->start_ms < start_is_near_ms;
    begin(*on, near_start ? on->start_ms : std::min(seen_ms, on->end_ms - 1), utc_ms);
    return;
  }
  keep_in_step(*on, at_ms, utc_ms);
  turn_pictures(*on, at_ms, utc_ms);
  const bool adjacent = next != nullptr && next->start_ms == on->end_ms;
  if (can_show_next && adjacent) open_ahead(*next, at_ms);
  if (!next_.empty() && (!adjacent || next_ != next->item)) {
    next_.clear();
    show_.drop_next();
  }
}

/// Pictures to music, and pages, change by the list alone.
void Watching::turn_pictures(const link::AirItem& item, std::int64_t at_ms, std::int64_t utc_ms) {
  if (item.kind == wire::Kind::data) {
    show_.pages_by_list(position_in(item, at_ms), item.end_ms - item.start_ms);
  }
  if (item.beside.empty()) return;
  show_.beside(beside_at(item, at_ms));
  deadline_ = std::min(*deadline_, utc_ms + beside_until(item, at_ms) - at_ms);
}

void Watching::open_ahead(const link::AirItem& item, std::int64_t at_ms) {
  if (next_ == item.item || begins_ || item.kind == wire::Kind::data) return;
  if (!show_.shows_media() || item.start_ms - at_ms > open_ahead_ms) return;
  show_.drop_next();
  next_ = item.item;
  show_.open_next(play_of(item, item.in_point_ms), beside_at(item, item.start_ms));
}

/// After a wait for the network, or a clock that was set, the picture goes where the list is.
void Watching::keep_in_step(const link::AirItem& item, std::int64_t at_ms, std::int64_t utc_ms) {
  const bool has_time = item.kind == wire::Kind::video || item.kind == wire::Kind::audio;
  const link::State state = show_.state();
  if (!has_time || begins_ || state.state != link::PlayState::playing) return;
  if (utc_ms - corrected_utc_ms_ < correct_every_ms) return;
  const std::int64_t wanted_ms = position_in(item, at_ms);
  const bool behind_end = state.duration_ms <= 0 || wanted_ms > state.duration_ms - 1'000;
  if (behind_end || std::abs(wanted_ms - state.position_ms) < out_of_step_ms) return;
  corrected_utc_ms_ = utc_ms;
  show_.seek_to(wanted_ms);
}

void Watching::set_pause(bool paused, std::int64_t utc_ms) {
  if (!on() || list_.air().channel != channel_ || paused == this->paused()) return;
  if (paused) {
    paused_at_ = list_ms(utc_ms);
  } else {
    lag_ms_ = utc_ms - *paused_at_;
    paused_at_.reset();
    report(showing_, 0, "", utc_ms);
  }
  show_.pause(paused);
}

void Watching::jump(std::int64_t list_ms, std::int64_t utc_ms) {
  asked_ = Asked{list_ms, 0};
  ask(utc_ms);
}

void Watching::seek_by(std::int64_t ms, std::int64_t utc_ms) {
  if (!on() || list_.air().channel != channel_) return;
  const std::int64_t at_ms = list_ms(utc_ms);
  const link::AirItem* on = list_.at(at_ms);
  if (ms < 0 && (on == nullptr || !on->catch_up)) {
    return show_.say("Not here", "This programme cannot be wound back.");
  }
  if (ms > 0 && at_ms >= utc_ms - live_within_ms) {
    return show_.say("This is live", "What comes next has not been on yet.");
  }
  std::int64_t target_ms = std::min(at_ms + ms, utc_ms);
  if (on != nullptr && at_ms - on->start_ms > start_again_ms) {
    target_ms = std::max(target_ms, on->start_ms);
  }
  move_to(target_ms, utc_ms);
}

/// Where the list is known the picture goes there at once; else the node is asked.
void Watching::move_to(std::int64_t target_ms, std::int64_t utc_ms) {
  const link::AirItem* there = list_.at(target_ms);
  if (there == nullptr) return jump(target_ms, utc_ms);
  lag_ms_ = utc_ms - target_ms;
  if (paused_at_) paused_at_ = target_ms;
  if (there->item != showing_) {
    set_pause(false, utc_ms);
    return;  // the next tick begins it
  }
  corrected_utc_ms_ = utc_ms;
  show_.seek_to(position_in(*there, target_ms));
  report(showing_, 0, "", utc_ms);
}

void Watching::to_start(std::int64_t utc_ms) {
  const link::AirItem* on = now_on(utc_ms);
  if (on == nullptr) return;
  if (!on->catch_up) {
    return show_.say("Not here", "This programme cannot be watched from its start.");
  }
  set_pause(false, utc_ms);
  move_to(on->start_ms, utc_ms);
}

void Watching::to_live() {
  if (on()) asked_ = Asked{};
}

void Watching::reconnected(std::int64_t utc_ms) {
  if (!on()) return;
  if (asked_ || list_.air().channel != channel_) return ask(utc_ms);
  report(showing_, 0, "", utc_ms);
}

}  // namespace hearth::player
