#include "player/core/keyboard.h"

namespace hearth::player {
namespace {

using link::Key;

constexpr KeyBinding bindings[] = {
    {"UP", Key::up},
    {"DOWN", Key::down},
    {"LEFT", Key::left},
    {"RIGHT", Key::right},
    {"ENTER", Key::ok},
    {"KP_ENTER", Key::ok},
    {"ESC", Key::back},
    {"BS", Key::back},
    {"MENU", Key::menu},
    {"m", Key::menu},
    {"g", Key::guide},
    {"SEARCH", Key::guide},
    {"i", Key::info},
    {"CHANNEL_UP", Key::channel_up},
    {"CHANNEL_DOWN", Key::channel_down},
    {"PGUP", Key::page_back},
    {"PGDWN", Key::page_on},
    {"TAB", Key::last},
    {"SPACE", Key::pause},
    {"PLAYPAUSE", Key::pause},
    {"PLAY", Key::resume},
    {"PLAYONLY", Key::resume},
    {"PAUSE", Key::hold},
    {"PAUSEONLY", Key::hold},
    {"STOP", Key::stop},
    {"CLOSE_WIN", Key::stop},
    {"HOME", Key::live},
    {"l", Key::live},
    {"NEXT", Key::live},
    {"b", Key::start},
    {"PREV", Key::start},
    {"REWIND", Key::rewind},
    {",", Key::rewind},
    {"FORWARD", Key::forward},
    {".", Key::forward},
    {"VOLUME_UP", Key::volume_up},
    {"+", Key::volume_up},
    {"VOLUME_DOWN", Key::volume_down},
    {"-", Key::volume_down},
    {"MUTE", Key::mute},
    {"x", Key::mute},
    {"s", Key::subtitles},
    {"a", Key::audio},
    {"0", Key::digit_0},
    {"1", Key::digit_1},
    {"2", Key::digit_2},
    {"3", Key::digit_3},
    {"4", Key::digit_4},
    {"5", Key::digit_5},
    {"6", Key::digit_6},
    {"7", Key::digit_7},
    {"8", Key::digit_8},
    {"9", Key::digit_9},
    {"KP0", Key::digit_0},
    {"KP1", Key::digit_1},
    {"KP2", Key::digit_2},
    {"KP3", Key::digit_3},
    {"KP4", Key::digit_4},
    {"KP5", Key::digit_5},
    {"KP6", Key::digit_6},
    {"KP7", Key::digit_7},
    {"KP8", Key::digit_8},
    {"KP9", Key::digit_9},
};

}  // namespace

std::span<const KeyBinding> keyboard() {
  return bindings;
}

}  // namespace hearth::player
