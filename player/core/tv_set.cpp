#include "player/core/tv_set.h"

#include <algorithm>

namespace hearth::player {
namespace {

constexpr std::int64_t calm_ms = 250, moving_ms = 50, picture_ms = 40, fade_ms = 400;
constexpr std::int64_t banner_ms = 7'000, volume_bar_ms = 2'500;

bool within(std::int64_t age_ms, std::int64_t length_ms) {
  return age_ms >= 0 && age_ms < length_ms + 100;
}

}  // namespace

void TvSet::order(const link::Order& order, std::int64_t now_ms, std::int64_t utc_ms) {
  utc_ms_ = utc_ms;
  if (const auto* lineup = std::get_if<link::Lineup>(&order)) {
    tuner_.take(*lineup);
    guide_.lineup(*lineup);
    if (watching_.on() && tuner_.find(watching_.channel()) == nullptr) watching_.leave();
  } else if (const auto* air = std::get_if<link::Air>(&order)) {
    watching_.take(*air, utc_ms);
    const link::Logo& logo = watching_.list().air().logo;
    if (logo_ == nullptr || *logo_ != logo) {
      logo_ = std::make_shared<const link::Logo>(logo);
      logo_shown_ = false;
    }
    tuner_.tuned(watching_.channel());
  } else if (const auto* window = std::get_if<link::GuideWindow>(&order)) {
    guide_.take(*window);
  } else if (const auto* pin = std::get_if<link::AskPin>(&order)) {
    take(*pin);
  } else if (const auto* press = std::get_if<link::Press>(&order)) {
    key(press->key, now_ms, utc_ms);
  } else {
    const bool takes_screen =
        std::holds_alternative<link::Play>(order) || std::holds_alternative<link::Stop>(order);
    if (takes_screen) {
      close_overlays();
      watching_.leave();
    }
    const bool pauses = std::holds_alternative<link::Pause>(order);
    if (watching_.on() && (pauses || std::holds_alternative<link::Resume>(order))) {
      return watching_.set_pause(pauses, utc_ms);
    }
    if (watching_.on() && std::holds_alternative<link::Seek>(order)) return;
    show_.order(order, now_ms);
  }
}

void TvSet::take(const link::AskPin& pin) {
  const bool again = pin.pin == pin_.pin && pin.sentence.empty();
  pin_ = pin;
  if (again) return;
  pin_digits_.clear();
  pin_cursor_ = 4;
}

void TvSet::connected(bool yes) {
  show_.connected(yes);
  if (!yes) pin_ = {};  // the node asks again
  if (yes) watching_.reconnected(utc_ms_);
}

void TvSet::tune(const std::optional<std::string>& channel, std::int64_t from_ms) {
  if (!channel) return;
  close_overlays();
  pin_ = {};
  tuner_.tuned(*channel);
  from_ms == 0 ? watching_.tune(*channel) : watching_.watch(*channel, from_ms);
  watching_.tick(utc_ms_);
  show_banner();
}

void TvSet::tick(std::int64_t now_ms, std::int64_t utc_ms) {
  utc_ms_ = utc_ms;
  show_.tick(now_ms, local_(utc_ms));
  tune(tuner_.tick(now_ms));
  if (!pin_.pin.empty()) watching_.be_patient(utc_ms);
  watching_.tick(utc_ms);
  const link::AirItem* on = watching_.on() ? watching_.now_on(utc_ms) : nullptr;
  const std::string item = on != nullptr ? on->item : "";
  if (item != on_air_item_) {
    on_air_item_ = item;
    if (on != nullptr && !on->filler) show_banner();
  }
  show_logo();
  move_picture();
  if (overlay() != Overlay::guide) return;
  if (auto wanted = guide_.want(now_ms)) actions_.push_back(link::Event(*wanted));
}

std::vector<Action> TvSet::take_actions() {
  std::vector<Action> out = show_.take_actions();
  for (auto& event : watching_.take_events()) out.emplace_back(std::move(event));
  for (auto& action : actions_) out.push_back(std::move(action));
  actions_.clear();
  for (Action& action : out) {
    auto* event = std::get_if<link::Event>(&action);
    auto* state = event == nullptr ? nullptr : std::get_if<link::State>(event);
    if (state != nullptr) state->channel = watching_.channel();
  }
  return out;
}

link::State TvSet::state() const {
  link::State state = show_.state();
  state.channel = watching_.channel();
  return state;
}

std::int64_t TvSet::patience_ms(std::int64_t now_ms, std::int64_t utc_ms) const {
  const bool moves = show_.animating() || within(now_ms - banner_ms_, fade_ms) ||
                     within(now_ms - banner_ms_ - banner_ms + fade_ms, fade_ms + 100) ||
                     within(now_ms - volume_ms_, volume_bar_ms) ||
                     (watching_.on() && show_.opening());
  std::int64_t patience = pictures_move() ? picture_ms : moves ? moving_ms : calm_ms;
  if (const auto at = watching_.deadline_utc_ms()) patience = std::min(patience, *at - utc_ms);
  if (const auto at = tuner_.deadline_ms()) patience = std::min(patience, *at - now_ms);
  return std::max<std::int64_t>(0, patience);
}

void TvSet::set_volume(int percent, bool mute) {
  volume_ = std::clamp(percent, 0, 100);
  muted_ = mute;
  volume_ms_ = show_.now_ms();
  actions_.push_back(SetVolume{volume_, muted_});
}

void TvSet::volume(int percent, std::int64_t now_ms) {
  show_.tick(now_ms, show_.wall());
  set_volume(percent, false);
}

bool TvSet::banner_up() const {
  const std::int64_t age = show_.now_ms() - banner_ms_;
  return watching_.on() && age >= 0 && age < banner_ms;
}

double TvSet::fade(std::int64_t since_ms, std::int64_t length_ms) const {
  const std::int64_t age = show_.now_ms() - since_ms;
  if (age < 0 || age >= length_ms) return 0;
  // It is there at once, and goes softly.
  return std::clamp(static_cast<double>(length_ms - age) / fade_ms, 0.0, 1.0);
}

bool TvSet::title_on() const {
  return !watching_.on() && !show_.shows_home();
}

std::optional<TvSet::Overlay> TvSet::overlay() const {
  if (overlays_.empty()) return std::nullopt;
  return overlays_.back();
}

void TvSet::open(Overlay overlay) {
  if (this->overlay() == overlay) return;
  cursor_ = 0;
  overlays_.push_back(overlay);
  banner_ms_ = -1'000'000;
  if (overlay == Overlay::guide) {
    guide_.open(tuner_.row_of(tuner_.current()),
                watching_.on() ? watching_.list_ms(utc_ms_) : utc_ms_, utc_ms_);
  }
  if (overlay == Overlay::gifts && !show_.has_prompt()) {
    actions_.push_back(link::Event(link::GiftsWanted{}));
  }
}

void TvSet::back() {
  if (overlays_.empty()) return;
  overlays_.pop_back();
  cursor_ = 0;
}

/// Out of the question: to what was on before it, else to the home screen.
void TvSet::step_back_from_pin() {
  pin_ = {};
  const std::string before = watching_.list().air().channel;
  if (!before.empty() && before != watching_.channel()) {
    tune(before);
  } else {
    watching_.leave();
  }
}

}  // namespace hearth::player
