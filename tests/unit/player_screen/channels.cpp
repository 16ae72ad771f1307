#include "channels.h"

#include <algorithm>
#include <chrono>

namespace hearth::test {

std::int64_t Channels::utc_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Channels::Channels(FakeNode& node, std::vector<Channel> channels)
    : node_(node), channels_(std::move(channels)) {
  node_.on_events([this](const link::Event& event) { take(event); });
}

Channels::~Channels() {
  node_.on_events(nullptr);
}

void Channels::say_lineup() {
  link::Lineup lineup;
  for (const Channel& one : channels_) lineup.channels.push_back(one.entry);
  node_.send(lineup);
}

const Channels::Channel* Channels::find(const std::string& channel) const {
  for (const Channel& one : channels_) {
    if (one.entry.channel == channel) return &one;
  }
  return nullptr;
}

std::vector<link::AirItem> Channels::items(const Channel& channel, std::int64_t from_ms,
                                           std::int64_t to_ms, std::size_t most) const {
  std::vector<link::AirItem> out;
  std::int64_t round_ms = 0;
  for (const Film& film : channel.films) round_ms += film.length_ms;
  if (round_ms == 0) return out;
  std::int64_t at = channel.begins_ms + (from_ms - channel.begins_ms) / round_ms * round_ms;
  while (at > from_ms) at -= round_ms;
  for (std::size_t i = 0; at < to_ms && out.size() < most; ++i) {
    const Film& film = channel.films[i % channel.films.size()];
    if (at + film.length_ms > from_ms) {
      link::AirItem item;
      item.item = channel.entry.channel + std::to_string(at);
      item.stream = film.stream;
      item.name = film.name;
      item.about = film.about;
      item.kind = film.kind;
      item.media_type = film.media_type;
      item.start_ms = at;
      item.end_ms = at + film.length_ms;
      item.catch_up = true;
      item.watermark = !logo.png.empty();
      item.beside = film.beside;
      item.picture_ms = film.picture_ms;
      item.fade = film.fade;
      if (film.stream.empty()) item.sentence = film.about;
      out.push_back(std::move(item));
    }
    at += film.length_ms;
  }
  return out;
}

const Channels::Film& Channels::on_at(const std::string& channel, std::int64_t utc_ms) const {
  const Channel& found = *find(channel);
  const std::string name = items(found, utc_ms, utc_ms + 1, 1).front().name;
  return *std::find_if(found.films.begin(), found.films.end(),
                       [&](const Film& film) { return film.name == name; });
}

void Channels::say_air(const std::string& channel, std::int64_t lag_ms, std::int64_t request) {
  const Channel* found = find(channel);
  if (found == nullptr) return;
  const std::int64_t at = utc_now() - lag_ms;
  link::Air air;
  air.channel = channel;
  air.request = request;
  air.lag_ms = lag_ms;
  air.items = items(*found, at, at + 6LL * 3600 * 1000, link::max_air_items);
  air.logo = logo;
  node_.send(air);
}

void Channels::take(const link::Event& event) {
  if (const auto* tune = std::get_if<link::Tune>(&event)) {
    say_air(tune->channel, 0, tune->request);
  } else if (const auto* watch = std::get_if<link::Watch>(&event)) {
    say_air(watch->channel, utc_now() - watch->at_ms, watch->request);
  } else if (const auto* wanted = std::get_if<link::GuideWanted>(&event)) {
    link::GuideWindow window{wanted->request, wanted->from_ms, wanted->to_ms, {}};
    const auto count = static_cast<int>(channels_.size());
    for (int row = wanted->first_row; row < std::min(count, wanted->first_row + wanted->rows);
         ++row) {
      const Channel& channel = channels_[static_cast<std::size_t>(row)];
      link::GuideRow one{channel.entry.channel, {}};
      for (const auto& item :
           items(channel, wanted->from_ms, wanted->to_ms, link::max_row_programmes)) {
        one.programmes.push_back({item.item, item.name, item.start_ms, item.end_ms, true});
      }
      window.rows.push_back(std::move(one));
    }
    node_.send(window);
    const std::lock_guard lock(mutex_);
    ++guides_;
  } else if (const auto* aired = std::get_if<link::Aired>(&event)) {
    {
      const std::lock_guard lock(mutex_);
      aired_.push_back(*aired);
    }
    if (aired->sentence.empty()) say_air(aired->channel, aired->lag_ms, 0);
  }
  told_.notify_all();
}

std::optional<link::Aired> Channels::wait_aired(
    const std::function<bool(const link::Aired&)>& pleases, int timeout_ms) {
  std::unique_lock lock(mutex_);
  std::optional<link::Aired> found;
  told_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] {
    while (!aired_.empty() && !found) {
      if (pleases(aired_.front())) found = aired_.front();
      aired_.pop_front();
    }
    return found.has_value();
  });
  return found;
}

bool Channels::wait_guide(int timeout_ms) {
  std::unique_lock lock(mutex_);
  const bool came =
      told_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return guides_ > 0; });
  guides_ = 0;
  return came;
}

}  // namespace hearth::test
