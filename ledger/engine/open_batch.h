// One batch on its way to the store: commands are applied one after another to the machine and a
// copy of the journal's end, and what they come to is collected for one commit. finish() seals the
// machine's batch; it is the caller who merges it once this one is on disk, or drops it.
//
// A command sees what the commands before it did: the rows that decide about idempotency (homes,
// deposits, requests, spent vouchers) are looked up here first, then in the batch before this one
// while that is being written, then in the store.
//
// Threads: filled by one; once finished, read by any.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "ledger/engine/books_view.h"
#include "ledger/engine/engine.h"
#include "ledger/engine/salts.h"
#include "ledger/journal/tiles.h"

namespace hearth::ledger {

/// Where the journal ends, and what is counted beside the machine.
struct JournalEnd {
  Tree tree;
  Tiles tiles;
  UtcMs last_ms = 0;  ///< of the last record: times never go back
  std::uint64_t homes = 0;
};

/// By kind of record and number of the outcome.
using Tally = std::array<std::array<std::uint64_t, outcome_numbers>, record_kinds + 1>;

class OpenBatch {
 public:
  /// Machine, salts and store outlive it. `before`: a finished batch of which it is not yet known
  /// that it is on disk; nullptr: there is none. The journal ends at `end`, with that batch.
  OpenBatch(Machine& machine, const JournalEnd& end, Salts& salts, const store::View& committed,
            std::shared_ptr<const OpenBatch> before = nullptr);
  OpenBatch(const OpenBatch&) = delete;
  OpenBatch& operator=(const OpenBatch&) = delete;

  std::uint64_t keep_currencies(const std::vector<money::Currency>& kept, UtcMs at_ms);
  Result<std::uint64_t> open(OpenCommand command);
  Result<std::uint64_t> offer(OfferCommand command, const store::Batch& side);
  Result<Booked> deposit(DepositCommand command);
  Result<Booked> withdraw(WithdrawCommand command);
  Result<Booked> adjust(AdjustCommand command);
  Result<Booked> transfer(TransferCommand command);
  Result<PurchaseFacts> purchase(PurchaseCommand command, Bytes evaluation);
  Result<VoucherFacts> redeem(RedeemCommand command, Bytes kept);
  Result<VoucherFacts> refund(RefundCommand command);
  Result<VoucherFacts> exchange(ExchangeCommand command, Bytes kept, const store::Batch& side);
  Result<Booked> set_state(AccountStateCommand command);
  Result<Booked> set_limits(LimitsCommand command);
  Result<Booked> set_fees(FeesCommand command);
  Result<Booked> begin_epoch(EpochCommand command);
  Result<std::uint64_t> side(const store::Batch& batch);
  /// Finds the rows of many commands to come at once, which takes a fraction of the time. What the
  /// store held when this batch was opened stays true: whatever came later is in the batch before.
  void look_ahead(const std::vector<Bytes>& keys);

  /// No command comes after this. The second time it does nothing.
  void finish();
  /// Everything to be committed; empty when all commands were refused or repeated. The rest of
  /// these, too, is told of a finished batch.
  const store::Batch& writes() const { return writes_; }
  const Tally& tally() const { return tally_; }
  const JournalEnd& end() const { return end_; }
  const Totals& totals() const { return totals_; }
  std::size_t offers() const { return offers_; }
  /// The batch before this one is on disk.
  void forget_before() { before_.reset(); }

 private:
  /// This batch first, then the one before, then the store.
  Result<std::optional<Bytes>> get(ByteView key) const;
  /// Of this batch alone.
  std::optional<ByteView> row_here(ByteView key) const;
  template <class Row>
  Result<std::optional<Row>> row(ByteView key, std::optional<Row> (*decode)(ByteView)) const;
  /// What the machine and the tree keep in the books.
  void write_what_changed();
  /// Writes a row that later commands of the batch must see.
  void put_row(ByteView key, ByteView value);
  UtcMs not_before_last(UtcMs at_ms) const { return std::max(at_ms, end_.last_ms); }
  /// Counts the outcome; whether it was applied.
  template <class W>
  bool applied(const Verdict& verdict);
  /// Appends to the journal and the entries of its accounts; the record's index.
  std::uint64_t record(UtcMs at_ms, const Verdict& verdict, What what, ByteView evaluation = {});
  /// The record that this request id led to before.
  Result<std::optional<Kept>> known_request(ByteView key) const;
  Result<Kept> kept_at(std::uint64_t index) const;
  template <class Decide, class W>
  Result<VoucherFacts> spend(VoucherEnd end, const VoucherInput& voucher,
                             const crypto::Sha256Digest& request_hash, UtcMs at_ms, Bytes kept,
                             Decide decide, W what);
  /// A redemption of a voucher that `first` redeemed, by a further home perhaps.
  Result<VoucherFacts> share(const RedeemCommand& command, const books::SpentRow& first,
                             Bytes kept);
  /// A deposit or a withdrawal.
  template <class W, class Decide>
  Result<Booked> book(std::string_view letter, W what, UtcMs at_ms, Decide decide);

  Machine& machine_;
  JournalEnd end_;
  Salts& salts_;
  const store::View& committed_;
  std::shared_ptr<const OpenBatch> before_;
  store::Batch writes_;
  /// Hash of a row's key → its place in writes_, for rows that later commands must see.
  std::unordered_multimap<std::size_t, std::size_t> rows_;
  struct KeyHash {
    std::size_t operator()(const Bytes& key) const {
      return std::hash<std::string_view>()(as_text(key));
    }
  };
  std::unordered_map<Bytes, std::optional<Bytes>, KeyHash> seen_;  ///< in the store
  const std::uint64_t first_index_;
  std::vector<std::size_t> records_;  ///< places in writes_, from first_index_ on
  Tally tally_{};
  Totals totals_;
  std::size_t offers_ = 0;
  bool finished_ = false;
};

}  // namespace hearth::ledger
