// The television on an X server of its own: `zap`, a change of channel to the first picture, in
// turns with a bare loadfile with a seek in the same libmpv and the same video output; `drift`, the
// starts of short items against the list, for two minutes or `--minutes N`, judged by the median of
// the last dozen. Exit 1 when a bound does not hold.
#include <algorithm>
#include <clocale>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <mpv/client.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "common/base/files.h"
#include "common/base/process.h"
#include "player/shell/mpv_options.h"
#include "tests/bench/measure.h"
#include "tests/unit/player_screen/channels.h"

using namespace hearth;
using hearth::test::Channels;
using hearth::test::FakeNode;
using hearth::test::TempDir;

namespace {

constexpr int turns = 15;
constexpr std::size_t dozen = 12;
constexpr int patience_ms = 300'000, told_every = 120;
constexpr double most_ratio = 1.3, most_drift_ms = 100;
constexpr std::int64_t item_ms = 5'000;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

struct Machine {
  TempDir dir;
  pid_t x_server = -1, player = -1;
  std::unique_ptr<FakeNode> node;

  Machine() {
    SpawnOptions x;
    x.stdout_file = dir.path / "display";
    x.stderr_file = dir.path / "xvfb.log";
    x.die_with_parent = true;
    const auto server = spawn_process(
        {"Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-noreset"},
        x);
    if (!server) give_up(server.error().sentence);
    x_server = *server;
    std::string number;
    for (int i = 0; i < 500 && (number.empty() || number.back() != '\n'); ++i) {
      if (const auto text = read_file(x.stdout_file, 64)) number = std::string(as_text(*text));
      poll(nullptr, 0, 20);
    }
    if (number.empty()) give_up("Xvfb did not start.");
    number.pop_back();
    setenv("DISPLAY", (":" + number).c_str(), 1);
    unsetenv("WAYLAND_DISPLAY");
    node = std::make_unique<FakeNode>(dir.path / "player.sock");
  }
  ~Machine() {
    for (const pid_t pid : {player, x_server}) {
      if (pid <= 0) continue;
      kill(pid, SIGTERM);
      waitpid(pid, nullptr, 0);
    }
  }
  void start_player() {
    SpawnOptions how;
    how.die_with_parent = true;
    const auto started =
        spawn_process({std::string(HEARTH_BIN_DIR) + "/hearth-player", "--socket",
                       (dir.path / "player.sock").string(), "--ao", "null", "--log-level", "warn"},
                      how);
    if (!started) give_up(started.error().sentence);
    player = *started;
    if (!node->wait_ready(20'000)) give_up("hearth-player did not get ready.");
  }
  std::string film(const std::string& name, const char* source, int seconds) {
    const auto file = dir.path / name;
    const std::string length = std::to_string(seconds);
    const auto made = run_process({"ffmpeg",
                                   "-v",
                                   "error",
                                   "-nostdin",
                                   "-y",
                                   "-f",
                                   "lavfi",
                                   "-i",
                                   std::string(source) + "=s=1280x720:r=25:d=" + length,
                                   "-f",
                                   "lavfi",
                                   "-i",
                                   "sine=330:d=" + length,
                                   "-c:v",
                                   "libx264",
                                   "-preset",
                                   "veryfast",
                                   "-g",
                                   "50",
                                   "-pix_fmt",
                                   "yuv420p",
                                   "-c:a",
                                   "aac",
                                   file.string()},
                                  {}, 1 << 20, 120'000);
    if (!made || made->exit_code != 0) give_up("ffmpeg made no film.");
    node->serve_file(name, file);
    return file.string();
  }
};

/// libmpv alone, set up as the player's.
class BareMpv {
 public:
  BareMpv() {
    std::setlocale(LC_NUMERIC, "C");
    mpv_ = mpv_create();
    player::MpvOptions options;
    options.ao = "null";
    for (const auto& [name, value] : player::mpv_settings(options, player::this_machine())) {
      mpv_set_option_string(mpv_, name.c_str(), value.c_str());
    }
    if (mpv_initialize(mpv_) < 0) give_up("libmpv did not start.");
  }
  ~BareMpv() { mpv_terminate_destroy(mpv_); }
  /// Milliseconds to the first picture.
  double load(const std::string& file, double start_seconds) {
    const double begun = bench::seconds_now();
    const std::string options = "start=" + std::to_string(start_seconds);
    const char* words[] = {"loadfile", file.c_str(), "replace", options.c_str(), nullptr};
    if (mpv_command(mpv_, words) < 0) give_up("libmpv took no file.");
    bool started = false;
    while (bench::seconds_now() - begun < 20) {
      const mpv_event* event = mpv_wait_event(mpv_, 1);
      if (event->event_id == MPV_EVENT_START_FILE) started = true;
      if (started && event->event_id == MPV_EVENT_PLAYBACK_RESTART) {
        return (bench::seconds_now() - begun) * 1000;
      }
    }
    give_up("libmpv showed no picture.");
  }
  void stop() {
    const char* words[] = {"stop", nullptr};
    mpv_command(mpv_, words);
    while (mpv_wait_event(mpv_, 0)->event_id != MPV_EVENT_NONE) {
    }
  }

 private:
  mpv_handle* mpv_ = nullptr;
};

/// Milliseconds from the key to the first picture of that channel.
double zap(Channels& channels, link::Key key, const std::string& channel) {
  const double begun = bench::seconds_now();
  channels.press(key);
  const auto aired = channels.wait_aired(
      [&](const link::Aired& one) { return one.channel == channel && one.sentence.empty(); });
  if (!aired) give_up("The channel did not come.");
  return (bench::seconds_now() - begun) * 1000;
}

int measure_zap(Machine& machine) {
  const std::string a = machine.film("a.mp4", "testsrc2", 120);
  const std::string b = machine.film("b.mp4", "testsrc", 120);
  machine.start_player();
  const auto channel = [](const char* id, int number, const char* file, std::int64_t begins) {
    Channels::Channel one;
    one.entry = {id, number, id, 0};
    one.films = {{file, "A film", "", 120'000, wire::Kind::video, "video/mp4"}};
    one.begins_ms = begins;
    return one;
  };
  const std::int64_t now = Channels::utc_now();
  Channels channels(*machine.node, {channel("one", 1, "a.mp4", now - 17'300),
                                    channel("two", 2, "b.mp4", now - 41'700)});
  channels.say_lineup();
  BareMpv bare;
  std::vector<double> ours, theirs;
  const auto position = [&](std::int64_t begun) {
    return static_cast<double>((Channels::utc_now() - begun) % 120'000) / 1000;
  };
  for (int turn = 0; turn < turns; ++turn) {
    zap(channels, link::Key::digit_1, "one");
    poll(nullptr, 0, 300);
    ours.push_back(zap(channels, link::Key::channel_up, "two"));
    poll(nullptr, 0, 300);
    ours.push_back(zap(channels, link::Key::channel_up, "one"));
    channels.press(link::Key::stop);
    poll(nullptr, 0, 300);
    bare.load(a, position(now - 17'300));
    poll(nullptr, 0, 300);
    theirs.push_back(bare.load(b, position(now - 41'700)));
    poll(nullptr, 0, 300);
    theirs.push_back(bare.load(a, position(now - 17'300)));
    bare.stop();
    poll(nullptr, 0, 300);
  }
  const double our = bench::median(ours), their = bench::median(theirs), ratio = our / their;
  std::printf("%s", bench::table({{"change of channel", "median ms", "95 %"},
                                  {"hearth-player", bench::fixed(our, 1),
                                   bench::fixed(bench::percentile(ours, 0.95), 1)},
                                  {"bare loadfile", bench::fixed(their, 1),
                                   bench::fixed(bench::percentile(theirs, 0.95), 1)}})
                        .c_str());
  std::printf("ratio %.2f, at most %.1f\n", ratio, most_ratio);
  return ratio <= most_ratio ? 0 : 1;
}

/// How far off the list each item began, in ms, and how many never did.
struct Starts {
  std::vector<double> off_ms;
  std::int64_t missed = 0;
};

Starts follow(Channels& channels, std::int64_t minutes) {
  Starts out;
  std::int64_t first_ms = 0, last_ms = 0;
  do {
    std::int64_t at_ms = 0;
    const auto aired = channels.wait_aired(
        [&](const link::Aired& report) {
          at_ms = std::atoll(report.item.c_str() + report.channel.size());
          return report.sentence.empty() && at_ms != last_ms;
        },
        patience_ms);
    if (!aired) give_up("No item began for minutes.");
    if (first_ms == 0) {  // tuned in to somewhere in its middle
      first_ms = last_ms = at_ms;
      continue;
    }
    out.off_ms.push_back(static_cast<double>(std::abs(aired->drift_ms)));
    out.missed += (at_ms - last_ms) / item_ms - 1;
    last_ms = at_ms;
    if (out.off_ms.size() % told_every == 0) {
      std::fprintf(stderr, "%zu starts, the last dozen %.1f ms off, %lld missed\n",
                   out.off_ms.size(), bench::median({out.off_ms.end() - dozen, out.off_ms.end()}),
                   static_cast<long long>(out.missed));
    }
  } while (last_ms - first_ms < minutes * 60'000);
  return out;
}

int measure_drift(Machine& machine, std::int64_t minutes) {
  machine.film("a.mp4", "testsrc2", static_cast<int>(item_ms / 1000));
  machine.film("b.mp4", "testsrc", static_cast<int>(item_ms / 1000));
  machine.start_player();
  Channels::Channel one;
  one.entry = {"one", 1, "one", 0};
  one.films = {{"a.mp4", "A", "", item_ms, wire::Kind::video, "video/mp4"},
               {"b.mp4", "B", "", item_ms, wire::Kind::video, "video/mp4"}};
  one.begins_ms = Channels::utc_now();
  Channels channels(*machine.node, {one});
  channels.say_lineup();
  channels.press(link::Key::digit_1);
  const Starts starts = follow(channels, minutes);
  const auto& off = starts.off_ms;
  const auto part = static_cast<std::ptrdiff_t>(std::min(dozen, off.size()));
  const double first = bench::median({off.begin(), off.begin() + part}),
               last = bench::median({off.end() - part, off.end()});
  std::printf(
      "%s",
      bench::table(
          {{"starts", "median ms off", "95 %", "worst", "first dozen", "last dozen", "missed"},
           {std::to_string(off.size()), bench::fixed(bench::median(off), 1),
            bench::fixed(bench::percentile(off, 0.95), 1),
            bench::fixed(*std::max_element(off.begin(), off.end()), 1), bench::fixed(first, 1),
            bench::fixed(last, 1), std::to_string(starts.missed)}})
          .c_str());
  return last <= most_drift_ms && starts.missed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string what = words.empty() ? "zap" : words[0];
  std::int64_t minutes = 2;
  if (words.size() == 3 && words[1] == "--minutes") minutes = std::atoll(words[2].c_str());
  if ((what != "zap" && what != "drift") || minutes < 1 || words.size() == 2 || words.size() > 3) {
    std::fprintf(stderr, "tv_bench zap | drift [--minutes N]\n");
    return 2;
  }
  Machine machine;
  return what == "drift" ? measure_drift(machine, minutes) : measure_zap(machine);
}
