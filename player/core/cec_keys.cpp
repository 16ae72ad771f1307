#include "player/core/cec_keys.h"

#include <algorithm>

namespace hearth::player {
namespace {

using link::Key;

struct Binding {
  int code;
  Key key;
};

constexpr Binding bindings[] = {
    {0x00, Key::ok},         {0x01, Key::up},           {0x02, Key::down},
    {0x03, Key::left},       {0x04, Key::right},        {0x09, Key::menu},  // root menu
    {0x0A, Key::menu},                                                      // setup menu
    {0x0B, Key::guide},                                                     // contents menu
    {0x0D, Key::back},       {0x10, Key::menu},                             // top menu
    {0x20, Key::digit_0},    {0x21, Key::digit_1},      {0x22, Key::digit_2},
    {0x23, Key::digit_3},    {0x24, Key::digit_4},      {0x25, Key::digit_5},
    {0x26, Key::digit_6},    {0x27, Key::digit_7},      {0x28, Key::digit_8},
    {0x29, Key::digit_9},    {0x2B, Key::ok},                               // enter
    {0x2C, Key::back},                                                      // clear
    {0x30, Key::channel_up}, {0x31, Key::channel_down}, {0x32, Key::last},  // previous channel
    {0x33, Key::audio},                                                     // sound select
    {0x35, Key::info},       {0x37, Key::page_back},    {0x38, Key::page_on},
    {0x41, Key::volume_up},  {0x42, Key::volume_down},  {0x43, Key::mute},
    {0x44, Key::resume},     {0x45, Key::stop},         {0x46, Key::hold},
    {0x48, Key::rewind},     {0x49, Key::forward},      {0x4B, Key::live},  // next
    {0x4C, Key::start},                                                     // previous
    {0x51, Key::subtitles},                                                 // sub picture
    {0x53, Key::guide},      {0x57, Key::audio},  // select sound presentation
    {0x60, Key::resume},                          // play function
    {0x61, Key::pause},                           // pause-play function
    {0x64, Key::stop},                            // stop function
    {0x65, Key::mute},                            // mute function
    {0x91, Key::back},                            // return, as one maker says it
    {0x96, Key::guide},                           // channels list, as one maker says it
};

/// What a person holds a key for.
bool goes_on_while_held(Key key) {
  switch (key) {
    case Key::up:
    case Key::down:
    case Key::left:
    case Key::right:
    case Key::rewind:
    case Key::forward:
    case Key::page_back:
    case Key::page_on:
    case Key::channel_up:
    case Key::channel_down:
    case Key::volume_up:
    case Key::volume_down:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<Key> key_of_cec(int code) {
  const auto* found = std::find_if(std::begin(bindings), std::end(bindings),
                                   [code](const Binding& one) { return one.code == code; });
  if (found == std::end(bindings)) return std::nullopt;
  return found->key;
}

std::optional<Key> CecPresses::take(int code, std::uint32_t held_ms) {
  if (held_ms > 0) {
    if (code == down_) down_ = -1;
    return std::nullopt;
  }
  const bool again = code == down_;
  down_ = code;
  const auto key = key_of_cec(code);
  if (again && key && !goes_on_while_held(*key)) return std::nullopt;
  return key;
}

}  // namespace hearth::player
