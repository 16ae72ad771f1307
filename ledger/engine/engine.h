// The ledger's engine (docs/accounting.md §4). A single writer thread takes commands from a bounded
// queue in batches: validates each against the machine's balances, appends records to the
// journal, and writes everything of the batch (state, journal, idempotency answers, spent
// vouchers, and side writes of other rooms) as one synced store batch. Only then are the
// commands answered. If the commit fails, nothing of the batch has happened, in memory either,
// and every command of it is answered with the store's error.
//
// Threads: submit_*() from any thread; each answer arrives once, on the writer thread: post it on.
// A full queue is the exception: Code::busy arrives before submit_*() returns, on its thread.
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
  std::string kind;       ///< "deposit" "purchase" "sale"
  money::Amount amount;   ///< as it changed the balance: a purchase is negative
  std::string reference;  ///< a deposit's, or a purchase's request id
  std::optional<wire::OfferId> offer;
};

class Engine {
 public:
  struct Options {
    /// Empty: those that the books keep already, EUR for new ones.
    std::vector<std::string> currencies{"EUR"};
    std::size_t queue_limit = 10'000;
    std::size_t batch_limit = 1'000;
  };
  /// Loads balances from the store (not the whole journal) and starts the writer.
  /// `store` outlives the engine. Code::corrupt, Code::locked, Code::currency_unknown.
  static Result<std::unique_ptr<Engine>> start(store::Store& store, Options options);
  virtual ~Engine() = default;  ///< finishes what it took

  template <class T>
  using Answer = std::function<void(Result<T>)>;

  /// Opens the home's wallets; answers with the index of the record that did. The same again
  /// changes nothing, another name renames the home. Code::name_refused.
  virtual void submit_open(identity::HomeAddress home, std::string name, UtcMs at_ms,
                           Answer<std::uint64_t> answer) = 0;
  /// Registers the terms and writes `side` with them; answers with the record's index. The same
  /// terms again: the same index, `side` is not written. Code::unknown_account (no wallet of the
  /// seller), Code::amount_invalid, Code::currency_unknown, Code::idempotency_mismatch.
  virtual void submit_offer(OfferTerms terms, store::Batch side, UtcMs at_ms,
                            Answer<std::uint64_t> answer) = 0;
  /// Code::unknown_account, Code::amount_invalid, Code::currency_unknown, Code::overflow,
  /// Code::usage.
  virtual void submit_deposit(DepositCommand command, Answer<AppliedDeposit> answer) = 0;
  /// `receipt` makes the stored answer from what was applied; it runs on the writer thread and
  /// must be deterministic. A known request id with the same hash answers with the stored bytes,
  /// with another hash Code::idempotency_mismatch. Code::unknown_offer, Code::unknown_account,
  /// Code::overflow, Code::insufficient_funds.
  virtual void submit_purchase(PurchaseCommand command,
                               std::function<Bytes(const AppliedPurchase&)> receipt,
                               Answer<Bytes> answer) = 0;
  /// Same for redemptions: the same voucher with the same hash answers with the stored bytes,
  /// with another hash Code::voucher_spent. The caller has verified the voucher; more redemptions
  /// than purchases are Code::voucher_invalid all the same. Code::unknown_offer.
  virtual void submit_redemption(RedeemCommand command,
                                 std::function<Bytes(const AppliedRedemption&)> access,
                                 Answer<Bytes> answer) = 0;
  /// Durable writes of other rooms (torrents, mailboxes) that ride along in the next batch. Their
  /// keys must not begin with "b/". Answers with the size of the journal at that commit.
  virtual void submit_side(store::Batch side, Answer<std::uint64_t> answer) = 0;

  /// Reads, any thread: what is committed. A failing store is logged and reads as "not there";
  /// the command that follows meets the same failure and is refused.
  virtual std::optional<Bytes> stored_purchase(const wire::RequestId& id,
                                               const crypto::Sha256Digest& request_hash,
                                               bool& mismatch) const = 0;
  virtual std::optional<Bytes> stored_redemption(const wire::VoucherInput& voucher,
                                                 const crypto::Sha256Digest& request_hash,
                                                 bool& spent_by_other) const = 0;
  virtual std::optional<OfferTerms> offer_terms(const wire::OfferId& offer) const = 0;
  /// One per currency; Code::unknown_account.
  virtual Result<std::vector<money::Amount>> balances(const identity::HomeAddress& home) const = 0;
  /// Entries above journal index `after`, oldest first, over all wallets of the home. Index 0 is
  /// never a home's, so 0 means from the beginning. Code::unknown_account.
  virtual Result<std::vector<StatementEntry>> statement(const identity::HomeAddress& home,
                                                        std::uint64_t after,
                                                        std::size_t limit) const = 0;
};

}  // namespace hearth::ledger
