#include "node/screen/tv_channels.h"

#include <algorithm>

#include "common/base/log.h"

namespace hearth::node {
namespace {

constexpr std::int64_t told_ahead_ms = 6LL * 3600 * 1000;
constexpr int max_deaths = 3;
constexpr int notice_seconds = 8;

}  // namespace

bool TvChannels::has(const std::string& channel) const {
  if (programmes_ == nullptr) return false;
  const auto lineup = programmes_->lineup();
  return std::any_of(lineup.begin(), lineup.end(),
                     [&](const link::Channel& one) { return one.channel == channel; });
}

void TvChannels::say_lineup() {
  if (programmes_ == nullptr) return;
  link::Lineup lineup{programmes_->lineup()};
  if (lineup.channels.size() > link::max_channels) lineup.channels.resize(link::max_channels);
  tv_.send(std::move(lineup));
}

void TvChannels::connected() {
  locked_ = {};
  say_lineup();
  if (on()) say_air(0);
}

void TvChannels::changed() {
  say_lineup();
  if (!on()) return;
  if (!has(channel_)) return leave();
  say_air(0);
}

void TvChannels::say_air(std::int64_t request) {
  const UtcMs at = now_ms() - lag_ms_;
  link::Air air;
  air.channel = channel_;
  air.request = request;
  air.lag_ms = lag_ms_;
  air.items = programmes_->airings(channel_, at, at + told_ahead_ms, link::max_air_items);
  std::vector<std::string> streams;
  for (link::AirItem& item : air.items) {
    if (given_up_.contains(item.item)) {
      item.stream.clear();
      item.sentence = "The TV stopped several times while it showed this. It is not tried again.";
    }
    if (item.stream.empty()) continue;
    streams.push_back(item.stream);
    streams.insert(streams.end(), item.beside.begin(), item.beside.end());
  }
  if (air.items.empty()) air.sentence = programmes_->why_empty(channel_);
  air.logo = programmes_->logo(channel_);
  if (air.logo.png.size() > link::max_logo) air.logo.png.clear();
  air_ = air;
  tv_.allow(std::move(streams));
  tv_.send(std::move(air));
}

void TvChannels::begin(const std::string& channel, std::int64_t lag_ms, std::int64_t request) {
  if (auto asks = programmes_->asks_pin(channel, now_ms() - lag_ms)) {
    const bool again = !locked_.pin.empty() && locked_.channel == channel;
    locked_ = {again ? locked_.pin : std::to_string(next_pin_++), channel, lag_ms, request};
    asks->pin = locked_.pin;
    asks->sentence.clear();
    tv_.send(std::move(*asks));
    return;
  }
  locked_ = {};
  if (channel != channel_) item_.clear();
  channel_ = channel;
  lag_ms_ = lag_ms;
  tv_.tuned();
  say_air(request);
}

Result<void> TvChannels::tune(const std::string& channel, std::int64_t request) {
  if (!has(channel)) {
    return fail(Code::not_found, "This home has no such channel. The TV shows what it did.");
  }
  begin(channel, 0, request);
  return {};
}

void TvChannels::take(const link::Tune& wanted) {
  if (auto tuned = tune(wanted.channel, wanted.request); !tuned) say_lineup();
}

void TvChannels::take(const link::Watch& wanted) {
  if (!has(wanted.channel)) return say_lineup();
  const UtcMs now = now_ms();
  const UtcMs at = std::clamp<UtcMs>(wanted.at_ms, 0, now);
  const auto then = programmes_->airings(wanted.channel, at, at + 1, 1);
  // Where nothing is on, the picture may stand as well.
  const bool allowed = then.empty() || then.front().catch_up || then.front().end_ms > now;
  if (!allowed) {
    tv_.send(link::Notify{"Not here any more",
                          "This programme cannot be watched again: " + then.front().name,
                          notice_seconds});
  }
  begin(wanted.channel, allowed ? now - at : 0, wanted.request);
}

void TvChannels::take(const link::GuideWanted& wanted) {
  if (programmes_ == nullptr) return;
  link::GuideWindow window;
  window.request = wanted.request;
  window.from_ms = wanted.from_ms;
  window.to_ms = wanted.to_ms;
  const auto lineup = programmes_->lineup();
  const auto first = std::min(static_cast<std::size_t>(wanted.first_row), lineup.size());
  const auto last = std::min(first + static_cast<std::size_t>(wanted.rows), lineup.size());
  for (std::size_t row = first; row < last; ++row) {
    const std::string& channel = lineup[row].channel;
    link::GuideRow out{channel, programmes_->guide(channel, wanted.from_ms, wanted.to_ms)};
    if (out.programmes.size() > link::max_row_programmes) {
      out.programmes.resize(link::max_row_programmes);
    }
    window.rows.push_back(std::move(out));
  }
  tv_.send(std::move(window));
}

void TvChannels::take(const link::Aired& aired) {
  if (!has(aired.channel)) return;
  const bool other = aired.channel != channel_;
  // A player that outlived this node, or its connection, goes on; what is new is the lag.
  if (other && on()) return;
  channel_ = aired.channel;
  lag_ms_ = aired.lag_ms;
  if (!aired.sentence.empty()) {
    spdlog::warn("channel {}: {}", aired.channel, aired.sentence);
    programmes_->note_problem(aired.channel, aired.item, aired.sentence);
  } else {
    spdlog::debug("channel {}: {} began {} ms off the list", aired.channel, aired.item,
                  aired.drift_ms);
    if (aired.item != item_) deaths_ = 0;
    item_ = aired.item;
  }
  tv_.tuned();
  say_air(0);
}

void TvChannels::take(const link::PinEntered& entered) {
  if (locked_.pin.empty() || entered.pin != locked_.pin || programmes_ == nullptr) return;
  programmes_->enter_pin(
      locked_.channel, entered.digits,
      [this, pin = entered.pin, alive = std::weak_ptr<bool>(alive_)](const Result<void>& right) {
        if (!alive.expired()) pin_checked(pin, right);
      });
}

void TvChannels::pin_checked(const std::string& pin, const Result<void>& right) {
  if (locked_.pin != pin || programmes_ == nullptr) return;  // they went elsewhere meanwhile
  const Locked locked = locked_;
  if (!right) {
    auto asks = programmes_->asks_pin(locked.channel, now_ms() - locked.lag_ms);
    if (!asks) asks = link::AskPin{};
    asks->pin = locked.pin;
    asks->sentence = right.error().sentence;
    tv_.send(std::move(*asks));
    return;
  }
  locked_ = {};
  tv_.send(link::AskPin{});
  if (has(locked.channel)) begin(locked.channel, locked.lag_ms, locked.request);
}

void TvChannels::leave() {
  channel_.clear();
  item_.clear();
  lag_ms_ = 0;
  air_ = {};
  locked_ = {};
  deaths_ = 0;
}

void TvChannels::player_died() {
  if (!on()) return;
  const UtcMs at = now_ms() - lag_ms_;
  const auto now_on = programmes_->airings(channel_, at, at + 1, 1);
  const std::string item = now_on.empty() ? "" : now_on.front().item;
  deaths_ = item == died_with_ ? deaths_ + 1 : 1;
  died_with_ = item;
  if (item.empty() || deaths_ < max_deaths) return;
  spdlog::warn("an item of a channel was given up: the player died {} times with it", max_deaths);
  given_up_.insert(item);
  programmes_->note_problem(channel_, item, "The TV stopped several times while it showed it.");
}

std::string TvChannels::name_on() const {
  for (const link::AirItem& item : air_.items) {
    if (item.item == item_) return item.name;
  }
  return "";
}

Result<std::shared_ptr<Reader>> TvChannels::open_stream(const std::string& stream) {
  const bool told =
      std::any_of(air_.items.begin(), air_.items.end(), [&](const link::AirItem& item) {
        return item.stream == stream ||
               std::find(item.beside.begin(), item.beside.end(), stream) != item.beside.end();
      });
  if (programmes_ == nullptr || !told || stream.empty()) {
    return fail(Code::not_found, "The player asked for something that is not on the air.");
  }
  return programmes_->open_stream(stream);
}

}  // namespace hearth::node
