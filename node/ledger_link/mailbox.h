// This home's mailbox at the ledger: opens it, listens, hands each drop to its reader, and
// acknowledges it only when the reader has it on the disk. Reconnects for ever, with backoff.
// docs/protocol.md §8.1.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "node/ledger_link/ledger_link.h"

namespace hearth::node {

class Mailbox {
 public:
  /// Durable when it returns success; `cursor` is to be stored in the same commit. A failure
  /// leaves the drop at the ledger, to be sent again after a while.
  using OnDrop =
      std::function<Result<void>(ByteView drop, const std::function<void(store::Batch&)>& cursor)>;
  /// Which drop tokens the mailbox takes now.
  using Tokens = std::function<Result<std::vector<identity::DropToken>>()>;
  /// What the ledger keeps for this home beside them, and how it is sealed.
  struct Notebook {
    std::function<Result<Bytes>()> write;
    std::function<Bytes(const Bytes& notebook)> seal;
  };
  Mailbox(net::Loop& loop, LedgerLink& ledger, const identity::HomeKeys& home, Records& records,
          Tokens tokens, Notebook notebook, OnDrop on_drop);
  void start();
  /// Closes the connection; the task ends soon after.
  void stop();
  bool connected() const { return socket_ != nullptr; }
  /// The ledger knows tokens and notebook when this returns success; asks it only if they have
  /// changed.
  net::Task<Result<void>> publish_tokens();
  /// The same soon, for changes that other homes make: many at once are one request.
  void publish_soon();

 private:
  struct Published {
    std::vector<identity::DropToken> tokens;
    Bytes notebook;
    bool operator==(const Published&) const = default;
  };
  net::Task<void> run();
  net::Task<void> publish_later();
  net::Task<Result<void>> listen();
  Result<std::uint64_t> take(const Bytes& message);

  net::Loop& loop_;
  LedgerLink& ledger_;
  const identity::HomeKeys& home_;
  Records& records_;
  Tokens tokens_;
  Notebook notebook_;
  OnDrop on_drop_;
  std::optional<Published> published_;
  bool publishing_ = false, publishes_soon_ = false;
  net::Signal published_now_;
  net::Signal wake_;
  std::shared_ptr<net::WebSocket> socket_;
  bool stopping_ = false;
};

}  // namespace hearth::node
