// Two homes in one process: one publishes, the other fetches over 127.0.0.1 and reads.
#include <sstream>

#include <sys/resource.h>

#include "node_media/home_fixture.h"

namespace hearth::node {
namespace {

constexpr std::size_t piece = 256 * 1024;

net::Task<void> publish_fetch_read(Home& a, Home& b, Bytes content) {
  Titles::Published published;
  co_await publish_content(a, "film.bin", content, published);
  CHECK(a.titles->progress(published.title.manifest.title).complete);
  receive(b, published);
  b.swarm->add_peers(published.title.manifest.info_hash, {a.endpoint()});
  co_await until_complete(b, published.title.manifest.title);
  Bytes at_a, at_b;
  co_await read_all(a, published.title.manifest.title, at_a);
  co_await read_all(b, published.title.manifest.title, at_b);
  CHECK(at_a == content);
  CHECK(at_b == content);
}

// The uploader is slowed so that much of the title is missing while ranges of it are read.
net::Task<void> read_ranges_while_fetching(Home& a, Home& b, Bytes content, std::uint64_t seed) {
  Titles::Published published;
  co_await publish_content(a, "film.bin", content, published);
  const wire::TitleId id = published.title.manifest.title;
  receive(b, published);
  b.swarm->add_peers(published.title.manifest.info_hash, {a.endpoint()});
  auto reader = b.titles->open_reader(id);
  REQUIRE(reader);
  CHECK((*reader)->size() == content.size());
  std::mt19937_64 random(seed);
  int while_incomplete = 0;
  for (int i = 0; i < 60; ++i) {
    const std::uint64_t offset = random() % (content.size() + 10);
    const std::size_t length = i % 3 == 0 ? random() % 1'000'000 : random() % 70'000;
    CAPTURE(offset);
    CAPTURE(length);
    if (!b.titles->progress(id).complete) ++while_incomplete;
    auto bytes = co_await (*reader)->read(offset, length, 30'000);
    REQUIRE_MESSAGE(bytes, (bytes ? "" : bytes.error().sentence));
    const std::uint64_t begin = std::min<std::uint64_t>(offset, content.size());
    const std::uint64_t end = std::min<std::uint64_t>(begin + length, content.size());
    const bool same = bytes->size() == end - begin &&
                      std::equal(bytes->begin(), bytes->end(),
                                 content.begin() + static_cast<std::ptrdiff_t>(begin));
    CHECK(same);
  }
  CHECK(while_incomplete > 0);
}

net::Task<void> wait_for_pieces(Home& home, wire::TitleId id, std::uint64_t bytes) {
  while (home.titles->progress(id).done_bytes < bytes) {
    co_await home.titles->changed().wait(30'000);
  }
}

SwarmOptions slow(std::int64_t bytes_per_second) {
  SwarmOptions options;
  options.upload_limit = bytes_per_second;
  return options;
}

}  // namespace

TEST_CASE("what one home publishes another fetches and reads, whatever its size") {
  TempDir dir;
  net::Loop loop;
  Home a(loop, dir.path() / "a"), b(loop, dir.path() / "b");
  // Around the borders of age chunks and of pieces (16 bytes nonce, 65552 a chunk).
  const std::size_t sizes[] = {0, 1, 65535, 65536, 65537, piece, 4 * 65536, 10 * piece + 3};
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    run_task(loop, publish_fetch_read(a, b, random_content(size, size + 1)));
  }
}

TEST_CASE("random ranges read while the title is incomplete are the plaintext") {
  for (const std::uint64_t seed : {1u, 2u}) {
    CAPTURE(seed);
    TempDir dir;
    net::Loop loop;
    Home a(loop, dir.path() / "a", slow(4'000'000)), b(loop, dir.path() / "b");
    run_task(loop, read_ranges_while_fetching(a, b, random_content(24 * piece + 77, seed), seed));
  }
}

TEST_CASE("a fetch goes on after a restart: in order, after a kill, and without resume data") {
  enum class Way { in_order, killed, no_resume_data };
  for (const Way way : {Way::in_order, Way::killed, Way::no_resume_data}) {
    CAPTURE(static_cast<int>(way));
    TempDir dir;
    net::Loop loop;
    Home a(loop, dir.path() / "a", slow(3'000'000)), b(loop, dir.path() / "b");
    const Bytes content = random_content(24 * piece, 5);
    Titles::Published published;
    run_task(loop, publish_content(a, "film.bin", content, published));
    const wire::TitleId id = published.title.manifest.title;
    receive(b, published);
    b.swarm->add_peers(published.title.manifest.info_hash, {a.endpoint()});
    run_task(loop, wait_for_pieces(b, id, 8 * piece));
    if (way == Way::no_resume_data) {
      const auto lose = [&b] { std::filesystem::remove_all(b.dir / "resume"); };
      b.restart(true, lose);
    } else {
      b.restart(way == Way::in_order);
    }
    REQUIRE(b.titles->titles().size() == 1);
    b.swarm->add_peers(published.title.manifest.info_hash, {a.endpoint()});
    run_task(loop, until_complete(b, id));
    // What had arrived is not fetched again, except what came after the last resume data.
    if (way != Way::killed) {
      CHECK(b.swarm->status(published.title.manifest.info_hash).downloaded <= 20 * piece);
    }
    Bytes out;
    run_task(loop, read_all(b, id, out));
    CHECK(out == content);
    b.restart(true);
    run_task(loop, until_complete(b, id));
    CHECK(b.swarm->status(published.title.manifest.info_hash).downloaded == 0);
  }
}

TEST_CASE("a seed that restarts seeds again without being told") {
  TempDir dir;
  net::Loop loop;
  Home a(loop, dir.path() / "a"), b(loop, dir.path() / "b");
  const Bytes content = random_content(6 * piece, 8);
  Titles::Published published;
  run_task(loop, publish_content(a, "film.bin", content, published));
  a.restart(false);
  receive(b, published);
  b.swarm->add_peers(published.title.manifest.info_hash, {a.endpoint()});
  run_task(loop, until_complete(b, published.title.manifest.title));
  Bytes out;
  run_task(loop, read_all(b, published.title.manifest.title, out));
  CHECK(out == content);
}

namespace {

net::Task<void> until_corrupt(Home& home, wire::TitleId id) {
  while (!home.titles->progress(id).problem) co_await home.titles->changed().wait(30'000);
}

void flip_byte(const std::filesystem::path& file, std::streamoff at) {
  std::fstream io(file, std::ios::binary | std::ios::in | std::ios::out);
  io.seekg(at);
  const char old = static_cast<char>(io.get());
  io.seekp(at);
  io.put(static_cast<char>(old ^ 0x40));
  REQUIRE(io.good());
}

}  // namespace

TEST_CASE("a seed whose file was altered is found out; a good one completes the fetch") {
  TempDir dir;
  net::Loop loop;
  Home bad(loop, dir.path() / "bad"), good(loop, dir.path() / "good"), c(loop, dir.path() / "c");
  const Bytes content = random_content(12 * piece, 21);
  Titles::Published published;
  run_task(loop, publish_content(bad, "film.bin", content, published));
  const wire::TitleId id = published.title.manifest.title;
  const wire::InfoHash info_hash = published.title.manifest.info_hash;
  receive(good, published);
  good.swarm->add_peers(info_hash, {bad.endpoint()});
  run_task(loop, until_complete(good, id));

  flip_byte(bad.dir / "titles" / to_hex(id), 5 * piece + 1234);
  receive(c, published);
  c.swarm->add_peers(info_hash, {bad.endpoint()});
  run_task(loop, until_corrupt(c, id));
  CHECK(c.titles->progress(id).problem->code == Code::piece_corrupt);
  CHECK(c.swarm->status(info_hash).corrupt_pieces > 0);
  CHECK_FALSE(c.titles->progress(id).complete);

  c.swarm->add_peers(info_hash, {good.endpoint()});
  run_task(loop, until_complete(c, id));
  CHECK_FALSE(c.titles->progress(id).problem);
  Bytes out;
  run_task(loop, read_all(c, id, out));
  CHECK(out == content);
}

namespace {

net::Task<void> read_once(std::shared_ptr<Reader> reader, std::uint64_t offset, std::int64_t ms,
                          std::optional<Error>& problem) {
  auto bytes = co_await reader->read(offset, 100, ms);
  if (!bytes) problem = bytes.error();
}

net::Task<void> read_and_cancel(net::Loop& loop, std::shared_ptr<Reader> reader,
                                std::optional<Error>& problem) {
  loop.after(50, [reader] { reader->cancel(); });
  co_await read_once(reader, 0, 60'000, problem);
}

}  // namespace

TEST_CASE("reading fails with a sentence that fits") {
  TempDir dir;
  net::Loop loop;
  Home a(loop, dir.path() / "a"), b(loop, dir.path() / "b");
  Titles::Published published;
  run_task(loop, publish_content(a, "film.bin", random_content(4 * piece, 3), published));
  const wire::TitleId id = published.title.manifest.title;

  SUBCASE("without a key") {
    REQUIRE(b.titles->receive(published.title.manifest_jws, "", published.torrent));
    auto reader = b.titles->open_reader(id);
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == Code::not_playable_yet);
  }
  SUBCASE("with the wrong key") {
    REQUIRE(a.titles->set_key(id, crypto::age::new_file_key()));
    std::optional<Error> problem;
    run_task(loop, read_once(a.titles->open_reader(id).value(), 0, 10'000, problem));
    REQUIRE(problem);
    CHECK(problem->code == Code::age_tampered);
  }
  SUBCASE("when the stored copy is damaged") {
    flip_byte(a.dir / "titles" / to_hex(id), 16 + 3 * 65552 + 5);
    std::optional<Error> problem;
    run_task(loop, read_once(a.titles->open_reader(id).value(), 0, 10'000, problem));
    CHECK_FALSE(problem);
    run_task(loop, read_once(a.titles->open_reader(id).value(), 3 * 65536, 10'000, problem));
    REQUIRE(problem);
    CHECK(problem->code == Code::age_tampered);
    CHECK(problem->sentence.find("etch the title again") != std::string::npos);
  }
  SUBCASE("when nobody has the piece") {
    receive(b, published);
    std::optional<Error> problem;
    run_task(loop, read_once(b.titles->open_reader(id).value(), 0, 200, problem));
    REQUIRE(problem);
    CHECK(problem->code == Code::timeout);
  }
  SUBCASE("when it is cancelled") {
    receive(b, published);
    std::optional<Error> problem;
    run_task(loop, read_and_cancel(loop, b.titles->open_reader(id).value(), problem));
    REQUIRE(problem);
    CHECK(problem->code == Code::interrupted);
  }
  SUBCASE("when its data was forgotten, until it is fetched again") {
    receive(b, published);
    b.swarm->add_peers(published.title.manifest.info_hash, {a.endpoint()});
    run_task(loop, until_complete(b, id));
    REQUIRE(b.titles->forget_data(id));
    CHECK_FALSE(std::filesystem::exists(b.dir / "titles" / to_hex(id)));
    CHECK_FALSE(b.titles->open_reader(id));
    b.restart(true);
    CHECK(b.swarm->status(published.title.manifest.info_hash).total_bytes == 0);
    receive(b, published);
    b.swarm->add_peers(published.title.manifest.info_hash, {a.endpoint()});
    run_task(loop, until_complete(b, id));
    CHECK(b.titles->title(id)->key.has_value());
  }
}

}  // namespace hearth::node
