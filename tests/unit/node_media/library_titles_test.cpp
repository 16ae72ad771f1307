#include <csignal>
#include <cstdlib>

#include <sys/wait.h>

#include "common/base/process.h"
#include "node/library/records.h"
#include "node_media/home_fixture.h"

namespace hearth::node {
namespace {

net::Task<void> add(Home& home, std::filesystem::path path, std::optional<Result<Item>>& out) {
  out = co_await home.titles->add_item(std::move(path));
}

net::Task<void> publish(Home& home, Item item, bool is_private, Progress progress,
                        std::optional<Result<Titles::Published>>& out) {
  out =
      co_await home.titles->publish(std::move(item), is_private, "", home.key, std::move(progress));
}

Result<Item> added(Home& home, const std::filesystem::path& path) {
  std::optional<Result<Item>> out;
  run_task(home.loop, add(home, path, out));
  return *out;
}

Result<Titles::Published> published(Home& home, const Item& item, bool is_private = false,
                                    Progress progress = nullptr) {
  std::optional<Result<Titles::Published>> out;
  run_task(home.loop, publish(home, item, is_private, std::move(progress), out));
  return *out;
}

std::size_t files_in(const std::filesystem::path& dir) {
  std::size_t n = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir)) n += entry.exists() ? 1 : 0;
  return n;
}

}  // namespace

TEST_CASE("items: only files, only decent names, found by id, prefix and name") {
  TempDir dir;
  net::Loop loop;
  Home home(loop, dir.path() / "a");
  write_whole(dir.path() / "notes.md", as_bytes("# Notes\n"));
  auto item = added(home, dir.path() / "notes.md");
  REQUIRE(item);
  CHECK(item->id.size() == 8);
  CHECK(item->name == "notes.md");
  CHECK(item->size == 8);
  CHECK(item->probe.media_type == "text/markdown");
  CHECK(home.titles->item(item->id)->name == "notes.md");
  CHECK(home.titles->item(item->id.substr(0, 4))->name == "notes.md");
  CHECK(home.titles->item("notes.md")->id == item->id);
  CHECK(home.titles->item("nothing").error().code == Code::not_found);

  CHECK(added(home, dir.path() / "missing").error().code == Code::not_found);
  CHECK(added(home, dir.path()).error().code == Code::io);
  write_whole(dir.path() / "two\nlines", as_bytes("x"));
  CHECK(added(home, dir.path() / "two\nlines").error().code == Code::name_refused);
  CHECK(added(home, "/dev/null").error().code == Code::io);

  SUBCASE("the same file again is the same item") {
    write_whole(dir.path() / "notes.md", as_bytes("# More notes\n"));
    auto again = added(home, dir.path() / "notes.md");
    REQUIRE(again);
    CHECK(again->id == item->id);
    CHECK(again->size == 13);
    CHECK(home.titles->items().size() == 1);
  }
  SUBCASE("they are there after a restart") {
    home.restart(true);
    REQUIRE(home.titles->items().size() == 1);
    CHECK(home.titles->items()[0].probe.media_type == "text/markdown");
  }
}

