#include "common/net/task.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include "common/base/assert.h"
#include "common/base/log.h"

namespace hearth::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace detail {

void escaped_exception(const std::string& what, std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    spdlog::critical("{} failed: {}", what, e.what());
  } catch (...) {
    spdlog::critical("{} failed with an unknown exception", what);
  }
  spdlog::default_logger()->flush();
  std::abort();
}

}  // namespace detail

namespace {

template <class R>
R call(const std::function<R()>& work, const char* what) {
  try {
    return work();
  } catch (...) {
    detail::escaped_exception(what, std::current_exception());
  }
}

void end_now(int) {
  _exit(130);
}

}  // namespace

struct Loop::Impl {
  explicit Impl(asio::io_context& context)
      : work(asio::make_work_guard(context)), signals(context) {}
  asio::executor_work_guard<asio::io_context::executor_type> work;
  asio::signal_set signals;
  std::atomic<std::thread::id> thread{};
};

/// What other threads posted since the loop last looked: it is woken once for all of it.
struct Loop::Posted {
  using List = std::vector<std::function<void()>>;
  std::mutex mutex;
  List list;  // Guards: mutex

  List take() {
    const std::lock_guard lock(mutex);
    return std::exchange(list, {});
  }
};

Loop::Loop()
    : posted_(std::make_unique<Posted>()), context_(1), impl_(std::make_unique<Impl>(context_)) {
  std::signal(SIGPIPE, SIG_IGN);
}

Loop::~Loop() {
  // What never ran may post again while it is destroyed.
  for (auto left = posted_->take(); !left.empty(); left = posted_->take()) left.clear();
}

void Loop::run() {
  impl_->thread = std::this_thread::get_id();
  context_.run();
  context_.restart();
}

void Loop::stop() {
  context_.stop();
}

void Loop::post(std::function<void()> work) {
  bool first = false;
  {
    const std::lock_guard lock(posted_->mutex);
    first = posted_->list.empty();
    posted_->list.push_back(std::move(work));
  }
  if (first) asio::post(context_, [this] { run_posted(); });
}

void Loop::post_all(std::vector<std::function<void()>> work) {
  if (work.empty()) return;
  bool first = false;
  {
    const std::lock_guard lock(posted_->mutex);
    auto& list = posted_->list;
    first = list.empty();
    list.insert(list.end(), std::move_iterator(work.begin()), std::move_iterator(work.end()));
  }
  if (first) asio::post(context_, [this] { run_posted(); });
}

void Loop::run_posted() {
  Posted::List due = posted_->take();
  std::size_t next = 0;
  while (next < due.size() && !context_.stopped()) {
    const std::function<void()> work = std::move(due[next++]);
    call(work, "work posted to the loop");
  }
  if (next == due.size()) return;
  // Stopped in between: the rest is for the next run().
  const std::lock_guard lock(posted_->mutex);
  auto& list = posted_->list;
  if (list.empty()) asio::post(context_, [this] { run_posted(); });
  list.insert(list.begin(), std::move_iterator(due.begin() + static_cast<std::ptrdiff_t>(next)),
              std::move_iterator(due.end()));
}

void Loop::after(std::int64_t delay_ms, std::function<void()> work) {
  auto timer = std::make_shared<asio::steady_timer>(context_);
  timer->expires_after(std::chrono::milliseconds(std::max<std::int64_t>(delay_ms, 0)));
  // A timer belongs to one thread at a time, so the waiting starts on the loop thread.
  asio::post(context_, [timer, work = std::move(work)]() mutable {
    timer->async_wait([timer, work = std::move(work)](error_code ec) {
      if (!ec) call(work, "delayed work on the loop");
    });
  });
}

void Loop::on_signal(std::function<void()> work) {
  impl_->signals.add(SIGINT);
  impl_->signals.add(SIGTERM);
  impl_->signals.async_wait([this, work = std::move(work)](error_code ec, int) {
    if (ec) return;
    // The loop may be too busy to notice a second signal, so that one needs no loop.
    impl_->signals.clear();
    std::signal(SIGINT, end_now);
    std::signal(SIGTERM, end_now);
    call(work, "the signal handler");
  });
}

bool Loop::on_loop_thread() const {
  return impl_->thread == std::this_thread::get_id();
}

void spawn(Loop& loop, Task<void> task, std::string what) {
  asio::co_spawn(loop.context(), std::move(task),
                 [what = std::move(what)](std::exception_ptr error) {
                   if (error) detail::escaped_exception(what, error);
                 });
}

std::int64_t steady_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

Task<void> sleep_ms(std::int64_t ms) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(std::chrono::milliseconds(std::max<std::int64_t>(ms, 0)));
  error_code ec;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
}

