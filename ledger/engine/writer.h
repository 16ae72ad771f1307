// What changes the books: a bounded queue in front, an OpenBatch behind. Two threads take turns.
// Whoever has the turn to decide takes commands from the queue into a batch; with the turn to
// commit it writes that batch and answers it, while the other thread decides the next one. See
// engine.h for the contract.
//
// A thread asks for the turn to commit while it has the turn to decide, so batches are written and
// answered in the order in which they were decided, one after another.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "ledger/engine/engine.h"
#include "ledger/engine/open_batch.h"

namespace hearth::ledger {

/// A command in the queue with the way back to who asked.
class Work {
 public:
  virtual ~Work() = default;
  /// Of the row that tells whether it was done before; empty: apply() looks for itself.
  virtual const Bytes& key() const = 0;
  /// At most once, by the thread that answers.
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
  using Lock = std::unique_lock<std::mutex>;  ///< of mutex_, held
  /// Commands that are answered together.
  struct Round {
    std::vector<std::unique_ptr<Work>> works;
    std::shared_ptr<OpenBatch> batch;  ///< nullptr: the ledger was in trouble
    std::optional<Error> failure;
  };
  void run();
  /// Waits for the turn to decide and for work, and takes it; has both turns when it comes back.
  /// False, and no turn: it is time to go.
  bool decide(Round& round, Lock& lock);
  /// Has the turn to decide. Settles the books meanwhile when they are in trouble.
  void wait_for_work(Lock& lock);
  /// Decides what the queue holds, and goes on until the turn to commit is free.
  void gather(Round& round, Lock& lock);
  void take(Round& round, Lock& lock);
  static void apply(OpenBatch& batch, std::span<const std::unique_ptr<Work>> works);
  /// The turn to commit is free: what became of the batch that was written last.
  void learn_of_last();
  /// Has the turn to commit.
  void carry_out(Round& round);
  /// nullopt: on disk.
  std::optional<Error> commit(const OpenBatch& batch, std::size_t commands);
  /// After a failed commit: writes the journal's end as it was, which makes sure that the failed
  /// batch will never be there. Until that succeeds no command is taken.
  void settle();
  void set_trouble(std::optional<Error> trouble);
  /// `kept` nullptr: they failed.
  void tell(std::size_t commands, const OpenBatch* kept);
  void tell_end(const JournalEnd& end, const Totals& totals, std::size_t offers);

  store::Store& store_;
  const std::uint64_t epoch_;
  // These four belong to the turn to decide.
  Machine machine_;
  Salts salts_;
  JournalEnd end_;                         ///< of what is known to be on disk
  std::shared_ptr<const OpenBatch> last_;  ///< handed on to be written, and not heard of since
  bool for_good_ = false;  ///< the trouble ends only with a restart; belongs to the turn to commit
  const std::size_t queue_limit_;
  const std::size_t batch_limit_;

  mutable std::mutex mutex_;  // Guards: the two turns, queue_, waiting_, closing_, refused_busy_
  std::condition_variable may_decide_, may_commit_;
  std::condition_variable work_;  ///< for whoever has the turn to decide
  bool deciding_ = false, committing_ = false;
  bool refusing_ = false;  ///< what is being answered has failed
  std::deque<std::unique_ptr<Work>> queue_;
  std::size_t waiting_ = 0;  ///< in the queue, or taken and not being written yet
  bool closing_ = false;
  std::uint64_t refused_busy_ = 0;

  mutable std::mutex told_mutex_;  // Guards: told_, totals_, trouble_
  EngineStats told_;
  Totals totals_;
  std::optional<Error> trouble_;  ///< set with the turn to commit alone

  std::array<std::thread, 2> threads_;  // last: they use everything above
};

}  // namespace hearth::ledger
