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
  /// Once, at most.
  virtual void apply(OpenBatch& batch) = 0;
  /// After the commit: with what apply() came to, or with `failure` instead.
  virtual void answer(const Error* failure) = 0;
};

class Writer {
 public:
  /// `machine` and `end` as loaded from `store`; `epoch` from its claim().
  Writer(store::Store& store, std::uint64_t epoch, Machine machine, JournalEnd end,
         const Engine::Options& options);
  /// Works off what is in the queue.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Any thread. Answers Code::busy at once when the queue is full.
  void submit(std::unique_ptr<Work> work);
  /// Any thread.
  Result<void> ready() const;
  EngineStats stats() const;

 private:
  using Batch = std::vector<std::unique_ptr<Work>>;
  void run();
  /// Waits for work, at most a second while a commit is unsettled. False: it is time to go.
  bool take(Batch& batch);
  void work_off(Batch& batch);
  /// nullopt: on disk.
  std::optional<Error> commit(OpenBatch& open, std::size_t commands);
  /// After a failed commit: writes the journal's end as it was, which makes sure that the failed
  /// batch will never be there. Until that succeeds no command is taken.
  void settle();
  void set_trouble(std::optional<Error> trouble);
  void tell(std::size_t commands, const Tally* tally);

  store::Store& store_;
  const std::uint64_t epoch_;
  Machine machine_;  // writer thread only, as the next three
  JournalEnd end_;
  Salts salts_;
  bool for_good_ = false;  ///< the trouble ends only with a restart
  const std::size_t queue_limit_;
  const std::size_t batch_limit_;

  mutable std::mutex mutex_;  // Guards: queue_, closing_, refused_busy_
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Work>> queue_;
  bool closing_ = false;
  std::uint64_t refused_busy_ = 0;

  mutable std::mutex told_mutex_;  // Guards: told_, totals_, trouble_
  EngineStats told_;
  Totals totals_;
  std::optional<Error> trouble_;  ///< only the writer thread sets it

  std::thread thread_;  // last: it uses everything above
};

}  // namespace hearth::ledger
