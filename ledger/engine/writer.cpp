#include "ledger/engine/writer.h"

#include <algorithm>

#include "common/base/crash_point.h"
#include "common/base/log.h"

namespace hearth::ledger {

Writer::Writer(store::Store& store, std::uint64_t epoch, Machine machine, Tree tree,
               const Engine::Options& options)
    : store_(store),
      epoch_(epoch),
      machine_(std::move(machine)),
      tree_(std::move(tree)),
      queue_limit_(std::max<std::size_t>(1, options.queue_limit)),
      batch_limit_(std::max<std::size_t>(1, options.batch_limit)),
      thread_([this] { run(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::submit(std::unique_ptr<Work> work) {
  bool taken = false;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() < queue_limit_) {
      queue_.push_back(std::move(work));
      taken = true;
    }
  }
  if (taken) {
    wake_.notify_one();
    return;
  }
  const Error busy{Code::busy,
                   "The ledger has as much work waiting as it takes. Nothing was charged; try "
                   "again in a moment with the same request."};
  work->answer(&busy);
}

void Writer::run() {
  for (auto batch = take(); !batch.empty(); batch = take()) work_off(batch);
}

std::vector<std::unique_ptr<Work>> Writer::take() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
  std::vector<std::unique_ptr<Work>> batch;
  const auto end =
      queue_.begin() + static_cast<std::ptrdiff_t>(std::min(batch_limit_, queue_.size()));
  batch.assign(std::move_iterator(queue_.begin()), std::move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return batch;
}

void Writer::work_off(std::vector<std::unique_ptr<Work>>& batch) {
  std::optional<Error> failure;
  {
    OpenBatch open(machine_, tree_, store_);
    for (const auto& work : batch) work->apply(open);
    const store::Batch& writes = open.finish();
    if (!writes.empty()) {
      crash_point("ledger.commit.before");
      if (const auto committed = store_.commit(writes, epoch_); !committed) {
        spdlog::error("a batch of {} commands was not kept: {}", batch.size(),
                      committed.error().sentence);
        failure = Error{committed.error().code,
                        "The ledger could not write its books, so nothing was charged; try again "
                        "with the same request. (" +
                            committed.error().sentence + ")"};
      } else {
        crash_point("ledger.commit.after");
      }
    }
    if (!failure) {
      tree_ = open.tree();
      open.accept();
    }
  }
  crash_point("ledger.answer.before");
  for (const auto& work : batch) work->answer(failure ? &*failure : nullptr);
}

}  // namespace hearth::ledger