TEST_CASE("publishing: manifest, torrent and file agree; once is enough") {
  TempDir dir;
  net::Loop loop;
  Home home(loop, dir.path() / "a");
  write_whole(dir.path() / "data.bin", random_content(700'000, 4));
  auto item = added(home, dir.path() / "data.bin");
  REQUIRE(item);
  auto first = published(home, *item);
  REQUIRE(first);
  auto manifest = wire::read_manifest(first->title.manifest_jws);
  REQUIRE(manifest);
  auto info = read_torrent(first->torrent);
  REQUIRE(info);
  CHECK(manifest->title == info->title);
  CHECK(manifest->info_hash == info->info_hash);
  CHECK(manifest->size == 700'000);
  CHECK(manifest->home.key == home.key.public_key());
  CHECK(crypto::age::payload_size(manifest->size) == info->size);
  const auto data = home.dir / "titles" / to_hex(info->title);
  CHECK(std::filesystem::file_size(data) == info->size);
  CHECK((std::filesystem::status(data).permissions() & std::filesystem::perms::others_all) ==
        std::filesystem::perms::none);

  auto again = published(home, *item);
  REQUIRE(again);
  CHECK(again->title.manifest_jws == first->title.manifest_jws);
  CHECK(home.titles->titles().size() == 1);
  auto hidden = published(home, *item, true);
  REQUIRE(hidden);
  CHECK(hidden->title.manifest.title != first->title.manifest.title);
  CHECK(read_torrent(hidden->torrent)->is_private);
  CHECK(home.titles->torrent_of(info->title).value() == first->torrent);
  CHECK(home.titles->find(to_hex(info->title).substr(0, 10))->manifest.name == "data.bin");
}

TEST_CASE("publishing that cannot be done leaves nothing behind") {
  TempDir dir;
  net::Loop loop;
  Home home(loop, dir.path() / "a");
  const auto path = dir.path() / "data.bin";
  write_whole(path, random_content(9'000'000, 4));
  auto item = added(home, path);
  REQUIRE(item);
  SUBCASE("the file changed since it was added") {
    write_whole(path, random_content(100, 5));
    auto out = published(home, *item);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == Code::io);
  }
  SUBCASE("it was stopped") {
    Item large = *item;
    write_whole(path, Bytes(300'000'000, 1));
    large = added(home, path).value();
    auto out = published(home, large, false, [](std::uint64_t, std::uint64_t) { return false; });
    REQUIRE_FALSE(out);
    CHECK(out.error().code == Code::interrupted);
  }
  SUBCASE("the file is gone") {
    std::filesystem::remove(path);
    auto out = published(home, *item);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == Code::io);
  }
  CHECK(files_in(home.dir / "titles") == 0);
  CHECK(home.titles->titles().empty());
}

TEST_CASE("(child) publishes one file" * doctest::skip()) {
  const char* dir = std::getenv("HEARTH_TEST_DIR");
  REQUIRE(dir != nullptr);
  const std::filesystem::path where(dir);
  auto disk = store::open_rocksdb(where / "a" / "store");
  REQUIRE(disk);
  net::Loop loop;
  Home home(loop, where / "a", {}, std::move(*disk));
  auto item = added(home, where / "data.bin");
  REQUIRE(item);
  CHECK(published(home, *item));
}

TEST_CASE("killed in the middle of a publish: nothing of it is left, or all of it") {
  struct Row {
    const char* at;
    std::size_t titles;
  };
  const Row rows[] = {{"library.publish.before_commit", 0}, {"library.publish.after_commit", 1}};
  for (const Row& row : rows) {
    CAPTURE(row.at);
    TempDir dir;
    const auto home_dir = dir.path() / "a";
    std::filesystem::create_directories(home_dir);
    write_whole(dir.path() / "data.bin", random_content(500'000, 9));
    const auto child = spawn_process(
        {"/proc/self/exe", "--no-skip", "--test-case=(child) publishes one file"},
        {"/dev/null",
         "/dev/null",
         {"HEARTH_CRASH_AT=" + std::string(row.at), "HEARTH_TEST_DIR=" + dir.path().string()}});
    REQUIRE(child);
    int status = 0;
    REQUIRE(waitpid(*child, &status, 0) == *child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    CHECK(files_in(home_dir / "titles") == 1);

    net::Loop loop;
    auto disk = store::open_rocksdb(home_dir / "store");
    REQUIRE(disk);
    Home home(loop, home_dir, {}, std::move(*disk));
    CHECK(home.titles->titles().size() == row.titles);
    CHECK(files_in(home_dir / "titles") == row.titles);
    if (row.titles == 0) continue;
    Bytes out;
    run_task(loop, until_complete(home, home.titles->titles()[0].manifest.title));
    run_task(loop, read_all(home, home.titles->titles()[0].manifest.title, out));
    CHECK(out == random_content(500'000, 9));
  }
}

TEST_CASE("receiving checks the torrent against what the seller signed") {
  TempDir dir;
  net::Loop loop;
  Home a(loop, dir.path() / "a"), b(loop, dir.path() / "b");
  Titles::Published one, other;
  run_task(loop, publish_content(a, "one.bin", random_content(300'000, 1), one));
  run_task(loop, publish_content(a, "other.bin", random_content(300'000, 2), other));
  auto swapped = b.titles->receive(one.title.manifest_jws, "", other.torrent);
  REQUIRE_FALSE(swapped);
  CHECK(swapped.error().code == Code::bad_torrent);
  wire::Manifest lie = one.title.manifest;
  lie.size += 65536;
  auto lied = b.titles->receive(wire::write_manifest(lie, a.key), "", one.torrent);
  REQUIRE_FALSE(lied);
  CHECK(lied.error().code == Code::bad_torrent);
  CHECK_FALSE(b.titles->receive(one.title.manifest_jws + "x", "", one.torrent));
  CHECK(b.titles->titles().empty());
}

TEST_CASE("records are read back as they were written, and damaged ones refused") {
  TempDir dir;
  net::Loop loop;
  Home home(loop, dir.path() / "a");
  Titles::Published made;
  run_task(loop, publish_content(home, "one.bin", random_content(1000, 1), made));
  TitleRecord record;
  record.title = made.title;
  record.is_private = true;
  record.source_path = "/somewhere/one.bin";
  record.source_size = 1000;
  record.source_modified_ms = 12;
  const Bytes bytes = write_title(record);
  auto back = read_title(bytes);
  REQUIRE(back);
  CHECK(back->title.manifest.title == made.title.manifest.title);
  CHECK(crypto::equal(back->title.key->view(), made.title.key->view()));
  CHECK(back->is_private);
  CHECK_FALSE(back->forgotten);
  CHECK(back->source_path == record.source_path);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) {
    CHECK(read_title(ByteView(bytes).first(cut)).error().code == Code::corrupt);
  }
}

}  // namespace hearth::node
