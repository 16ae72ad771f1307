#include "common/net/task.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <thread>

#include <doctest/doctest.h>

#include "tests/unit/net/net_fixture.h"

namespace hearth::net {
namespace {

Task<std::string> work_on_pool(Pool& pool) {
  const std::thread::id loop_thread = std::this_thread::get_id();
  auto elsewhere = [loop_thread] { return std::this_thread::get_id() != loop_thread; };
  const bool was_elsewhere = co_await on_pool(pool, elsewhere);
  const bool is_back = pool.loop().on_loop_thread();
  auto nothing = [] {};
  co_await on_pool(pool, nothing);
  auto only_movable = [] { return std::make_unique<int>(7); };
  const std::unique_ptr<int> seven = co_await on_pool(pool, only_movable);
  co_return std::string(was_elsewhere ? "elsewhere " : "here ") + (is_back ? "back " : "lost ") +
      std::to_string(*seven);
}

Task<int> add_up(Pool& pool, int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    auto work = [i] { return i; };
    sum += co_await on_pool(pool, work);
  }
  co_return sum;
}

Task<void> wait_for(Signal& signal, std::int64_t timeout_ms, std::vector<bool>& results) {
  results.push_back(co_await signal.wait(timeout_ms));
}

Task<std::vector<bool>> three_waiters(Loop& loop) {
  Signal signal(loop);
  std::vector<bool> results;
  spawn(loop, wait_for(signal, test_deadline_ms, results), "waiter");
  spawn(loop, wait_for(signal, test_deadline_ms, results), "waiter");
  co_await sleep_ms(0);
  while (results.size() < 2) {
    signal.notify_all();
    co_await sleep_ms(1);
  }
  results.push_back(co_await signal.wait(1));
  co_return results;
}

Task<bool> wait_while_the_signal_goes(Loop& loop) {
  auto signal = std::make_unique<Signal>(loop);
  std::vector<bool> results;
  spawn(loop, wait_for(*signal, test_deadline_ms, results), "waiter");
  co_await sleep_ms(1);
  signal.reset();
  while (results.empty()) co_await sleep_ms(1);
  co_return results[0];
}

}  // namespace

TEST_CASE("task: blocking work runs on the pool and comes back to the loop") {
  Loop loop;
  Pool pool(loop, 2);
  CHECK(run(loop, work_on_pool(pool)) == "elsewhere back 7");
  CHECK(run(loop, add_up(pool, 1000)) == 499500);
}

TEST_CASE("task: brief work is all done, and what follows some of it comes back in its order") {
  Loop loop;
  Pool pool(loop, 1);
  std::string worked, followed;
  for (char c = 'a'; c <= 'z'; ++c) {
    if (c % 5 == 0) pool.submit([&, c] { worked += c; });
    pool.submit_brief([&, c]() -> Pool::Next {
      worked += c;
      if (c % 2 == 1) return {};
      return [&, c] {
        followed += c;
        if (c == 'z') loop.stop();
      };
    });
  }
  loop.run();
  CHECK(worked == "abcddefghiijklmnnopqrsstuvwxxyz");
  CHECK(followed == "bdfhjlnprtvxz");
}

TEST_CASE("task: a pool that waits for work has let go of what it did") {
  struct Tells {
    std::promise<void>& gone;
    ~Tells() { gone.set_value(); }
  };
  Loop loop;
  std::promise<void> work_gone, brief_gone;
  Pool pool(loop, 1);
  pool.submit([held = std::make_shared<Tells>(work_gone)] { (void)held; });
  CHECK(work_gone.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  pool.submit_brief([held = std::make_shared<Tells>(brief_gone)] {
    (void)held;
    return Pool::Next();
  });
  CHECK(brief_gone.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
}

TEST_CASE("task: a pool that goes drops what has not begun, and what would have followed") {
  Loop loop;
  const auto kept = std::make_shared<int>(0);
  auto pool = std::make_unique<Pool>(loop, 1);
  std::promise<void> begun, end;
  pool->submit([&] {
    begun.set_value();
    end.get_future().wait();
  });
  begun.get_future().wait();
  for (int i = 0; i < 20; ++i) {
    pool->submit_brief([kept] {
      ++*kept;
      return Pool::Next([kept] { *kept = -1; });
    });
  }
  // The one thread is kept busy until the pool takes nothing more.
  std::thread ends([&end, door = pool->door()] {
    const auto here = std::this_thread::get_id();
    for (bool gone = false; !gone;) {
      door.submit_brief([&gone, here] {
        gone = std::this_thread::get_id() == here;
        return Pool::Next();
      });
    }
    end.set_value();
  });
  pool.reset();
  ends.join();
  CHECK(*kept == 0);
  CHECK(kept.use_count() == 1);
}

TEST_CASE("task: a signal wakes who waits; who waits in vain learns it") {
  Loop loop;
  CHECK(run(loop, three_waiters(loop)) == std::vector<bool>{true, true, false});
  CHECK(run(loop, wait_while_the_signal_goes(loop)));
}

TEST_CASE("task: posts and timers from another thread run on the loop thread, in order") {
  Loop loop;
  std::string order;
  std::atomic<bool> on_loop = true;
  std::thread other([&] {
    loop.after(20, [&] {
      order += "c";
      on_loop = on_loop && loop.on_loop_thread();
      loop.stop();
    });
    loop.post([&] {
      order += "a";
      on_loop = on_loop && loop.on_loop_thread();
    });
    loop.post([&] { order += "b"; });
  });
  loop.run();
  other.join();
  CHECK(order == "abc");
  CHECK(on_loop);
}

TEST_CASE("task: what is posted while the loop works or stops runs later, in order") {
  Loop loop;
  std::string order;
  loop.post([&] {
    order += "a";
    loop.post([&] { order += "d"; });
    loop.stop();
  });
  loop.post([&] { order += "b"; });
  loop.post([&] { order += "c"; });
  loop.run();
  CHECK(order == "a");
  loop.post([&] { loop.stop(); });
  loop.run();
  CHECK(order == "abcd");
}

TEST_CASE("task: what is left when a loop goes is destroyed, and may post meanwhile") {
  int destroyed = 0;
  struct PostsAtItsEnd {
    Loop& loop;
    int& destroyed;
    ~PostsAtItsEnd() {
      ++destroyed;
      loop.post([&destroyed = destroyed] { destroyed = -1; });
    }
  };
  {
    Loop loop;
    const auto left = std::make_shared<PostsAtItsEnd>(loop, destroyed);
    loop.post([left] { left->destroyed = -1; });
  }
  CHECK(destroyed == 1);
}

TEST_CASE("task: a pool's door does the work itself once the pool is gone") {
  Loop loop;
  auto pool = std::make_unique<Pool>(loop, 1);
  const auto door = pool->door();
  std::thread::id worked_on;
  const auto work = [&] {
    worked_on = std::this_thread::get_id();
    return Pool::Next([&] { loop.stop(); });
  };
  door.submit_brief(work);
  loop.run();
  CHECK(worked_on != std::this_thread::get_id());
  pool.reset();
  door.submit_brief(work);
  CHECK(worked_on == std::this_thread::get_id());
  loop.run();
}

TEST_CASE("task: the first SIGTERM is a call") {
  Loop loop;
  int calls = 0;
  loop.on_signal([&] {
    ++calls;
    loop.stop();
  });
  loop.post([] { raise(SIGTERM); });
  loop.run();
  CHECK(calls == 1);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace hearth::net
