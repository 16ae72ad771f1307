// A home's media side in one process: loop, pool, store, swarm and titles in a directory of its
// own. Two of them share a loop and meet over 127.0.0.1.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include "common/crypto/hash.h"
#include "node/library/titles.h"
#include "tests/support/temp_dir.h"

namespace hearth::node {

using test::TempDir;

inline Bytes random_content(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(random());
  return out;
}

inline void write_whole(const std::filesystem::path& path, ByteView bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  REQUIRE(out.good());
}

inline Bytes read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

/// Runs `task` on `loop` to its end. A task that hangs fails after `timeout_ms`.
inline void run_task(net::Loop& loop, net::Task<void> task, std::int64_t timeout_ms = 60'000) {
  auto ended = std::make_shared<bool>(false);
  auto wrapped = [](net::Task<void> inner, net::Loop* on,
                    std::shared_ptr<bool> done) -> net::Task<void> {
    co_await std::move(inner);
    *done = true;
    on->stop();
  };
  net::spawn(loop, wrapped(std::move(task), &loop, ended), "test");
  auto late = std::make_shared<bool>(false);
  loop.after(timeout_ms, [&loop, ended, late] {
    if (*ended) return;
    *late = true;
    loop.stop();
  });
  loop.run();
  REQUIRE_MESSAGE(!*late, "the task did not end in time");
  REQUIRE(*ended);
}

struct Home {
  Home(net::Loop& on, std::filesystem::path where, SwarmOptions options = {},
       std::unique_ptr<store::Store> disk = store::open_memory())
      : loop(on), pool(on, 2), dir(std::move(where)), store(std::move(disk)) {
    epoch = store->claim().value();
    options.listen = {"127.0.0.1", 0};
    options.resume_dir = dir / "resume";
    open(options);
  }
  void open(const SwarmOptions& options) {
    std::filesystem::create_directories(dir);
    std::filesystem::permissions(dir, std::filesystem::perms::owner_all);
    auto started = Swarm::start(loop, options);
    REQUIRE_MESSAGE(started, (started ? "" : started.error().sentence));
    swarm = std::move(*started);
    auto opened = Titles::open(loop, pool, *store, epoch, *swarm, {dir});
    REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().sentence));
    titles = std::move(*opened);
  }
  /// As a restart does it: everything but the disk and the store goes.
  void restart(bool in_order, const std::function<void()>& meanwhile = nullptr) {
    if (in_order) run_task(loop, swarm->stop());
    titles.reset();
    swarm.reset();
    if (meanwhile) meanwhile();
    SwarmOptions options;
    options.listen = {"127.0.0.1", 0};
    options.resume_dir = dir / "resume";
    open(options);
  }
  net::Endpoint endpoint() const { return {"127.0.0.1", swarm->port()}; }

  net::Loop& loop;
  net::Pool pool;
  std::filesystem::path dir;
  std::unique_ptr<store::Store> store;
  std::uint64_t epoch = 0;
  std::unique_ptr<Swarm> swarm;
  std::unique_ptr<Titles> titles;
  crypto::SignKey key = crypto::SignKey::from_seed(crypto::Seed(crypto::random_array<32>()));
};

/// Writes `content` to a file, adds and publishes it.
inline net::Task<void> publish_content(Home& home, std::string name, Bytes content,
                                       Titles::Published& out, bool is_private = false) {
  const auto path = home.dir / name;
  write_whole(path, content);
  auto item = co_await home.titles->add_item(path);
  REQUIRE_MESSAGE(item, (item ? "" : item.error().sentence));
  auto published = co_await home.titles->publish(*item, is_private, "", home.key, nullptr);
  REQUIRE_MESSAGE(published, (published ? "" : published.error().sentence));
  out = std::move(*published);
}

inline void receive(Home& home, const Titles::Published& published) {
  auto begun = home.titles->receive(published.title.manifest_jws, "", published.torrent);
  REQUIRE_MESSAGE(begun, (begun ? "" : begun.error().sentence));
  REQUIRE(home.titles->set_key(published.title.manifest.title, *published.title.key));
}

inline net::Task<void> until_complete(Home& home, wire::TitleId id) {
  while (!home.titles->progress(id).complete) {
    co_await home.titles->changed().wait(30'000);
  }
}

inline net::Task<void> read_all(Home& home, wire::TitleId id, Bytes& out) {
  auto reader = home.titles->open_reader(id);
  REQUIRE_MESSAGE(reader, (reader ? "" : reader.error().sentence));
  while (true) {
    auto part = co_await (*reader)->read(out.size(), 1'000'000, 30'000);
    REQUIRE_MESSAGE(part, (part ? "" : part.error().sentence));
    if (part->empty()) break;
    append(out, *part);
  }
}

}  // namespace hearth::node
