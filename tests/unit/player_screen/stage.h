// A TV on a stage: Xvfb on a free display, hearth-player on it, a fake node behind it. One for
// all tests of this executable; each test begins with begin(), which stops what ran before.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "../player_support/fake_node.h"
#include "picture.h"

namespace hearth::test {

class Stage {
 public:
  static bool possible();  ///< Xvfb is installed
  static Stage& get();
  ~Stage();

  /// HEARTH_STAGE in the environment, else 1280x720.
  static std::string size();
  /// Of a session bus that the player is on; empty: this machine has no dbus-daemon.
  const std::string& bus_address() const { return bus_address_; }
  FakeNode& node() { return *node_; }
  /// VmRSS of the player.
  std::int64_t player_resident_kib() const;
  const std::filesystem::path& dir() const { return dir_.path; }
  void begin();
  void play(const std::string& stream, const std::string& name, wire::Kind kind,
            const std::string& media_type, std::uint64_t size, const std::string& note = "",
            const std::string& from = "", std::int64_t start_ms = 0);
  /// Takes pictures until one pleases; saves the last one as NAME.png. nullopt: none did.
  std::optional<Picture> picture(const std::string& name,
                                 const std::function<bool(const Picture&)>& pleases,
                                 int timeout_ms = 15'000);
  /// ffmpeg with these arguments, making `file` in dir(). False when it failed.
  bool make_media(const std::string& file, std::vector<std::string> arguments);

 private:
  Stage();
  void start_bus();
  TempDir dir_;
  pid_t x_server_ = -1, bus_ = -1, player_ = -1;
  std::string bus_address_;
  std::unique_ptr<FakeNode> node_;
};

/// First in each test case: a fresh stage, or the case is skipped.
#define NEEDS_A_DISPLAY()                                                         \
  if (!hearth::test::Stage::possible()) {                                         \
    MESSAGE("skipped: Xvfb is not installed, so there is no display to look at"); \
    return;                                                                       \
  }                                                                               \
  hearth::test::Stage& stage = hearth::test::Stage::get();                        \
  [[maybe_unused]] hearth::test::FakeNode& node = stage.node();                   \
  stage.begin()

}  // namespace hearth::test
