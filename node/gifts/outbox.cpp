#include "node/gifts/outbox.h"

#include <algorithm>

#include "common/base/crash_point.h"
#include "common/base/log.h"

namespace hearth::node {
namespace {

constexpr std::int64_t first_backoff_ms = 250;
constexpr std::int64_t max_backoff_ms = 30'000;
constexpr UtcMs kept_ms = UtcMs{30} * 24 * 60 * 60 * 1000;

/// The mailbox will not take this drop, however often it is tried.
bool never_arrives(Code code) {
  return code == Code::drop_refused || code == Code::unknown_mailbox || code == Code::too_large ||
         code == Code::usage || code == Code::idempotency_mismatch;
}

}  // namespace

Outbox::Outbox(net::Loop& loop, LedgerLink& ledger, Records& records)
    : loop_(loop), ledger_(ledger), records_(records), wake_(loop), changed_(loop) {}

void Outbox::put_entry(store::Batch& batch, const OutboxEntry& entry) const {
  put(batch, "outbox/" + entry.idempotency_key, encode(entry));
}

void Outbox::cancel(store::Batch& batch, const std::string& gift) const {
  const auto entries = waiting();
  if (!entries) return;
  for (const auto& entry : *entries) {
    if (entry.gift == gift) erase(batch, "outbox/" + entry.idempotency_key);
  }
}

void Outbox::start() {
  net::spawn(loop_, run(), "outbox");
}

void Outbox::kick() {
  kicked_ = true;
  wake_.notify_all();
}

void Outbox::stop() {
  stopping_ = true;
  wake_.notify_all();
  changed_.notify_all();
}

Result<std::vector<OutboxEntry>> Outbox::waiting() const {
  auto all = all_of(records_, "outbox/", decode_outbox_entry);
  if (!all) return all;
  std::sort(all->begin(), all->end(),
            [](const auto& a, const auto& b) { return a.created_ms < b.created_ms; });
  return all;
}

net::Task<void> Outbox::run() {
  std::int64_t backoff_ms = first_backoff_ms;
  while (!stopping_) {
    kicked_ = false;
    const auto entries = waiting();
    if (!entries) spdlog::error("outbox: {}", entries.error().sentence);
    bool left_over = !entries;
    const bool any = entries && !entries->empty();
    Result<void> ready;
    if (any && ready_) ready = co_await ready_();
    if (!ready) {
      left_over = true;
      spdlog::info("outbox: drops wait: {}", ready.error().sentence);
    }
    for (std::size_t i = 0; ready && entries && i < entries->size() && !stopping_; ++i) {
      const Result<void> sent = co_await send((*entries)[i]);
      if (sent) continue;
      left_over = true;
      spdlog::info("outbox: a drop waits: {}", sent.error().sentence);
      if (sent.error().code != Code::mailbox_full) break;
    }
    if (stopping_) break;
    if (!left_over) backoff_ms = first_backoff_ms;
    if (!kicked_) co_await wake_.wait(left_over ? backoff_ms : max_backoff_ms);
    if (left_over) backoff_ms = std::min(backoff_ms * 2, max_backoff_ms);
  }
}

net::Task<Result<void>> Outbox::send(OutboxEntry entry) {
  // Between contacts other words travel as well; what is to be killed is a gift.
  const bool counts = entry.gift.find('/') == std::string::npos;
  if (counts) crash_point("gifts.send.before_drop");
  Bytes sealed = entry.sealed;
  std::string idempotency_key = entry.idempotency_key;
  auto dropped = co_await ledger_.drop(entry.mailbox, entry.token, std::move(sealed),
                                       std::move(idempotency_key));
  if (counts) crash_point("gifts.send.after_drop");
  const bool expired = now_ms() - entry.created_ms > kept_ms;
  if (!dropped && !never_arrives(dropped.error().code) && !expired) co_return dropped;
  store::Batch batch;
  erase(batch, "outbox/" + entry.idempotency_key);
  if (!entry.gift.empty() && settled_) {
    auto settled = settled_(batch, entry.gift, dropped ? nullptr : &dropped.error());
    if (!settled) co_return settled;
  }
  auto stored = records_.commit(batch);
  if (!stored) co_return stored;
  changed_.notify_all();
  if (after_) after_();
  co_return stored;
}

}  // namespace hearth::node
