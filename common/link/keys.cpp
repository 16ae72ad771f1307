#include "common/link/keys.h"

#include <algorithm>
#include <array>

namespace hearth::link {
namespace {

constexpr std::array<std::string_view, key_count> names = {"up",
                                                           "down",
                                                           "left",
                                                           "right",
                                                           "ok",
                                                           "back",
                                                           "menu",
                                                           "guide",
                                                           "info",
                                                           "channel-up",
                                                           "channel-down",
                                                           "last",
                                                           "0",
                                                           "1",
                                                           "2",
                                                           "3",
                                                           "4",
                                                           "5",
                                                           "6",
                                                           "7",
                                                           "8",
                                                           "9",
                                                           "pause",
                                                           "resume",
                                                           "hold",
                                                           "stop",
                                                           "live",
                                                           "start",
                                                           "rewind",
                                                           "forward",
                                                           "page-back",
                                                           "page-on",
                                                           "volume-up",
                                                           "volume-down",
                                                           "mute",
                                                           "subtitles",
                                                           "audio"};

}  // namespace

std::string_view key_name(Key key) {
  return names[static_cast<std::size_t>(key)];
}

std::optional<Key> key_from_name(std::string_view name) {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Key>(found - names.begin());
}

std::string key_names() {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

std::optional<int> digit_of(Key key) {
  if (key < Key::digit_0 || key > Key::digit_9) return std::nullopt;
  return static_cast<int>(key) - static_cast<int>(Key::digit_0);
}

}  // namespace hearth::link
