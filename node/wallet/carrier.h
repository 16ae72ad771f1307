// Carries requests that are stored to the ledger and back: each is asked for again, with growing
// pauses, until its room says that it is over, whoever waits for it or not. What is sent, and what
// an answer means, is the room's. docs/protocol.md §13.
//
// Threads: loop thread only.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/net/task.h"

namespace hearth::node {

template <class Id>
class Carrier {
 public:
  /// Asks once; an error is what holds it up.
  using Ask = std::function<net::Task<Result<void>>(Id)>;
  using Over = std::function<bool(const Id&)>;
  struct Words {
    const char* one;          ///< "a purchase"
    const char* interrupted;  ///< the sentence for who has waited long enough
  };
  Carrier(net::Loop& loop, Words words, Ask ask, Over over)
      : loop_(loop), words_(words), ask_(std::move(ask)), over_(std::move(over)), changed_(loop) {}

  void start(const Id& id) {
    Id copy = id;
    if (stopping_ || !running_.insert(id).second) return;
    net::spawn(loop_, run(std::move(copy)), words_.one);
  }
  void stop() {
    stopping_ = true;
    changed_.notify_all();
  }
  /// The same thing goes on under another id, and whoever waits for it with it.
  void renew(const Id& old, const Id& fresh) {
    renewed_as_.insert_or_assign(old, fresh);
    start(fresh);
  }
  /// Until it is over, or for `patience_ms`. Returns the id that it has by then.
  net::Task<Id> wait(Id id, std::int64_t patience_ms) {
    const UtcMs deadline = now_ms() + patience_ms;
    while (running_.contains(id) && !stopping_ && now_ms() < deadline) {
      co_await changed_.wait(std::max<std::int64_t>(deadline - now_ms(), 1));
      const auto renewed = renewed_as_.find(id);
      if (renewed != renewed_as_.end()) id = renewed->second;
    }
    co_return id;
  }
  /// For who has waited in vain: what holds it up, and that it goes on.
  Error unfinished(const Id& id) const {
    const auto trouble = last_trouble_.find(id);
    if (trouble == last_trouble_.end()) return {Code::timeout, words_.interrupted};
    return {trouble->second.code, trouble->second.sentence + " " + words_.interrupted};
  }

 private:
  static constexpr std::int64_t first_backoff_ms = 250, max_backoff_ms = 15'000;

  net::Task<void> run(Id id) {
    std::int64_t backoff_ms = first_backoff_ms;
    while (!stopping_) {
      Id copy = id;
      const Result<void> asked = co_await ask_(std::move(copy));
      if (over_(id)) break;
      if (!asked) {
        last_trouble_.insert_or_assign(id, asked.error());
        spdlog::info("wallet: {} waits: {}", words_.one, asked.error().sentence);
      }
      const UtcMs until = now_ms() + backoff_ms;
      while (!stopping_ && now_ms() < until) co_await changed_.wait(until - now_ms());
      backoff_ms = std::min(backoff_ms * 2, max_backoff_ms);
    }
    running_.erase(id);
    last_trouble_.erase(id);
    changed_.notify_all();
  }

  net::Loop& loop_;
  Words words_;
  Ask ask_;
  Over over_;
  net::Signal changed_;
  std::set<Id> running_;
  std::map<Id, Error> last_trouble_;
  std::map<Id, Id> renewed_as_;
  bool stopping_ = false;
};

}  // namespace hearth::node
