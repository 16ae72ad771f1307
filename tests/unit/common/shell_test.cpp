// Files, child processes, configuration: the parts of common/base that touch the system.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/config.h"
#include "common/base/crash_point.h"
#include "common/base/files.h"
#include "common/base/log.h"
#include "common/base/process.h"
#include "common/wire/json.h"
#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "ok" : std::string(code_name(result.error().code));
}

std::size_t entries(const fs::path& dir) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(dir), fs::directory_iterator()));
}

TEST_CASE("files are written whole, with their mode, over what was there") {
  const test::TempDir dir;
  const auto path = dir / "key";
  REQUIRE(write_file_atomic(path, as_bytes("first"), 0644));
  REQUIRE(write_file_atomic(path, as_bytes("second"), 0600));
  CHECK(as_text(read_private_file(path, 6).value()) == "second");
  CHECK(entries(dir.path()) == 1);
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  REQUIRE(write_file_atomic(path, {}, 0600));
  CHECK(read_file(path, 0).value().empty());
}

TEST_CASE("reading has a bound and tells what is wrong") {
  const test::TempDir dir;
  const auto path = dir / "file";
  REQUIRE(write_file_atomic(path, as_bytes("12345"), 0600));
  CHECK(read_file(path, 5).value().size() == 5);
  CHECK(code_of(read_file(path, 4)) == "too_large");
  CHECK(code_of(read_file(dir / "missing", 5)) == "not_found");
  CHECK(code_of(read_file(dir.path(), 5)) == "io");
  REQUIRE(write_file_atomic(path, as_bytes("12345"), 0640));
  CHECK(code_of(read_private_file(path, 5)) == "not_private");
  CHECK(code_of(read_file(path, 5)) == "ok");
}

/// Runs `body` in a process of its own and gives its exit code.
template <class Body>
int in_child(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_CASE("a write that fails half way leaves the old file and nothing else") {
  const test::TempDir dir;
  const auto path = dir / "file";
  REQUIRE(write_file_atomic(path, as_bytes("old"), 0600));
  CHECK(in_child([&] {
          std::signal(SIGXFSZ, SIG_IGN);
          const rlimit limit{10, 10};
          setrlimit(RLIMIT_FSIZE, &limit);
          return write_file_atomic(path, Bytes(100, 1), 0600) ? 1 : 0;
        }) == 0);
  CHECK(as_text(read_file(path, 100).value()) == "old");
  CHECK(entries(dir.path()) == 1);
}

TEST_CASE("a full disk is said to be full") {
  const test::TempDir dir;
  constexpr int no_mount = 77;
  const int outcome = in_child([&] {
    const bool apart = unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
    if (!apart || mount("tmpfs", dir.path().c_str(), "tmpfs", 0, "size=64k") != 0) return no_mount;
    const auto written = write_file_atomic(dir / "file", Bytes(1024 * 1024, 1), 0600);
    return !written && written.error().code == Code::disk_full && entries(dir.path()) == 0 ? 0 : 1;
  });
  if (outcome == no_mount) {
    MESSAGE("not tried: this machine lets nobody mount a small disk");
    return;
  }
  CHECK(outcome == 0);
}

TEST_CASE("log lines are one JSON object each when nobody watches, whatever is in them") {
  const test::TempDir dir;
  const auto path = dir / "log";
  CHECK(in_child([&] {
          if (freopen(path.c_str(), "w", stderr) == nullptr) return 1;
          init_log("hearthd", "info");
          spdlog::debug("not shown");
          spdlog::warn("a \"quote\",\na line\x1b and \xff");
          return 0;
        }) == 0);
  const auto text = read_file(path, 4096);
  REQUIRE(text);
  const auto line = wire::parse_json(*text, 4096);
  REQUIRE(line);
  CHECK((*line)["program"] == "hearthd");
  CHECK((*line)["level"] == "warning");
  CHECK((*line)["message"] == "a \"quote\",\na line\x1b and \uFFFD");
  CHECK(std::count(text->begin(), text->end(), '\n') == 1);
}

TEST_CASE("an armed crash point kills at the named time") {
  setenv("HEARTH_CRASH_AT", "test.point:3", 1);
  const auto self = executable_dir() / "common_tests";
  const auto killed =
      run_process({self.string(), "-tc=crash points passed three times"}, {}, 10'000, 60'000);
  setenv("HEARTH_CRASH_AT", "test.point:4", 1);
  const auto passed =
      run_process({self.string(), "-tc=crash points passed three times"}, {}, 10'000, 60'000);
  unsetenv("HEARTH_CRASH_AT");
  REQUIRE(killed);
  REQUIRE(passed);
  CHECK(killed->exit_code == 128 + SIGKILL);
  CHECK(passed->exit_code == 0);
}

TEST_CASE("crash points passed three times") {
  crash_point("test.other");
  for (int i = 0; i < 3; ++i) crash_point("test.point");
}

TEST_CASE("a data directory is private and held by one program") {
  const test::TempDir dir;
  const auto data = dir / "a";
  REQUIRE(ensure_private_dir(data / "b"));
  REQUIRE(ensure_private_dir(data / "b"));
  REQUIRE(chmod((data / "b").c_str(), 0750) == 0);
  CHECK(code_of(ensure_private_dir(data / "b")) == "not_private");
  {
    const auto lock = DirLock::take(dir.path());
    REQUIRE(lock);
    const auto second = DirLock::take(dir.path(), std::chrono::milliseconds(30));
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Code::locked);
    CHECK(second.error().sentence.find(std::to_string(getpid())) != std::string::npos);
  }
  CHECK(DirLock::take(dir.path()));
}

