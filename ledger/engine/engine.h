// The ledger's engine (docs/accounting.md §4). Its writer takes commands from a bounded queue in
// batches: validates each against the machine's balances, appends records to the journal, and
// writes everything of the batch (state, journal, idempotency rows, spent vouchers, side writes of
// other rooms) as one synced store batch. Only then are the commands answered. While one batch is
// written the next is decided (writer.h).
//
// If a commit fails it is not known whether its batch is on disk: its commands are answered
// Code::unsettled, and until a commit succeeds again (the writer tries by itself) ready() is an
// error and commands are refused, untouched, with that error.
//
// Threads: submit_*() from any thread; each answer arrives once, on a thread of the writer, never
// two at a time and in the order in which the commands were taken: post it on.
// A full queue is the exception: Code::busy arrives before submit_*() returns, on its thread.
// An answer is made of facts; signing and sealing is the work of other threads (ledger/access).
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
#include "ledger/engine/facts.h"
#include "ledger/engine/stats.h"
#include "ledger/machine/commands.h"

namespace hearth::ledger {

struct StatementEntry {
  std::uint64_t index = 0;
  UtcMs at_ms = 0;
  std::string kind;       ///< "deposit" "withdrawal" "purchase" "sale" "refund" "transfer" …
  money::Amount amount;   ///< as it changed the balance: a purchase is negative
  std::string reference;  ///< a deposit's, a purchase's request id, an adjustment's reason
  std::optional<OfferId> offer;
  std::int64_t balance_after = 0;  ///< of the account, minor units
  std::uint32_t pocket = 0;        ///< of a wallet
};

struct WalletBalance {
  std::uint32_t pocket = 0;
  money::Amount balance;
};

class Engine {
 public:
  struct Options {
    /// Empty: those that the books keep already, EUR for new ones.
    std::vector<std::string> currencies{"EUR"};
    /// For every kept currency, if the books' differ; nullopt: as the books have it.
    std::optional<Fees> fees{};
    /// For kept currencies that have none yet; nullopt: they stay without.
    std::optional<Fees> first_fees{};
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
  /// Registers the offer with the fee in force and writes `side` with it; answers with the
  /// record's index. The same seller and price again: the same index, `side` is not written.
  /// Else Code::idempotency_mismatch.
  virtual void submit_offer(OfferCommand command, store::Batch side,
                            Answer<std::uint64_t> answer) = 0;
  virtual void submit_deposit(DepositCommand command, Answer<Booked> answer) = 0;
  virtual void submit_withdrawal(WithdrawCommand command, Answer<Booked> answer) = 0;
  virtual void submit_adjustment(AdjustCommand command, Answer<Booked> answer) = 0;
  virtual void submit_transfer(TransferCommand command, Answer<Booked> answer) = 0;
  /// `evaluation` (at most max_evaluation_bytes) is kept beside the record, opaque. A known request
  /// id with the same hash is answered with the first facts, with another hash
  /// Code::idempotency_mismatch.
  virtual void submit_purchase(PurchaseCommand command, Bytes evaluation,
                               Answer<PurchaseFacts> answer) = 0;
  /// The caller has verified the voucher; more vouchers given up than bought are
  /// Code::voucher_invalid all the same. The same voucher with the same hash for the same end is
  /// answered with the first facts, else Code::voucher_spent. `kept` is what the answer needs.
  /// Of an offer that is good for several homes, so many different redemptions are applied.
  virtual void submit_redemption(RedeemCommand command, Bytes kept,
                                 Answer<VoucherFacts> answer) = 0;
  virtual void submit_refund(RefundCommand command, Answer<VoucherFacts> answer) = 0;
  /// `side` is written with it when it is applied; its keys must be new, else
  /// Code::idempotency_mismatch.
  virtual void submit_exchange(ExchangeCommand command, Bytes kept, store::Batch side,
                               Answer<VoucherFacts> answer) = 0;
  /// These four answer with the index of the record; what is in force already is `repeated`.
  virtual void submit_account_state(AccountStateCommand command, Answer<Booked> answer) = 0;
  virtual void submit_limits(LimitsCommand command, Answer<Booked> answer) = 0;
  virtual void submit_fees(FeesCommand command, Answer<Booked> answer) = 0;
  /// Code::unknown_epoch when it is not above the last, Code::idempotency_mismatch when it is known
  /// with another key.
  virtual void submit_epoch(EpochCommand command, Answer<Booked> answer) = 0;
  /// Durable writes of other rooms (torrents, mailboxes) that ride along in the next batch. Their
  /// keys must not begin with "b/". Answers with the size of the journal at that commit.
  virtual void submit_side(store::Batch side, Answer<std::uint64_t> answer) = 0;

  /// Any thread. An error: the books cannot be written now; the sentence says why.
  virtual Result<void> ready() const = 0;
  virtual EngineStats stats() const = 0;

  /// Reads, any thread: what is committed.
  virtual Result<std::optional<PurchaseFacts>> purchase(const RequestId& id) const = 0;
  virtual Result<std::optional<TransferFacts>> transfer(const RequestId& id) const = 0;
  virtual Result<std::optional<VoucherFacts>> voucher(const VoucherInput& voucher) const = 0;
  /// See BooksView::share.
  virtual Result<std::optional<VoucherFacts>> share(
      const VoucherInput& voucher, const crypto::Sha256Digest& request_hash) const = 0;
  virtual std::optional<OfferTerms> offer_terms(const OfferId& offer) const = 0;
  /// The main wallets', one per currency; Code::unknown_account.
  virtual Result<std::vector<money::Amount>> balances(const identity::HomeAddress& home) const = 0;
  /// Of all pockets, the main wallets (0) too. Code::unknown_account.
  virtual Result<std::vector<WalletBalance>> wallets(const identity::HomeAddress& home) const = 0;
  /// Entries above journal index `after`, oldest first, over all wallets of the home; one more than
  /// `limit` when a transfer, which is two of one index, would be torn. Index 0 is never a home's,
  /// so 0 means from the beginning. Code::unknown_account.
  virtual Result<std::vector<StatementEntry>> statement(const identity::HomeAddress& home,
                                                        std::uint64_t after,
                                                        std::size_t limit) const = 0;
};

}  // namespace hearth::ledger
