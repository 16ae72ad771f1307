// The ledger's engine (system overview: docs/accounting.md). A single writer thread takes commands
// from a bounded queue in batches: validates each against the machine's balances, appends records
// to the journal, and writes everything of the batch (state, journal, idempotency answers, spent
// vouchers, and side writes of other rooms) as one synced store batch. Only then are the
// commands answered. If the commit fails, nothing of the batch has happened, in memory either.
//
// Threads: submit_*() from any thread; answers arrive on the writer thread: post them on.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/store/store.h"
#include "common/wire/documents.h"
#include "ledger/machine/commands.h"

namespace hearth::ledger {

/// What a purchase came to; the input of the receipt.
struct AppliedPurchase {
  std::uint64_t journal_index = 0;
  money::Amount paid;
  money::Amount balance_after;
  UtcMs at_ms = 0;
};

struct AppliedRedemption {
  std::uint64_t journal_index = 0;
};

struct AppliedDeposit {
  std::uint64_t journal_index = 0;
  money::Amount balance_after;
  bool repeated = false;
};

struct StatementEntry {
  std::uint64_t index = 0;
  UtcMs at_ms = 0;
  std::string kind;  ///< "deposit" "purchase" "sale" …
  money::Amount amount;
  std::string reference;
  std::optional<wire::OfferId> offer;
};

class Engine {
 public:
  struct Options {
    std::vector<std::string> currencies{"EUR"};
    std::size_t queue_limit = 10'000;
    std::size_t batch_limit = 1'000;
  };
  /// Loads balances from the store (not the whole journal) and starts the writer.
  /// `store` outlives the engine. Code::corrupt, Code::locked.
  static Result<std::unique_ptr<Engine>> start(store::Store& store, Options options);
  virtual ~Engine() = default;  ///< finishes what it took

  template <class T>
  using Answer = std::function<void(Result<T>)>;

  /// Opens the home's wallets (idempotent).
  virtual void submit_open(identity::HomeAddress home, std::string name, UtcMs at_ms,
                           Answer<std::uint64_t> answer) = 0;
  virtual void submit_offer(OfferTerms terms, store::Batch side, UtcMs at_ms,
                            Answer<std::uint64_t> answer) = 0;
  virtual void submit_deposit(DepositCommand command, Answer<AppliedDeposit> answer) = 0;
  /// `receipt` makes the stored answer from what was applied; it runs on the writer thread and
  /// must be deterministic. A known request id with the same hash answers with the stored bytes,
  /// with another hash Code::idempotency_mismatch.
  virtual void submit_purchase(PurchaseCommand command,
                               std::function<Bytes(const AppliedPurchase&)> receipt,
                               Answer<Bytes> answer) = 0;
  /// Same for redemptions: the same voucher with the same hash answers with the stored bytes,
  /// with another hash Code::voucher_spent.
  virtual void submit_redemption(RedeemCommand command,
                                 std::function<Bytes(const AppliedRedemption&)> access,
                                 Answer<Bytes> answer) = 0;
  /// Durable writes of other rooms (torrents, mailboxes) that ride along in the next batch.
  virtual void submit_side(store::Batch side, Answer<std::uint64_t> answer) = 0;

  /// Reads, any thread.
  virtual std::optional<Bytes> stored_purchase(const wire::RequestId& id,
                                               const crypto::Sha256Digest& request_hash,
                                               bool& mismatch) const = 0;
  virtual std::optional<Bytes> stored_redemption(const wire::VoucherInput& voucher,
                                                 const crypto::Sha256Digest& request_hash,
                                                 bool& spent_by_other) const = 0;
  virtual std::optional<OfferTerms> offer_terms(const wire::OfferId& offer) const = 0;
  virtual Result<std::vector<money::Amount>> balances(const identity::HomeAddress& home) const = 0;
  virtual Result<std::vector<StatementEntry>> statement(const identity::HomeAddress& home,
                                                        std::uint64_t after,
                                                        std::size_t limit) const = 0;
};

}  // namespace hearth::ledger
