// The one thread that changes the books: a bounded queue in front, an OpenBatch behind. See
// engine.h for the contract.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "ledger/engine/engine.h"
#include "ledger/engine/open_batch.h"

namespace hearth::ledger {

/// A command in the queue with the way back to who asked.
class Work {
 public:
  virtual ~Work() = default;
  virtual void apply(OpenBatch& batch) = 0;
  /// After the commit: with what apply() came to, or with `failure` instead.
  virtual void answer(const Error* failure) = 0;
};

class Writer {
 public:
  /// `machine` and `tree` as loaded from `store`; `epoch` from its claim().
  Writer(store::Store& store, std::uint64_t epoch, Machine machine, Tree tree,
         const Engine::Options& options);
  /// Works off what is in the queue.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Any thread. Answers Code::busy at once when the queue is full.
  void submit(std::unique_ptr<Work> work);

 private:
  void run();
  /// Waits for work; an empty batch means that it is time to go.
  std::vector<std::unique_ptr<Work>> take();
  void work_off(std::vector<std::unique_ptr<Work>>& batch);

  store::Store& store_;
  const std::uint64_t epoch_;
  Machine machine_;  // writer thread only
  Tree tree_;        // writer thread only
  const std::size_t queue_limit_;
  const std::size_t batch_limit_;

  std::mutex mutex_;  // Guards: queue_, closing_
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Work>> queue_;
  bool closing_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace hearth::ledger
