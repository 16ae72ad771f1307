// Channels between homes, both ways: letters in and out, and the loop that keeps what is on the air
// here, and what other homes have, as it should be. Nothing is decided by the loop that is not on
// disk, so it may die anywhere. docs/protocol.md §7.8.
//
// Threads: loop thread only.
#pragma once

#include <map>
#include <set>
#include <string>

#include "node/ledger_link/ledger_link.h"
#include "node/sharing/channels_in.h"
#include "node/sharing/channels_out.h"

namespace hearth::node {

class Sharing {
 public:
  Sharing(net::Loop& loop, LedgerLink& ledger, const Shelf& shelf, const SharingRooms& rooms);
  /// Told whenever something may be different.
  void on_change(std::function<void()> told) { told_ = std::move(told); }
  void start();
  void stop();

  ChannelsIn& in() { return in_; }
  ChannelsOut& out() { return out_; }

  /// A letter or a word, into the commit that takes it.
  Result<void> take(store::Batch& batch, const wire::OpenedDrop& drop);
  /// What was committed: channels, contacts and gifts decide what other homes have.
  void note(const store::Batch& committed);

 private:
  net::Task<void> run();
  /// False: the ledger did not answer; to be asked again soon.
  net::Task<bool> fetch_offers();
  void wake();

  net::Loop& loop_;
  LedgerLink& ledger_;
  const Shelf& shelf_;
  SharingRooms rooms_;
  ChannelsIn in_;
  ChannelsOut out_;
  net::Signal wake_;
  std::function<void()> told_;
  std::map<std::string, UtcMs> not_before_;  ///< offers that the ledger does not know
  bool woken_ = false, others_may_have_more_ = false, stopping_ = false;
};

}  // namespace hearth::node
