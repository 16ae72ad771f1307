// A node's screen on a loop of its own, without a player process: what the tests of this folder
// stand in.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "../player_support/fake_node.h"
#include "node/screen/screen.h"
#include "scripted_player.h"
#include "titles_in_memory.h"

namespace hearth::test {

using namespace hearth::node;

inline constexpr std::uint8_t film = 1, locked = 2, slow = 3;

inline net::Task<bool> stop_screen(Screen* screen) {
  co_await screen->stop();
  co_return true;
}

inline net::Task<Result<void>> give_command(Screen* screen, std::string name, std::int64_t value) {
  co_return screen->command(name, value);
}

/// A loop on a thread of its own, and a screen without a player process.
struct House {
  TempDir dir;
  net::Loop loop;
  TitlesInMemory titles{loop};
  std::unique_ptr<Screen> screen;
  std::thread thread;

  /// Runs a task on the loop and waits for what it gives.
  template <class F>
  typename std::invoke_result_t<F, Screen*>::value_type call(F make) {
    using T = typename std::invoke_result_t<F, Screen*>::value_type;
    auto promise = std::make_shared<std::promise<T>>();
    auto future = promise->get_future();
    net::spawn(loop, deliver<T>(make(screen.get()), promise), "test");
    return future.get();
  }
  template <class T>
  static net::Task<void> deliver(net::Task<T> task, std::shared_ptr<std::promise<T>> promise) {
    promise->set_value(co_await std::move(task));
  }

  explicit House(ScreenOptions options = {}) {
    titles.add(film, "The film", Bytes(100'000, 7));
    titles.add(locked, "No key yet", {}, false);
    titles.add(slow, "Never arrives", Bytes(1'000, 7));
    titles.never_arrives = TitlesInMemory::id(slow);
    options.dir = dir.path;
    if (options.player_program.empty()) options.start_player = false;
    auto started = Screen::start(loop, titles, options);
    REQUIRE(started);
    screen = std::move(*started);
    thread = std::thread([this] { loop.run(); });
  }
  ~House() {
    call(stop_screen);
    std::promise<void> gone;
    loop.post([&] {
      screen.reset();
      gone.set_value();
    });
    gone.get_future().wait();
    loop.stop();
    thread.join();
  }
  std::filesystem::path socket() const { return dir.path / "player.sock"; }

  Result<void> play(std::uint8_t number) {
    const auto id = TitlesInMemory::id(number);
    return call([id](Screen* s) { return s->play(id, 0, "A note", "Anna"); });
  }
  ScreenState wait_until(std::function<bool(const ScreenState&)> wanted) {
    return call([wanted](Screen* s) { return watch(s, wanted); });
  }
  static net::Task<ScreenState> watch(Screen* s, std::function<bool(const ScreenState&)> wanted) {
    for (int turns = 0; turns < 100 && !wanted(s->state()); ++turns) {
      co_await s->changed().wait(100);
    }
    co_return s->state();
  }
};

inline std::string hex(std::uint8_t number) {
  return to_hex(TitlesInMemory::id(number));
}

inline link::State state_of(link::PlayState state, const std::string& stream,
                            std::int64_t position) {
  return {state, stream, position, 60'000, 0, 0, "", ""};
}

}  // namespace hearth::test
