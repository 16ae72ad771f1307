// Drops on their way to other homes' mailboxes: sealed bytes and idempotency key are stored, and
// sent again with backoff until the ledger has them, so a drop arrives once whatever dies in
// between. After 30 days it is given up. docs/protocol.md §7, §8, §13.
//
// Threads: loop thread only.
#pragma once

#include <functional>

#include "node/gifts/gift_records.h"
#include "node/ledger_link/ledger_link.h"

namespace hearth::node {

class Outbox {
 public:
  /// A gift's drop has arrived, or never will (`why` not null); in the commit that removes it.
  using Settled =
      std::function<Result<void>(store::Batch&, const std::string& gift, const Error* why)>;
  Outbox(net::Loop& loop, LedgerLink& ledger, Records& records);
  /// `after`: what follows from it may begin, for that commit is done.
  void on_settled(Settled settled, std::function<void()> after) {
    settled_ = std::move(settled);
    after_ = std::move(after);
  }

  /// Asked before each round; while it fails nothing is sent. A drop may ask for an answer: then
  /// the ledger has to know its token first.
  using Ready = std::function<net::Task<Result<void>>()>;
  void on_ready(Ready ready) { ready_ = std::move(ready); }

  /// Seals nothing itself: `entry.sealed` is final. Call kick() after the commit.
  void put_entry(store::Batch& batch, const OutboxEntry& entry) const;
  /// A gift that has not arrived yet is not sent any more; it may be on its way at this moment.
  void cancel(store::Batch& batch, const std::string& gift) const;
  void start();
  void kick();
  void stop();
  /// Notified whenever a drop was settled.
  net::Signal& changed() { return changed_; }

 private:
  net::Task<void> run();
  net::Task<Result<void>> send(OutboxEntry entry);
  Result<std::vector<OutboxEntry>> waiting() const;

  net::Loop& loop_;
  LedgerLink& ledger_;
  Records& records_;
  Settled settled_;
  std::function<void()> after_;
  Ready ready_;
  net::Signal wake_;
  net::Signal changed_;
  bool kicked_ = false;
  bool stopping_ = false;
};

}  // namespace hearth::node
