// What goes wrong on the way between real daemons, costs nobody anything, and is made good: a
// source whose copy rots, disks that fill up, a TV that dies.
#include <csignal>
#include <fstream>

#include <doctest/doctest.h>
#include <sys/mount.h>

#include "tests/integration/display.h"
#include "tests/integration/steps.h"
#include "tests/support/daemons.h"

using namespace hearth::test;

namespace {

/// The largest file below `dir`: the ciphertext, when there is one title.
fs::path largest_file(const fs::path& dir) {
  fs::path found;
  std::uintmax_t most = 0;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    if (!entry.is_regular_file() || entry.file_size() <= most) continue;
    most = entry.file_size();
    found = entry.path();
  }
  return found;
}

void rot(const fs::path& file, std::uint64_t at) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  REQUIRE(out.good());
  out.seekp(static_cast<std::streamoff>(at));
  const std::string wrong(4096, '!');
  out.write(wrong.data(), static_cast<std::streamsize>(wrong.size()));
  REQUIRE(out.flush().good());
}

/// A directory on a small disk of its own. Mounting takes root; without it, `mounted` is false.
struct SmallDisk {
  explicit SmallDisk(fs::path dir) : path(std::move(dir)) {
    fs::create_directories(path);
    mounted = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=24m,mode=0700") == 0;
  }
  ~SmallDisk() {
    if (mounted) ::umount2(path.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  void enlarge() const {
    REQUIRE(::mount("tmpfs", path.c_str(), "tmpfs", MS_REMOUNT, "size=200m") == 0);
  }
  fs::path path;
  bool mounted = false;
};

std::string problem_of(const Home& home, const std::string& name) {
  const Json one = transfer(home, name);
  return one.is_null() || !one.contains("problem") ? "" : one.at("problem").at("code");
}

/// -1: none. Any thread of the parent may have started it.
pid_t child_called(pid_t parent, const std::string& name) {
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(parent) + "/task")) {
    std::ifstream children(task.path() / "children");
    for (pid_t child = 0; children >> child;) {
      std::string comm;
      std::ifstream("/proc/" + std::to_string(child) + "/comm") >> comm;
      if (comm == name) return child;
    }
  }
  return -1;
}

}  // namespace

TEST_CASE("a rotten copy is noticed, costs nothing, and a good source makes it whole") {
  Town town;
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  Home& seed = town.add_seed("seed");
  const std::string offer =
      town.publish(a, town.make_file("film.bin", 3'000'000, 6), "1.00 EUR").at("offer");
  eventually("the seed mirrors it", 60, [&] { return mirrored(seed) == 1; });
  town.deposit(b, "5.00 EUR", "x1");
  CHECK(a.daemon().stop() == 0);
  // The seed believes its copy; every piece of it after the first is wrong on its disk.
  const fs::path copy = largest_file(seed.dir());
  for (std::uint64_t at = 300'000; at < fs::file_size(copy); at += 200'000) rot(copy, at);

  b.ok({"buy", offer});
  CHECK(balance(b) == 400);
  eventually("B says that a piece was corrupt", 60,
             [&] { return problem_of(b, "film.bin") == "piece_corrupt"; });
  CHECK_FALSE(complete_with_key(b, "film.bin"));
  a.start();
  eventually("B has it whole, from A", 120, [&] { return complete_with_key(b, "film.bin"); });
  CHECK(balance(b) == 400);
  CHECK(sold(a, 100, 1));
  town.audit_clean();
}

TEST_CASE("a disk that fills up while a title is published, and while one is fetched") {
  Town town;
  SmallDisk disk_of_a(town.dir() / "A"), disk_of_b(town.dir() / "B");
  if (!disk_of_a.mounted || !disk_of_b.mounted) {
    MESSAGE("passed over: mounting a tmpfs needs root");
    return;
  }
  Home& a = town.add_home("A");
  Home& b = town.add_home("B");
  const fs::path film = town.make_file("film.bin", 60'000'000, 7);
  a.ok({"library", "add", film.string()});
  const std::string said = a.refused({"publish", "film.bin", "--price", "1.00 EUR"}, "disk_full");
  CHECK_MESSAGE(said.find("make room and try again") != std::string::npos, said);
  CHECK(b.ok({"catalogue"}).at("offers").empty());
  CHECK(a.ok({"library", "list"}).at("titles").empty());
  disk_of_a.enlarge();
  const std::string offer = a.ok({"publish", "film.bin", "--price", "1.00 EUR"}).at("offer");

  town.deposit(b, "5.00 EUR", "x1");
  b.hearth({"buy", offer});  // the node may refuse at once: it knows the size
  eventually("B says that its disk is full, or refused to begin", 60, [&] {
    return problem_of(b, "film.bin") == "disk_full" || transfer(b, "film.bin").is_null();
  });
  CHECK_FALSE(complete_with_key(b, "film.bin"));
  disk_of_b.enlarge();
  eventually("with room, the same command brings it", 120, [&] {
    b.hearth({"buy", offer});
    return complete_with_key(b, "film.bin");
  });
  CHECK(balance(b) == 400);  // paid once
  CHECK(sold(a, 100, 1));
  town.audit_clean();
}

TEST_CASE("the TV is killed while a film runs: it comes back and goes on") {
  Town town;
  const Display display(town);
  Home& a = town.add_home("A", {"--player", "auto"});
  town.publish(a, make_film(town, "film.mp4", 120), "1.00 EUR");
  const auto tv = [&a] { return a.ok({"status"}).at("tv"); };
  eventually("the TV is there", 30, [&] { return tv().at("connected") == true; });
  a.ok({"play", "film.mp4"});
  eventually("it runs", 60, [&] { return tv().at("position_ms") > 2'000; });

  for (int round = 0; round < 2; ++round) {
    const std::int64_t before = tv().at("position_ms");
    const pid_t player = child_called(a.daemon().pid(), "hearth-player");
    REQUIRE(player > 0);
    REQUIRE(::kill(player, SIGKILL) == 0);
    eventually("the node sees that it died", 30,
               [&] { return child_called(a.daemon().pid(), "hearth-player") != player; });
    eventually("another one goes on where it was", 60, [&] {
      const Json now = tv();
      return now.at("connected") == true && now.at("state") == "playing" &&
             now.at("position_ms") > before;
    });
    // Where it was, not somewhere behind: what plays in the time that a restart takes at most.
    CHECK(tv().at("position_ms") < before + 60'000);
  }
  const fs::path picture = town.dir() / "tv.png";
  a.ok({"screenshot", picture.string()});
  CHECK(fs::file_size(picture) > 1'000);
}
