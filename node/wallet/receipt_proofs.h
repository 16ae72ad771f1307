// Sees to it that every receipt of this home can be proven: after a purchase, in the background,
// the ledger is asked for the proof that its record is in the signed journal, and the proof is kept
// beside the receipt ("wallet/proof/<n>"); now and then the ledger's newest checkpoint is looked
// at, whether anything was bought or not. A proof that does not hold raises the alarm (history.h).
// Nothing waits for this: a ledger that is away is asked again.
//
// Threads: loop thread only. docs/protocol.md §15.
#pragma once

#include <optional>
#include <string>

#include "common/wire/receipt_proof.h"
#include "node/ledger_link/ledger_link.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

class ReceiptProofs {
 public:
  ReceiptProofs(net::Loop& loop, Records& records, Wallet& wallet, LedgerLink& ledger)
      : records_(records), wallet_(wallet), ledger_(ledger), loop_(loop), changed_(loop) {}

  void start();
  /// There may be a new receipt.
  void kick();
  void stop();

  /// Offline: the stored receipt and proof of a finished purchase against the pinned key.
  /// Code::not_found: no proof is here yet. Code::proof_invalid, Code::bad_signature.
  Result<wire::ProvenReceipt> verify(const PurchaseRecord& purchase) const;
  Result<std::optional<std::string>> proof(std::uint64_t n) const;
  /// Puts into `batch` that the finished purchases without a proof raise no alarm any more, and
  /// returns them: for a history that a person accepts (History::accept), which may not hold them.
  Result<std::vector<PurchaseRecord>> excuse(store::Batch& batch) const;
  /// Asks the ledger for the proof of one purchase, checks and keeps it.
  net::Task<Result<void>> fetch(PurchaseRecord purchase);

 private:
  net::Task<void> run();
  net::Task<Result<void>> fetch_missing();
  /// The alarm, or for an excused purchase only what is known of it.
  tl::unexpected<Error> missing(const PurchaseRecord& purchase, const std::string& what,
                                const std::string& before, const std::string& shown);

  Records& records_;
  Wallet& wallet_;
  LedgerLink& ledger_;
  net::Loop& loop_;
  net::Signal changed_;
  bool kicked_ = false;
  bool stopping_ = false;
};

}  // namespace hearth::node
