#include "ledger/admin/key_rotation.h"

#include <algorithm>
#include <future>
#include <mutex>

#include "common/base/log.h"
#include "ledger/engine/books_view.h"

namespace hearth::ledger {
namespace {

Result<std::uint64_t> record(Engine& engine, const EpochKeys::Epoch& epoch, UtcMs now) {
  std::promise<Result<Booked>> promise;
  auto answer = promise.get_future();
  engine.submit_epoch({epoch.epoch, epoch.pair.public_key, epoch.from_ms, now},
                      [&promise](Result<Booked> result) { promise.set_value(std::move(result)); });
  const auto booked = answer.get();
  if (!booked) return pass_on(booked.error());
  return booked->journal_index;
}

tl::unexpected<Error> other_keys(std::uint32_t epoch) {
  return fail(Code::corrupt,
              "The ledger's key file does not belong to these books: the key of "
              "epoch " +
                  std::to_string(epoch) +
                  " is another one. Nothing was changed. Put the key file and the "
                  "books of the same ledger together.");
}

bool same(const std::vector<EpochKeys::Epoch>& a, const std::vector<EpochKeys::Epoch>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.epoch == y.epoch && x.from_ms == y.from_ms;
  });
}

}  // namespace

Result<RotatedKey> rotate_keys(const LedgerDir& dir, LedgerKeys& keys, Engine& engine, UtcMs now) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const EpochKeys::Epoch& current = keys.epochs.back();
  EpochKeys::Epoch next;
  next.epoch = current.epoch + 1;
  next.from_ms = std::max(now, current.from_ms + 1);
  auto pair = derive_epoch(dir, next.epoch);
  if (!pair) return pass_on(pair.error());
  next.pair = std::move(*pair);
  const auto index = record(engine, next, now);
  if (!index) return pass_on(index.error());
  auto epochs = keys.epochs.all();
  epochs.push_back(next);
  if (auto stored = store_epochs(dir, epochs); !stored)
    spdlog::warn("the key file does not list epoch {} yet: {}", next.epoch,
                 stored.error().sentence);
  keys.epochs.push_back(next);
  spdlog::info("vouchers have the key of epoch {} from now on", next.epoch);
  return RotatedKey{next.epoch, next.pair.public_key, next.from_ms, *index};
}

Result<void> settle_epochs(const LedgerDir& dir, LedgerKeys& keys, Engine& engine,
                           const store::View& books, UtcMs now) {
  const auto recorded = BooksView(books).epochs();
  if (!recorded) return pass_on(recorded.error());
  const auto in_file = keys.epochs.all();
  EpochKeys settled;
  for (const auto& row : *recorded) {
    auto pair = derive_epoch(dir, row.epoch);
    if (!pair) return pass_on(pair.error());
    if (pair->public_key != row.key) return other_keys(row.epoch);
    settled.push_back({row.epoch, std::move(*pair), row.from_ms});
  }
  for (const auto& epoch : in_file) {
    if (settled.find(epoch.epoch) != nullptr) continue;
    if (!settled.empty() && settled.back().epoch > epoch.epoch) return other_keys(epoch.epoch);
    if (const auto index = record(engine, epoch, now); !index) return pass_on(index.error());
    settled.push_back(epoch);
  }
  keys.epochs = settled;
  if (same(in_file, settled.all())) return {};
  return store_epochs(dir, settled.all());
}

}  // namespace hearth::ledger
