#include "ledger/engine/writer.h"

#include <algorithm>
#include <chrono>

#include "common/base/crash_point.h"
#include "common/base/log.h"

namespace hearth::ledger {
namespace {

constexpr auto settle_again_after = std::chrono::seconds(1);

constexpr const char* not_known =
    "It is not known whether this was done: the ledger's disk failed while the books were written. "
    "Send the same request again: it is done once, and you cannot be charged twice.";

std::uint64_t microseconds_since(std::chrono::steady_clock::time_point start) {
  const auto passed = std::chrono::steady_clock::now() - start;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(passed).count());
}

/// Only far beyond any real money is a sum of many accounts more than an int64.
std::int64_t capped(__int128 sum) {
  return static_cast<std::int64_t>(std::clamp<__int128>(sum, INT64_MIN, INT64_MAX));
}

}  // namespace

Writer::Writer(store::Store& store, std::uint64_t epoch, Machine machine, JournalEnd end,
               const Engine::Options& options)
    : store_(store),
      epoch_(epoch),
      machine_(std::move(machine)),
      end_(std::move(end)),
      queue_limit_(std::max<std::size_t>(1, options.queue_limit)),
      batch_limit_(std::max<std::size_t>(1, options.batch_limit)) {
  tell_end(end_, machine_.totals(), machine_.offers());
  for (auto& thread : threads_) thread = std::thread([this] { run(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  work_.notify_one();
  for (auto& thread : threads_) thread.join();
}

void Writer::submit(std::unique_ptr<Work> work) {
  bool taken = false, first = false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_ < queue_limit_) {
      first = queue_.empty();  // otherwise somebody is awake, and looks again
      queue_.push_back(std::move(work));
      ++waiting_;
      taken = true;
    } else {
      ++refused_busy_;
    }
  }
  if (first) work_.notify_one();
  if (taken) return;
  const Error busy{Code::busy,
                   "The ledger has as much work waiting as it takes. Nothing was charged; try "
                   "again in a moment with the same request."};
  work->answer(&busy);
}

void Writer::run() {
  Lock lock(mutex_);
  for (Round round; decide(round, lock);) {
    committing_ = true;
    refusing_ = round.failure.has_value();
    deciding_ = false;
    waiting_ -= round.works.size();
    may_decide_.notify_one();
    lock.unlock();
    carry_out(round);
    lock.lock();
    committing_ = refusing_ = false;
    may_commit_.notify_one();
    if (round.failure) work_.notify_one();  // to settle it
    lock.unlock();
    round = {};  // takes its time
    lock.lock();
  }
}

void Writer::apply(OpenBatch& batch, std::span<const std::unique_ptr<Work>> works) {
  std::vector<Bytes> keys;
  for (const auto& work : works)
    if (!work->key().empty()) keys.push_back(work->key());
  if (keys.size() > 1) batch.look_ahead(keys);
  for (const auto& work : works) work->apply(batch);
}

bool Writer::decide(Round& round, Lock& lock) {
  may_decide_.wait(lock, [this] { return !deciding_; });
  deciding_ = true;
  wait_for_work(lock);
  if (queue_.empty()) {
    deciding_ = false;
    may_decide_.notify_one();
    return false;
  }
  // Who was told of a failure may count on the next command being tried anew.
  if (refusing_) may_commit_.wait(lock, [this] { return !committing_; });
  if (!committing_) {
    lock.unlock();
    learn_of_last();
    if (trouble_) settle();
    round.failure = trouble_;
    lock.lock();
  }
  if (!round.failure)
    round.batch =
        std::make_shared<OpenBatch>(machine_, last_ ? last_->end() : end_, salts_, store_, last_);
  gather(round, lock);
  if (round.failure) return true;
  lock.unlock();
  learn_of_last();
  if (trouble_) {
    round.failure = trouble_;
    round.batch.reset();
  } else {
    round.batch->finish();
    round.batch->forget_before();
    last_ = round.batch;
  }
  lock.lock();
  return true;
}

void Writer::wait_for_work(Lock& lock) {
  while (queue_.empty() && !closing_) {
    if (committing_ || !trouble_ || for_good_) {
      work_.wait(lock);
    } else if (work_.wait_for(lock, settle_again_after) == std::cv_status::timeout) {
      lock.unlock();
      learn_of_last();
      settle();
      lock.lock();
    }
  }
}

void Writer::gather(Round& round, Lock& lock) {
  for (take(round, lock); committing_; take(round, lock)) {
    const bool full = round.works.size() == batch_limit_;
    if (full) {
      lock.unlock();
      round.batch->finish();
      lock.lock();
    }
    if (full || queue_.empty()) may_commit_.wait(lock, [this] { return !committing_; });
  }
}

void Writer::take(Round& round, Lock& lock) {
  const std::size_t before = round.works.size();
  const std::size_t count = std::min(batch_limit_ - before, queue_.size());
  if (count == 0) return;
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
  round.works.insert(round.works.end(), std::move_iterator(queue_.begin()),
                     std::move_iterator(end));
  queue_.erase(queue_.begin(), end);
  lock.unlock();
  if (round.batch) apply(*round.batch, std::span(round.works).subspan(before));
  lock.lock();
}

void Writer::learn_of_last() {
  if (!last_) return;
  if (trouble_) {
    machine_.drop();
  } else {
    machine_.merge();
    end_ = last_->end();
  }
  last_.reset();
}

void Writer::carry_out(Round& round) {
  if (round.batch) {
    round.failure = commit(*round.batch, round.works.size());
    tell(round.works.size(), round.failure ? nullptr : round.batch.get());
  }
  if (round.failure) {
    const std::lock_guard lock(mutex_);
    refusing_ = true;
  }
  crash_point("ledger.answer.before");
  for (const auto& work : round.works) work->answer(round.failure ? &*round.failure : nullptr);
}

std::optional<Error> Writer::commit(const OpenBatch& batch, std::size_t commands) {
  const store::Batch& writes = batch.writes();
  if (writes.empty()) return std::nullopt;
  crash_point("ledger.commit.before");
  const auto start = std::chrono::steady_clock::now();
  const auto committed = store_.commit(writes, epoch_);
  if (committed) {
    crash_point("ledger.commit.after");
    const std::lock_guard lock(told_mutex_);
    told_.commit_us.add(microseconds_since(start), Histogram::commit_bounds_us);
    return std::nullopt;
  }
  const Error& error = committed.error();
  spdlog::error("a batch of {} commands was not kept: {}", commands, error.sentence);
  {
    const std::lock_guard lock(told_mutex_);
    ++told_.commits_failed;
  }
  if (error.code == Code::locked) {  // refused before anything was written
    for_good_ = true;
    set_trouble(error);
    return error;
  }
  set_trouble(Error{error.code,
                    "The ledger cannot write its books now, so nothing was charged; "
                    "try again with the same request. (" +
                        error.sentence + ")"});
  return Error{Code::unsettled, std::string(not_known) + " (" + error.sentence + ")"};
}

void Writer::settle() {
  if (for_good_) return;
  const auto stored = BooksView(store_).tree();
  if (!stored) return set_trouble(stored.error());
  if (*stored != end_.tree) {
    for_good_ = true;
    return set_trouble(
        Error{Code::internal,
              "The ledger's disk failed while the books were written, and what it kept "
              "is not what the ledger remembers. Nothing was charged; the operator must "
              "restart the ledger."});
  }
  store::Batch as_it_was;
  as_it_was.put(books::key(books::tree, {}), end_.tree.encode());
  if (const auto settled = store_.commit(as_it_was, epoch_); !settled) return;
  spdlog::info("the books can be written again");
  set_trouble(std::nullopt);
}

void Writer::set_trouble(std::optional<Error> trouble) {
  const std::lock_guard lock(told_mutex_);
  trouble_ = std::move(trouble);
}

void Writer::tell(std::size_t commands, const OpenBatch* kept) {
  {
    const std::lock_guard lock(told_mutex_);
    told_.commands += commands;
    told_.batch_size.add(commands, Histogram::batch_bounds);
    if (!kept) return;
    const Tally& tally = kept->tally();
    for (std::size_t kind = 0; kind < tally.size(); ++kind)
      for (std::size_t outcome = 0; outcome < outcome_numbers; ++outcome)
        told_.outcomes[kind][outcome] += tally[kind][outcome];
  }
  tell_end(kept->end(), kept->totals(), kept->offers());
}

void Writer::tell_end(const JournalEnd& end, const Totals& totals, std::size_t offers) {
  const std::lock_guard lock(told_mutex_);
  told_.records = end.tree.size();
  told_.last_record_ms = end.last_ms;
  told_.homes = end.homes;
  told_.offers = offers;
  totals_ = totals;
}

Result<void> Writer::ready() const {
  const std::lock_guard lock(told_mutex_);
  if (trouble_) return pass_on(*trouble_);
  return {};
}

EngineStats Writer::stats() const {
  EngineStats out;
  Totals totals;
  {
    const std::lock_guard lock(told_mutex_);
    out = told_;
    totals = totals_;
    out.ready = !trouble_;
  }
  {
    const std::lock_guard lock(mutex_);
    out.queue_length = waiting_;
    out.refused_busy = refused_busy_;
  }
  out.queue_limit = queue_limit_;
  out.accounts = totals.accounts;
  out.bought = totals.vouchers.bought;
  out.redeemed = totals.vouchers.redeemed;
  out.refunded = totals.vouchers.refunded;
  out.exchanged = totals.vouchers.exchanged;
  out.fresh = totals.vouchers.fresh;
  out.outstanding = totals.vouchers.outstanding();
  for (const auto& row : totals.currencies) {
    const auto sum = [&row](AccountKind kind) {
      return capped(row.balances[static_cast<std::size_t>(kind)]);
    };
    out.totals.push_back({row.currency, sum(AccountKind::wallet), sum(AccountKind::escrow),
                          sum(AccountKind::cash), sum(AccountKind::fees),
                          sum(AccountKind::adjustments)});
  }
  return out;
}

}  // namespace hearth::ledger
