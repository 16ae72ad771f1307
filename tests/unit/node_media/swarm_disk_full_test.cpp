// A disk that fills up while a title is fetched: a small tmpfs, which only root may mount.
#include <sys/mount.h>
#include <unistd.h>

#include "node_media/home_fixture.h"

namespace hearth::node {
namespace {

class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& where) : where_(where) {
    std::filesystem::create_directories(where_);
    mounted_ = mount("tmpfs", where_.c_str(), "tmpfs", 0, "size=3m,mode=0700") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(where_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  bool enlarge() { return mount("tmpfs", where_.c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0; }

 private:
  std::filesystem::path where_;
  bool mounted_ = false;
};

net::Task<void> until(std::function<bool()> condition) {
  while (!condition()) co_await net::sleep_ms(10);
}

}  // namespace

TEST_CASE("a full disk stops a fetch with disk_full; with room it goes on") {
  TempDir dir;
  SmallDisk disk(dir.path() / "small");
  if (!disk.mounted()) {
    MESSAGE("passed over: mounting a tmpfs needs root");
    return;
  }
  net::Loop loop;
  Home a(loop, dir.path() / "a");
  Titles::Published published;
  const Bytes content = random_content(8'000'000, 6);
  run_task(loop, publish_content(a, "film.bin", content, published));
  const wire::InfoHash id = published.title.manifest.info_hash;

  SwarmOptions options;
  options.listen = {"127.0.0.1", 0};
  options.resume_dir = dir.path() / "resume";
  auto b = Swarm::start(loop, options).value();
  const auto data = dir.path() / "small" / "data";
  REQUIRE(b->add(published.torrent, data, false));
  b->add_peers(id, {a.endpoint()});
  run_task(loop, until([&] { return b->status(id).problem.has_value(); }));
  CHECK(b->status(id).problem->code == Code::disk_full);
  CHECK_FALSE(b->status(id).complete);

  REQUIRE(disk.enlarge());
  b->retry(id);
  CHECK_FALSE(b->status(id).problem);
  b->add_peers(id, {a.endpoint()});
  run_task(loop, until([&] { return b->status(id).complete; }));
  CHECK(read_whole(data) == read_whole(a.dir / "titles" / to_hex(published.title.manifest.title)));
  run_task(loop, b->stop());
}

TEST_CASE("no room for a title: refused before anything is begun") {
  TempDir dir;
  SmallDisk disk(dir.path() / "small");
  if (!disk.mounted()) {
    MESSAGE("passed over: mounting a tmpfs needs root");
    return;
  }
  net::Loop loop;
  Home a(loop, dir.path() / "a"), b(loop, dir.path() / "small" / "b");
  Titles::Published published;
  run_task(loop, publish_content(a, "film.bin", random_content(8'000'000, 6), published));
  auto received = b.titles->receive(published.title.manifest_jws, "", published.torrent);
  REQUIRE_FALSE(received);
  CHECK(received.error().code == Code::disk_full);
  CHECK(b.titles->titles().empty());
}

}  // namespace hearth::node