TEST_CASE("a child gets its arguments as they are, its input and nothing else") {
  const auto echoed = run_process({"printf", "%s|", "a b", "$HOME", "*", ""}, {}, 100, 10'000);
  REQUIRE(echoed);
  CHECK(as_text(echoed->out) == "a b|$HOME|*||");
  CHECK(echoed->exit_code == 0);
  const Bytes input(300'000, 'x');
  CHECK(run_process({"cat"}, input, 300'000, 10'000)->out == input);
  CHECK(run_process({"cat"}, {}, 10, 10'000)->out.empty());
  // Descriptors of ours do not reach it: only 0, 1, 2 and the one `ls` opens.
  const int extra = open("/dev/null", O_RDONLY);
  const auto open_files = run_process({"ls", "/proc/self/fd"}, {}, 100, 10'000);
  close(extra);
  REQUIRE(open_files);
  CHECK(as_text(open_files->out) == "0\n1\n2\n3\n");
}

TEST_CASE("a child's end and its complaints are reported") {
  const auto failed = run_process({"sh", "-c", "echo no >&2; exit 3"}, {}, 10, 10'000);
  REQUIRE(failed);
  CHECK(failed->exit_code == 3);
  CHECK(failed->err == "no\n");
  CHECK(run_process({"sh", "-c", "kill -9 $$"}, {}, 10, 10'000)->exit_code == 128 + SIGKILL);
  CHECK(code_of(run_process({"hearth-no-such-program"}, {}, 10, 10'000)) == "not_found");
  CHECK(code_of(run_process({"/dev/null"}, {}, 10, 10'000)) == "not_found");
}

TEST_CASE("a child that takes too long or writes too much is stopped with its children") {
  CHECK(code_of(run_process({"sh", "-c", "sleep 600 & sleep 600"}, {}, 10, 100)) == "timeout");
  CHECK(code_of(run_process({"yes"}, {}, 10'000, 60'000)) == "too_large");
}

TEST_CASE("a program that is started runs on by itself") {
  const test::TempDir dir;
  SpawnOptions options;
  options.stdout_file = dir / "out";
  options.extra_env = {"HEARTH_TEST_WORD=hello"};
  const auto child = spawn_process({"sh", "-c", "echo $HEARTH_TEST_WORD"}, options);
  REQUIRE(child);
  int status = 1;
  REQUIRE(waitpid(*child, &status, 0) == *child);
  CHECK(status == 0);
  CHECK(as_text(read_file(dir / "out", 100).value()) == "hello\n");
  CHECK(code_of(spawn_process({"hearth-no-such-program"}, {})) == "not_found");
  CHECK(fs::exists(executable_dir() / "common_tests"));
}

struct Settings {
  std::string listen = "127.0.0.1:0";
  std::int64_t quota = 5;
  bool mirror = false;
  Config::Tables shops{};
  std::vector<std::string> hosts{};
};

Result<Settings> configure(const std::string& toml, const std::string& flags) {
  const test::TempDir dir;
  REQUIRE(write_file_atomic(dir / "config.toml", as_bytes(toml), 0600));
  CLI::App app;
  Config config(app);
  Settings out;
  config.add("swarm_listen", out.listen, "where the swarm listens");
  config.add("quota", out.quota, "how much");
  config.add("mirror", out.mirror, "whether to mirror");
  config.add("allow_host", out.hosts, "a name");
  config.add_tables("shops", out.shops);
  app.parse(flags, false);
  if (const auto loaded = config.load(dir / "config.toml"); !loaded) return pass_on(loaded.error());
  return out;
}

TEST_CASE("flags win over the file, and the file over the defaults") {
  const auto by_file = configure("swarm_listen = \"[::]:7\"\nmirror = true\n", "");
  REQUIRE(by_file);
  CHECK(by_file->listen == "[::]:7");
  CHECK(by_file->quota == 5);
  CHECK(by_file->mirror);
  const auto by_flag =
      configure("swarm_listen = \"[::]:7\"\nquota = 1\n", "--swarm-listen a:1 --quota 9");
  REQUIRE(by_flag);
  CHECK(by_flag->listen == "a:1");
  CHECK(by_flag->quota == 9);
}

TEST_CASE("tables of texts by name, and nothing else in their place") {
  const auto read = configure("[shops.a]\nkind = \"x\"\n[shops.b]\n", "");
  REQUIRE(read);
  CHECK(read->shops == Config::Tables{{"a", {{"kind", "x"}}}, {"b", {}}});
  for (const char* wrong :
       {"shops = 1\n", "[shops]\na = 1\n", "[shops.a]\nkind = 1\n", "[shop.a]\nkind = \"x\"\n"}) {
    CAPTURE(wrong);
    CHECK(code_of(configure(wrong, "")) == "usage");
  }
}

TEST_CASE("a flag that is said several times is a list in the file, or one text") {
  using Texts = std::vector<std::string>;
  CHECK(configure("", "--allow-host a --allow-host b")->hosts == Texts{"a", "b"});
  CHECK(configure("allow_host = [\"a\", \"b\"]\n", "")->hosts == Texts{"a", "b"});
  CHECK(configure("allow_host = \"a\"\n", "")->hosts == Texts{"a"});
  CHECK(configure("allow_host = \"a\"\n", "--allow-host b")->hosts == Texts{"b"});
  CHECK(code_of(configure("allow_host = 1\n", "")) == "usage");
  CHECK(code_of(configure("allow_host = [\"a\", 1]\n", "")) == "usage");
}

TEST_CASE("a configuration file with a fault is refused by name") {
  CHECK(code_of(configure("swarm_listne = \"x\"\n", "")) == "usage");
  CHECK(configure("swarm_listne = \"x\"\n", "").error().sentence.find("swarm_listne") !=
        std::string::npos);
  CHECK(code_of(configure("quota = \"many\"\n", "")) == "usage");
  CHECK(code_of(configure("quota = 1.5\n", "")) == "usage");
  CHECK(configure("a = 1\nb = = 2\n", "").error().sentence.find("line 2") != std::string::npos);
}

TEST_CASE("the data directory comes from the flag, the environment, or XDG") {
  CHECK(data_dir("/x", "HEARTH_TEST_DIR", "hearth") == "/x");
  setenv("HEARTH_TEST_DIR", "/from/environment", 1);
  CHECK(data_dir("", "HEARTH_TEST_DIR", "hearth") == "/from/environment");
  unsetenv("HEARTH_TEST_DIR");
  setenv("XDG_DATA_HOME", "/xdg", 1);
  CHECK(data_dir("", "HEARTH_TEST_DIR", "hearth") == "/xdg/hearth");
  unsetenv("XDG_DATA_HOME");
  setenv("HOME", "/home/somebody", 1);
  CHECK(data_dir("", "HEARTH_TEST_DIR", "hearth") == "/home/somebody/.local/share/hearth");
}

}  // namespace
}  // namespace hearth
