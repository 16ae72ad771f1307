// The TV on a session bus of the stage's own, with systemd's busctl as the other side.
#include <doctest/doctest.h>

#include "channels.h"
#include "common/base/process.h"
#include "stage.h"

using namespace hearth;
using namespace hearth::test;

namespace {

std::string busctl(Stage& stage, std::vector<std::string> arguments) {
  std::vector<std::string> argv = {"busctl", "--address=" + stage.bus_address()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const auto done = run_process(argv, {}, 1 << 16, 10'000);
  REQUIRE(done);
  CHECK_MESSAGE(done->exit_code == 0, done->err);
  return std::string(as_text(done->out));
}

std::string player_property(Stage& stage, const std::string& name) {
  return busctl(stage, {"get-property", "org.mpris.MediaPlayer2.hearth", "/org/mpris/MediaPlayer2",
                        "org.mpris.MediaPlayer2.Player", name});
}

void player_call(Stage& stage, std::vector<std::string> words) {
  std::vector<std::string> arguments = {"call", "org.mpris.MediaPlayer2.hearth",
                                        "/org/mpris/MediaPlayer2", "org.mpris.MediaPlayer2.Player"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  busctl(stage, arguments);
}

}  // namespace

TEST_CASE("media keys over D-Bus: status, title, pause, channels, volume") {
  NEEDS_A_DISPLAY();
  if (stage.bus_address().empty()) {
    MESSAGE("skipped: dbus-daemon is not installed, so there is no bus to ask");
    return;
  }
  CHECK(busctl(stage, {"get-property", "org.mpris.MediaPlayer2.hearth", "/org/mpris/MediaPlayer2",
                       "org.mpris.MediaPlayer2", "Identity"}) == "s \"Hearth\"\n");
  REQUIRE(stage.make_media("bus.mp4", {"-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=30", "-c:v",
                                       "libx264", "-pix_fmt", "yuv420p"}));
  stage.node().serve_file("bus", stage.dir() / "bus.mp4");
  const auto channel = [](const char* id, int number) {
    return Channels::Channel{
        {id, number, id, 0},
        {{"bus", "A film on the bus", "", 30'000, wire::Kind::video, "video/mp4"}},
        Channels::utc_now()};
  };
  Channels channels(stage.node(), {channel("one", 1), channel("two", 2)});
  channels.say_lineup();
  player_call(stage, {"Play"});  // the home screen: television
  REQUIRE(channels.wait_aired([](const link::Aired& a) { return a.channel == "one"; }));
  CHECK(player_property(stage, "PlaybackStatus") == "s \"Playing\"\n");
  CHECK(player_property(stage, "Metadata").find("A film on the bus") != std::string::npos);
  player_call(stage, {"Next"});
  REQUIRE(channels.wait_aired([](const link::Aired& a) { return a.channel == "two"; }));
  player_call(stage, {"PlayPause"});
  REQUIRE(stage.node().wait_state(
      [](const link::State& s) { return s.channel == "two" && s.state == link::PlayState::paused; },
      10'000));
  CHECK(player_property(stage, "PlaybackStatus") == "s \"Paused\"\n");
  busctl(stage, {"set-property", "org.mpris.MediaPlayer2.hearth", "/org/mpris/MediaPlayer2",
                 "org.mpris.MediaPlayer2.Player", "Volume", "d", "0.5"});
  CHECK(player_property(stage, "Volume") == "d 0.5\n");
  busctl(stage, {"set-property", "org.mpris.MediaPlayer2.hearth", "/org/mpris/MediaPlayer2",
                 "org.mpris.MediaPlayer2.Player", "Volume", "d", "1"});
  player_call(stage, {"Stop"});
  REQUIRE(stage.node().wait_state(
      [](const link::State& s) { return s.channel.empty() && s.state == link::PlayState::idle; },
      10'000));
}
