// Reading a title over a real socket from a fake node: honest, failing, dying, lying.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "../player_support/fake_node.h"
#include "player/stream/remote_file.h"

using namespace hearth;
using namespace hearth::player;
using hearth::test::FakeNode;
using hearth::test::TempDir;

namespace {

Bytes pattern(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  return out;
}

struct Scene {
  TempDir dir;
  FakeNode node{dir.path / "player.sock"};
  Bytes title = pattern(3'000'000);
  Scene() { node.serve_bytes("title", title); }
  RemoteFile file(const std::string& stream, StreamPatience patience = {2'000, 5'000, 5'000}) {
    return RemoteFile(dir.path / "player.sock", stream, patience);
  }
};

Bytes slice(const Bytes& all, std::size_t from, std::size_t size) {
  return {all.begin() + static_cast<std::ptrdiff_t>(from),
          all.begin() + static_cast<std::ptrdiff_t>(from + size)};
}

}  // namespace

TEST_CASE("ranges arrive as they are, shorter only at the end") {
  Scene scene;
  auto file = scene.file("title");
  REQUIRE(file.open());
  CHECK(file.size() == scene.title.size());
  struct Row {
    std::size_t offset, length, got;
  };
  for (const Row& row : {Row{0, 1, 1}, Row{0, 65'536, 65'536}, Row{1'234'567, 1'000'000, 1'000'000},
                         Row{2'999'999, 10, 1}, Row{3'000'000, 10, 0}, Row{9'000'000, 10, 0},
                         Row{0, 50u << 20, 3'000'000}}) {
    CAPTURE(row.offset);
    const auto bytes = file.read(row.offset, row.length);
    REQUIRE(bytes);
    REQUIRE(bytes->size() == row.got);
    if (row.got > 0) CHECK(*bytes == slice(scene.title, row.offset, row.got));
  }
}

TEST_CASE("read-ahead gives the same bytes in far fewer requests, and seeks") {
  Scene scene;
  std::atomic<int> requests{0};
  scene.node.meddle = [&](const std::string&, const link::ReadRequest&) -> std::optional<Bytes> {
    ++requests;
    return std::nullopt;
  };
  auto file = scene.file("title");
  REQUIRE(file.open());
  ReadAhead ahead(file);
  Bytes all, part(10'000);
  while (true) {
    const auto n = ahead.read(part);
    REQUIRE(n);
    if (*n == 0) break;
    all.insert(all.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(*n));
  }
  CHECK(all == scene.title);
  CHECK(requests <= 5);
  ahead.seek(2'000'001);
  const auto n = ahead.read(part);
  REQUIRE(n);
  CHECK(part == slice(scene.title, 2'000'001, 10'000));
  ahead.seek(5'000'000);
  CHECK(ahead.read(part).value() == 0);
}

TEST_CASE("a title that the node refuses") {
  Scene scene;
  auto file = scene.file("another");
  const auto opened = file.open();
  REQUIRE(!opened);
  CHECK(opened.error().code == Code::not_found);
  CHECK(opened.error().sentence == "No such title.");
}

TEST_CASE("no node: the wait ends with a sentence") {
  TempDir dir;
  RemoteFile file(dir.path / "player.sock", "title", {300, 300, 300});
  const auto opened = file.open();
  REQUIRE(!opened);
  CHECK(opened.error().code == Code::unreachable);
}

TEST_CASE("a node that restarts: the read goes on") {
  Scene scene;
  auto file = scene.file("title");
  REQUIRE(file.open());
  REQUIRE(file.read(0, 10));
  scene.node.stop();
  std::thread again([&] { scene.node.start(); });
  const auto bytes = file.read(1'000, 500);
  again.join();
  REQUIRE(bytes);
  CHECK(*bytes == slice(scene.title, 1'000, 500));
  scene.node.cut_streams();
  CHECK(file.read(7, 7).value() == slice(scene.title, 7, 7));
}

TEST_CASE("a title that has another size after a restart is not continued") {
  Scene scene;
  auto file = scene.file("title");
  REQUIRE(file.open());
  scene.node.serve_bytes("title", pattern(10));
  scene.node.cut_streams();
  const auto bytes = file.read(0, 10);
  REQUIRE(!bytes);
  CHECK(bytes.error().code == Code::bad_answer);
}

TEST_CASE("answers that break the rules") {
  struct Row {
    const char* what;
    Bytes body;
    Code code;
  };
  Bytes failed = to_bytes(as_bytes("?It has not arrived."));
  failed[0] = link::read_failed;
  const Row rows[] = {
      {"the node's failure, with its sentence", failed, Code::io},
      {"no status", {}, Code::bad_answer},
      {"fewer bytes than there are", Bytes(1 + 99, 0), Code::bad_answer},
      {"more bytes than asked for", Bytes(1 + 101, 0), Code::bad_answer},
      {"far more bytes than asked for", Bytes(1 << 20, 0), Code::bad_answer},
      {"an unknown status", Bytes(101, 9), Code::io},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Scene scene;
    scene.node.meddle = [&](const std::string&, const link::ReadRequest&) {
      return std::optional<Bytes>(row.body);
    };
    auto file = scene.file("title");
    REQUIRE(file.open());
    const auto bytes = file.read(0, 100);
    REQUIRE(!bytes);
    CHECK(bytes.error().code == row.code);
  }
}

TEST_CASE("cancel ends a read that waits") {
  Scene scene;
  std::atomic<bool> asked{false}, over{false};
  scene.node.meddle = [&](const std::string&, const link::ReadRequest&) -> std::optional<Bytes> {
    asked = true;
    asked.notify_all();
    over.wait(false);
    return Bytes(1, link::read_failed);
  };
  auto file = scene.file("title", {60'000, 60'000, 60'000});
  REQUIRE(file.open());
  std::thread canceller([&] {
    asked.wait(false);
    file.cancel();
  });
  const auto bytes = file.read(0, 100);
  canceller.join();
  over = true;
  over.notify_all();
  REQUIRE(!bytes);
  CHECK(bytes.error().code == Code::interrupted);
  CHECK(file.read(0, 1).error().code == Code::interrupted);
}
