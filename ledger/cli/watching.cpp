#include "ledger/cli/watching.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <signal.h>
#include <unistd.h>

#include "common/crypto/secret.h"
#include "ledger/cli/road.h"

namespace hearth::ledger {
namespace {

using wire::Json;

constexpr auto look_every = std::chrono::milliseconds(500);

void on_interrupt(int) {
  constexpr char text[] =
      "\r\033[KNot waited for: the ledger goes on with it by itself, and nothing is lost.\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, sizeof text - 1);
  ::_exit(1);
}

/// Asks and draws until it goes out of scope.
class Watch {
 public:
  Watch(Json word, const std::function<Result<Json>(const Order&)>& ask)
      : thread_([this, word = std::move(word), &ask] {
          run({"progress", {{"watch", word}}}, ask);
        }) {}
  ~Watch() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
    show_progress(0, 0);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  void run(const Order& order, const std::function<Result<Json>(const Order&)>& ask) {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, look_every, [this] { return ended_; })) {
      lock.unlock();
      const auto standing = ask(order);
      lock.lock();
      if (ended_ || !standing || !standing->value("running", false)) continue;
      show_progress(standing->value("done", std::uint64_t{0}),
                    standing->value("total", std::uint64_t{0}));
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;  // Guards: mutex_
  std::thread thread_;
};

}  // namespace

bool is_long_work(std::string_view command) {
  return command == "audit" || command == "backup";
}

Result<Json> ask_watched(const Order& order, const std::function<Result<Json>(const Order&)>& ask) {
  if (!is_long_work(order.command) || ::isatty(STDERR_FILENO) == 0) return ask(order);
  const std::string word = to_hex(crypto::random_array<16>());
  Order watched = order;
  watched.args["watch"] = word;
  const auto before = ::signal(SIGINT, on_interrupt);
  const Watch watch(word, ask);
  auto answer = ask(watched);
  ::signal(SIGINT, before);
  return answer;
}

}  // namespace hearth::ledger