struct Pool::Impl {
  /// One of them is set.
  struct Item {
    std::function<void()> work;
    std::function<Next()> brief;
  };
  using Bunch = std::vector<Item>;
  static constexpr std::size_t most_at_a_time = 8;

  explicit Impl(Loop& l) : loop(l) {}

  Loop& loop;
  std::mutex mutex;
  // Guards: queue, ending.
  std::condition_variable changed;
  std::deque<Item> queue;
  bool ending = false;
  std::vector<std::thread> threads;

  /// Takes `item`, unless the pool ends.
  bool add(Item& item) {
    {
      const std::lock_guard lock(mutex);
      if (ending) return false;
      queue.push_back(std::move(item));
    }
    changed.notify_one();
    return true;
  }

  /// Waits for work. Brief work is taken in bunches, but never more than a thread's share.
  Bunch take() {
    Bunch out;
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return ending || !queue.empty(); });
    if (ending) return out;
    const std::size_t most =
        std::clamp<std::size_t>(queue.size() / threads.size(), 1, most_at_a_time);
    do {
      out.push_back(std::move(queue.front()));
      queue.pop_front();
    } while (out.size() < most && out.back().brief && queue.front().brief);
    return out;
  }

  void work() {
    for (Bunch bunch = take(); !bunch.empty(); bunch = take()) {
      std::vector<Next> due;
      for (Item& item : bunch) {
        if (item.work) call(item.work, "work on the pool");
        if (item.brief) {
          if (Next next = call(item.brief, "brief work on the pool"))
            due.push_back(std::move(next));
        }
        item = {};  // the next one may be long in coming
      }
      loop.post_all(std::move(due));
    }
  }
};

Pool::Pool(Loop& loop, std::size_t threads) : loop_(loop), impl_(std::make_shared<Impl>(loop)) {
  HEARTH_ASSERT(threads > 0);
  Impl* impl = impl_.get();
  const std::lock_guard lock(impl->mutex);  // a thread looks at how many there are
  for (std::size_t i = 0; i < threads; ++i) {
    impl->threads.emplace_back([impl] { impl->work(); });
  }
}

Pool::~Pool() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->ending = true;
  }
  impl_->changed.notify_all();
  for (std::thread& thread : impl_->threads) thread.join();
  impl_->queue.clear();
}

void Pool::submit(std::function<void()> work) {
  Impl::Item item{std::move(work), nullptr};
  impl_->add(item);
}

void Pool::submit_brief(std::function<Next()> work) {
  Impl::Item item{nullptr, std::move(work)};
  impl_->add(item);
}

void Pool::Door::submit_brief(std::function<Next()> work) const {
  Impl::Item item{nullptr, std::move(work)};
  if (impl_->add(item)) return;
  if (Next next = call(item.brief, "work for a pool that is gone"))
    impl_->loop.post(std::move(next));
}

struct Signal::Impl {
  struct Waiter {
    explicit Waiter(asio::io_context& context) : timer(context) {}
    asio::steady_timer timer;
    bool notified = false;
  };
  explicit Impl(asio::io_context& c) : context(c) {}
  asio::io_context& context;
  std::vector<std::shared_ptr<Waiter>> waiters;
};

Signal::Signal(Loop& loop) : impl_(std::make_shared<Impl>(loop.context())) {}

Signal::~Signal() {
  notify_all();
}

Task<bool> Signal::wait(std::int64_t timeout_ms) {
  const std::shared_ptr<Impl> impl = impl_;  // the Signal may go while this waits
  const auto waiter = std::make_shared<Impl::Waiter>(impl->context);
  waiter->timer.expires_after(std::chrono::milliseconds(std::max<std::int64_t>(timeout_ms, 0)));
  impl->waiters.push_back(waiter);
  error_code ec;
  co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
  std::erase(impl->waiters, waiter);
  co_return waiter->notified;
}

void Signal::notify_all() {
  std::vector<std::shared_ptr<Impl::Waiter>> woken;
  woken.swap(impl_->waiters);
  for (const auto& waiter : woken) {
    waiter->notified = true;
    waiter->timer.cancel();
  }
}

namespace detail {

Task<void> run_on_pool(Pool& pool, std::function<void()> work) {
  struct Done {
    explicit Done(asio::io_context& context) : timer(context) {}
    asio::steady_timer timer;
    bool reached = false;
  };
  const auto done = std::make_shared<Done>(pool.loop().context());
  done->timer.expires_at(std::chrono::steady_clock::time_point::max());
  const auto then = [done] {
    done->reached = true;
    done->timer.cancel();
  };
  pool.submit([then, loop = &pool.loop(), work = std::move(work)] {
    work();
    loop->post(then);
  });
  error_code ec;
  while (!done->reached) {
    co_await done->timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
  }
}

}  // namespace detail

}  // namespace hearth::net
