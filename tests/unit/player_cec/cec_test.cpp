// The television's remote control: libcec as it is, at an adapter that is played.
#include "player/shell/cec.h"

#include <doctest/doctest.h>
#include <poll.h>

#include "fake_adapter.h"
#include "player/core/cec_keys.h"

using namespace hearth;
using namespace hearth::player;
using namespace hearth::test;
using link::Key;

namespace {

/// The keys that come until there are `count`.
std::vector<Key> keys(Cec& cec, std::size_t count) {
  std::vector<Key> out;
  for (int i = 0; i < 100 && out.size() < count; ++i) {
    pollfd waits{cec.fd(), POLLIN, 0};
    poll(&waits, 1, 100);
    for (const Key key : cec.take()) out.push_back(key);
  }
  return out;
}

}  // namespace

TEST_CASE("which keys a television's remote control has") {
  struct Row {
    int code;
    std::optional<Key> key;
  };
  const Row rows[] = {{0x00, Key::ok},         {0x01, Key::up},      {0x09, Key::menu},
                      {0x0D, Key::back},       {0x20, Key::digit_0}, {0x29, Key::digit_9},
                      {0x30, Key::channel_up}, {0x32, Key::last},    {0x41, Key::volume_up},
                      {0x44, Key::resume},     {0x46, Key::hold},    {0x53, Key::guide},
                      {0x61, Key::pause},      {0x40, std::nullopt},  // power
                      {0x47, std::nullopt},                           // record
                      {-1, std::nullopt},      {0xFF, std::nullopt}};
  for (const Row& row : rows) {
    CAPTURE(row.code);
    CHECK(key_of_cec(row.code) == row.key);
  }
}

TEST_CASE("a key that is held") {
  CecPresses presses;
  CHECK(presses.take(0x01, 0) == Key::up);
  CHECK(presses.take(0x01, 0) == Key::up);  // it goes on
  CHECK_FALSE(presses.take(0x01, 700));     // let go
  CHECK(presses.take(0x09, 0) == Key::menu);
  CHECK_FALSE(presses.take(0x09, 0));  // the menu does not open and close
  CHECK_FALSE(presses.take(0x09, 500));
  CHECK(presses.take(0x09, 0) == Key::menu);
  CHECK(presses.take(0x22, 0) == Key::digit_2);  // its release was lost
  CHECK_FALSE(presses.take(0x09, 900));
  CHECK_FALSE(presses.take(0x22, 0));
}

TEST_CASE("keys come from the television through libcec and its adapter") {
  FakeAdapter adapter;
  const auto cec = Cec::start(adapter.port());
  const auto opened = cec->opened(60'000);
  REQUIRE_MESSAGE(opened.has_value(), opened.error().sentence);
  CHECK(*opened == adapter.port());
  const std::vector<std::pair<int, Key>> pressed = {
      {0x53, Key::guide}, {0x02, Key::down}, {0x00, Key::ok}, {0x41, Key::volume_up}};
  for (const auto& [code, key] : pressed) {
    CAPTURE(code);
    adapter.press(code);
    adapter.release();
    CHECK(keys(*cec, 1) == std::vector<Key>{key});
  }
}

TEST_CASE("no adapter, or none that answers: a sentence, and the rest works on") {
  const auto none = Cec::start("")->opened(60'000);
  // A machine that has one may run this test as well.
  if (!none) CHECK(none.error().sentence.find("No HDMI-CEC adapter is here") == 0);
  const auto silent = Cec::start("/dev/null")->opened(60'000);
  REQUIRE_FALSE(silent);
  CHECK(silent.error().sentence.find("/dev/null does not answer") != std::string::npos);
}
