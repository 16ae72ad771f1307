#include "stage.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/files.h"
#include "common/base/process.h"

namespace hearth::test {
namespace {

using Clock = std::chrono::steady_clock;

void end_process(pid_t pid) {
  if (pid <= 0) return;
  kill(pid, SIGTERM);
  const auto deadline = Clock::now() + std::chrono::seconds(5);
  while (waitpid(pid, nullptr, WNOHANG) == 0) {
    if (Clock::now() > deadline) kill(pid, SIGKILL);
    poll(nullptr, 0, 20);
  }
}

/// What a server writes into a file of ours when it is ready: its first line.
std::string line_of(const std::filesystem::path& file) {
  const auto deadline = Clock::now() + std::chrono::seconds(20);
  while (Clock::now() < deadline) {
    const auto text = read_file(file, 1024);
    if (text && !text->empty() && text->back() == '\n') {
      return std::string(as_text(*text).substr(0, text->size() - 1));
    }
    poll(nullptr, 0, 20);
  }
  throw std::runtime_error("a server did not start: " + file.string());
}

}  // namespace

bool Stage::possible() {
  const auto found = run_process({"Xvfb", "-help"}, {}, 65536, 10'000);
  return found.has_value();
}

std::string Stage::size() {
  const char* wish = std::getenv("HEARTH_STAGE");
  return wish == nullptr ? "1280x720" : wish;
}

Stage& Stage::get() {
  static Stage stage;
  return stage;
}

Stage::Stage() {
  SpawnOptions x;
  x.stdout_file = dir_.path / "display";
  x.stderr_file = dir_.path / "xvfb.log";
  x.die_with_parent = true;
  const auto server = spawn_process(
      {"Xvfb", "-displayfd", "1", "-screen", "0", size() + "x24", "-nolisten", "tcp", "-noreset"},
      x);
  if (!server) throw std::runtime_error(server.error().sentence);
  x_server_ = *server;
  setenv("DISPLAY", (":" + line_of(x.stdout_file)).c_str(), 1);
  unsetenv("WAYLAND_DISPLAY");
  start_bus();
  node_ = std::make_unique<FakeNode>(dir_.path / "player.sock");
  SpawnOptions how;
  how.die_with_parent = true;
  const auto player =
      spawn_process({std::string(HEARTH_BIN_DIR) + "/hearth-player", "--socket",
                     (dir_.path / "player.sock").string(), "--ao", "null", "--geometry", size()},
                    how);
  if (!player) throw std::runtime_error(player.error().sentence);
  player_ = *player;
  if (!node_->wait_ready(20'000)) throw std::runtime_error("hearth-player did not get ready");
}

void Stage::start_bus() {
  if (!run_process({"dbus-daemon", "--version"}, {}, 65536, 10'000)) return;
  SpawnOptions how;
  how.stdout_file = dir_.path / "bus";
  how.die_with_parent = true;
  const auto bus = spawn_process({"dbus-daemon", "--session", "--nofork", "--print-address"}, how);
  if (!bus) throw std::runtime_error(bus.error().sentence);
  bus_ = *bus;
  bus_address_ = line_of(how.stdout_file);
  setenv("DBUS_SESSION_BUS_ADDRESS", bus_address_.c_str(), 1);
}

Stage::~Stage() {
  end_process(player_);
  node_.reset();
  end_process(bus_);
  end_process(x_server_);
}

void Stage::begin() {
  node_->meddle = nullptr;
  node_->send(link::Stop{});
  node_->forget_states();
}

void Stage::play(const std::string& stream, const std::string& name, wire::Kind kind,
                 const std::string& media_type, std::uint64_t size, const std::string& note,
                 const std::string& from, std::int64_t start_ms) {
  node_->send(link::Play{stream, name, kind, media_type, size, start_ms, note, from});
}

std::optional<Picture> Stage::picture(const std::string& name,
                                      const std::function<bool(const Picture&)>& pleases,
                                      int timeout_ms) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  const auto shelf = std::filesystem::path(HEARTH_BIN_DIR).parent_path() / "screens";
  std::filesystem::create_directories(shelf);
  while (true) {
    const auto png = node_->screenshot(10'000);
    if (!png) return std::nullopt;
    const auto seen = read_png(*png);
    const bool pleased = seen && pleases(*seen);
    if (pleased || Clock::now() > deadline) {
      if (!write_file_atomic(shelf / (name + ".png"), *png, 0644)) return std::nullopt;
      return pleased ? seen : std::nullopt;
    }
  }
}

std::int64_t Stage::player_resident_kib() const {
  std::ifstream status("/proc/" + std::to_string(player_) + "/status");
  std::string word;
  std::int64_t kib = 0;
  while (status >> word) {
    if (word == "VmRSS:" && status >> kib) return kib;
  }
  return 0;
}

bool Stage::make_media(const std::string& file, std::vector<std::string> arguments) {
  std::vector<std::string> argv = {"ffmpeg", "-v", "error", "-nostdin", "-y"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  argv.push_back((dir_.path / file).string());
  const auto made = run_process(argv, {}, 1 << 20, 60'000);
  return made && made->exit_code == 0;
}

}  // namespace hearth::test
