#include "player/core/tuner.h"

#include <algorithm>
#include <utility>

namespace hearth::player {
namespace {

constexpr std::size_t max_digits = 4;
constexpr std::int64_t unknown_ms = 2'000;

}  // namespace

void Tuner::take(link::Lineup lineup) {
  lineup_ = std::move(lineup);
}

const link::Channel* Tuner::find(const std::string& channel) const {
  const auto found = std::find_if(lineup_.channels.begin(), lineup_.channels.end(),
                                  [&](const link::Channel& one) { return one.channel == channel; });
  return found == lineup_.channels.end() ? nullptr : &*found;
}

int Tuner::row_of(const std::string& channel) const {
  const link::Channel* found = find(channel);
  return found == nullptr ? 0 : static_cast<int>(found - lineup_.channels.data());
}

void Tuner::tuned(const std::string& channel) {
  if (channel == current_) return;
  if (!current_.empty()) last_ = current_;
  current_ = channel;
}

std::optional<std::string> Tuner::step(int by) const {
  if (empty()) return std::nullopt;
  if (find(current_) == nullptr) return first();
  const int count = static_cast<int>(lineup_.channels.size());
  const int row = (row_of(current_) + by % count + count) % count;
  return lineup_.channels[static_cast<std::size_t>(row)].channel;
}

std::optional<std::string> Tuner::last() const {
  if (find(last_) == nullptr) return std::nullopt;
  return last_;
}

std::optional<std::string> Tuner::first() const {
  if (empty()) return std::nullopt;
  return find(current_) != nullptr ? current_ : lineup_.channels.front().channel;
}

std::optional<std::string> Tuner::numbered(int number) const {
  for (const link::Channel& one : lineup_.channels) {
    if (one.number == number) return one.channel;
  }
  return std::nullopt;
}

std::optional<std::string> Tuner::digit(int digit, std::int64_t now_ms) {
  unknown_.clear();
  if (entry_.empty() && digit == 0) return std::nullopt;
  entry_ += static_cast<char>('0' + digit);
  entry_at_ms_ = now_ms;
  const bool longer =
      std::any_of(lineup_.channels.begin(), lineup_.channels.end(), [&](const link::Channel& one) {
        const std::string number = std::to_string(one.number);
        return number.size() > entry_.size() && number.starts_with(entry_);
      });
  if (longer && entry_.size() < max_digits) return std::nullopt;
  return enter(now_ms);
}

std::optional<std::string> Tuner::enter(std::int64_t now_ms) {
  if (entry_.empty()) return std::nullopt;
  const std::string typed = std::exchange(entry_, {});
  const auto channel = numbered(std::stoi(typed));
  if (!channel) {
    unknown_ = typed;
    unknown_at_ms_ = now_ms;
  }
  return channel;
}

std::optional<std::string> Tuner::tick(std::int64_t now_ms) {
  if (!unknown_.empty() && now_ms - unknown_at_ms_ >= unknown_ms) unknown_.clear();
  if (entry_.empty() || now_ms - entry_at_ms_ < entry_ms) return std::nullopt;
  return enter(now_ms);
}

std::optional<std::int64_t> Tuner::deadline_ms() const {
  if (!entry_.empty()) return entry_at_ms_ + entry_ms;
  if (!unknown_.empty()) return unknown_at_ms_ + unknown_ms;
  return std::nullopt;
}

}  // namespace hearth::player
