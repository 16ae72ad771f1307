// One batch on its way to the store: commands are applied one after another to the machine's
// overlay and the copy of the tree, and what they come to is collected for one commit. Until
// accept() nothing outside has changed; reject() leaves everything as it was.
//
// A command sees what the commands before it in the batch did: the rows that decide about
// idempotency (homes, deposits, requests, spent vouchers) are looked up here first, then in the
// store. Writer thread only.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "ledger/engine/books_view.h"
#include "ledger/engine/engine.h"

namespace hearth::ledger {

class OpenBatch {
 public:
  OpenBatch(Machine& machine, const Tree& tree, const store::View& committed);
  /// Drops the overlay unless accepted.
  ~OpenBatch();
  OpenBatch(const OpenBatch&) = delete;
  OpenBatch& operator=(const OpenBatch&) = delete;

  Result<std::uint64_t> keep_currencies(const std::vector<money::Currency>& kept, UtcMs at_ms);
  Result<std::uint64_t> open(const OpenCommand& command);
  Result<std::uint64_t> offer(const OfferTerms& terms, const store::Batch& side, UtcMs at_ms);
  Result<AppliedDeposit> deposit(const DepositCommand& command);
  Result<Bytes> purchase(const PurchaseCommand& command,
                         const std::function<Bytes(const AppliedPurchase&)>& receipt);
  Result<Bytes> redeem(const RedeemCommand& command,
                       const std::function<Bytes(const AppliedRedemption&)>& access);
  Result<std::uint64_t> side(const store::Batch& batch);

  /// Everything to be committed; empty when all commands were refused or repeated. Once.
  const store::Batch& finish();
  const Tree& tree() const { return tree_; }
  /// The commit succeeded: the overlay becomes the state.
  void accept();

 private:
  /// Overlay of the batch first, then the store.
  Result<std::optional<Bytes>> get(const Bytes& key) const;
  template <class Row>
  Result<std::optional<Row>> row(const Bytes& key, std::optional<Row> (*decode)(ByteView)) const;
  /// Writes a row that later commands of the batch must see.
  void put_row(const Bytes& key, Bytes value);
  /// Appends to the journal and the entries of its accounts; the record's index.
  std::uint64_t record(UtcMs at_ms, const Postings& postings, What what);

  Machine& machine_;
  Tree tree_;
  const store::View& committed_;
  store::Batch writes_;
  std::unordered_map<std::string, Bytes> rows_;
  bool accepted_ = false;
};

}  // namespace hearth::ledger
