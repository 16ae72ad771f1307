// The keys of the TV's remote control, by the names that cross every boundary: docs/protocol.md
// §11, `hearth remote`, keyboard, HDMI-CEC and MPRIS all end here. docs/tv.md says what they do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::link {

/// Names are on the wire. Append only.
enum class Key : std::uint8_t {
  up,
  down,
  left,
  right,
  ok,
  back,
  menu,
  guide,
  info,
  channel_up,
  channel_down,
  last,
  digit_0,
  digit_1,
  digit_2,
  digit_3,
  digit_4,
  digit_5,
  digit_6,
  digit_7,
  digit_8,
  digit_9,
  pause,   ///< play and pause in turns
  resume,  ///< play only
  hold,    ///< pause only
  stop,
  live,
  start,  ///< from the start of what is on
  rewind,
  forward,
  page_back,
  page_on,
  volume_up,
  volume_down,
  mute,
  subtitles,
  audio,
};
inline constexpr std::size_t key_count = 37;

std::string_view key_name(Key key);
std::optional<Key> key_from_name(std::string_view name);
/// "up, down, …": all of them, for a sentence.
std::string key_names();
/// 0 to 9; nullopt for the others.
std::optional<int> digit_of(Key key);

}  // namespace hearth::link
