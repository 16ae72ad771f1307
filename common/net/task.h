// The event loop of a program: one thread owns its state, a small pool does blocking work.
// Tasks are C++20 coroutines over Boost.Asio 1.74. Rules (g++ 12 bites otherwise):
//  - coroutines are free or member functions that take values; no capturing lambda temporaries
//    and no braced or converted temporaries, as in f(Request{…}), inside a co_await expression:
//    they are destroyed twice. Give them a name first;
//  - tasks start only through spawn(): an escaped exception is logged and ends the program;
//  - every wait has a deadline, every queue a bound.
// Only this header and net/'s own files show Asio.
#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "common/base/error.h"

// Asio gives coroutine frames an operator new of their own; when g++ 12 inlines it, it warns of a
// mismatch that is none. The warning lands in each coroutine, so it is off from here on.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace hearth::net {

template <class T>
using Task = boost::asio::awaitable<T>;

class Loop {
 public:
  Loop();
  ~Loop();
  /// Runs until stop(). The calling thread becomes the loop thread. May be called again.
  void run();
  void stop();                                                    ///< any thread
  void post(std::function<void()> work);                          ///< any thread; in order
  void post_all(std::vector<std::function<void()>> work);         ///< any thread
  void after(std::int64_t delay_ms, std::function<void()> work);  ///< any thread
  /// Calls back once on SIGINT or SIGTERM; a second signal ends the process at once.
  void on_signal(std::function<void()> work);
  bool on_loop_thread() const;
  boost::asio::io_context& context() { return context_; }

 private:
  struct Impl;
  struct Posted;
  void run_posted();
  std::unique_ptr<Posted> posted_;  ///< outlives the context, whose end destroys tasks
  boost::asio::io_context context_;
  std::unique_ptr<Impl> impl_;
};

namespace detail {
/// Logs and ends the program: nobody is left who could handle this.
[[noreturn]] void escaped_exception(const std::string& what, std::exception_ptr error);
}  // namespace detail

/// Starts `task` on the loop thread. `what` names it in the log.
void spawn(Loop& loop, Task<void> task, std::string what);

/// Milliseconds of a clock that never goes back. Any thread.
std::int64_t steady_ms();

/// Loop thread only.
Task<void> sleep_ms(std::int64_t ms);

/// Threads for blocking work. Its destructor waits for what runs and drops what has not begun.
/// Brief work is well under a millisecond, a signature say: a thread takes a few pieces of it at a
/// time, and what follows them comes to the loop together. So a busy loop is woken less often.
class Pool {
 public:
  Pool(Loop& loop, std::size_t threads);
  ~Pool();
  using Next = std::function<void()>;
  Loop& loop() { return loop_; }
  void submit(std::function<void()> work);
  /// What `work` returns runs on the loop; it may be empty.
  void submit_brief(std::function<Next()> work);

 private:
  struct Impl;

 public:
  /// For threads that may outlive the pool; does the work at once when the pool is gone.
  class Door {
   public:
    void submit_brief(std::function<Next()> work) const;

   private:
    friend class Pool;
    explicit Door(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<Impl> impl_;
  };
  Door door() const { return Door(impl_); }

 private:
  Loop& loop_;
  std::shared_ptr<Impl> impl_;
};

/// Wakes the tasks that wait at this moment; who waits later is not woken, so check a condition
/// in a loop. Loop thread only: from elsewhere, Loop::post the call.
class Signal {
 public:
  explicit Signal(Loop& loop);
  ~Signal();
  /// True when notified, false when the deadline passed first.
  Task<bool> wait(std::int64_t timeout_ms);
  void notify_all();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

namespace detail {
/// Runs `work` on the pool, resumes on the loop thread.
Task<void> run_on_pool(Pool& pool, std::function<void()> work);
}  // namespace detail

/// `co_await on_pool(pool, std::move(fn))`: fn() on a pool thread, its result on the loop thread.
/// Build `fn` as a named variable first. R must be movable.
template <class F>
Task<std::invoke_result_t<F>> on_pool(Pool& pool, F fn) {
  using R = std::invoke_result_t<F>;
  auto call = std::make_shared<F>(std::move(fn));
  if constexpr (std::is_void_v<R>) {
    std::function<void()> work = [call] { (*call)(); };
    co_await detail::run_on_pool(pool, std::move(work));
  } else {
    auto result = std::make_shared<std::optional<R>>();
    std::function<void()> work = [call, result] { result->emplace((*call)()); };
    co_await detail::run_on_pool(pool, std::move(work));
    co_return std::move(**result);
  }
}

}  // namespace hearth::net
