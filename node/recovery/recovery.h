// Brings a home back on an empty disk, from its wallet seed and the ledger: purchases, exchanges,
// what became of their vouchers, and the keys of the titles that were fetched before, which are
// then fetched again without paying. Each find is committed at once, so it can be interrupted
// anywhere and run again. docs/protocol.md §16.
//
// Each request is a connection of its own, and vouchers are asked about in shuffled order: nothing
// but the moment tells the ledger which of them are one home's.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <optional>

#include "node/ledger_link/ledger_link.h"
#include "node/recovery/recovered.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

struct RecoveryResult {
  std::uint64_t purchases = 0, exchanges = 0;
  std::uint64_t titles = 0;  ///< to be fetched again without paying
  std::uint64_t held = 0;    ///< vouchers that nobody has used
  std::uint64_t given = 0;   ///< vouchers that other homes used
  /// That the ledger kept for this home; nullopt: it has nothing, so they write again.
  std::optional<std::uint64_t> contacts{};
  std::uint64_t own_offers = 0;  ///< of this home, whose files are not here any more
};

class Recovery {
 public:
  using Told = std::function<void(const std::string& step, std::uint64_t done)>;
  Recovery(LedgerLink& ledger, Records& records, const identity::HomeKeys& keys, Told told)
      : ledger_(ledger), records_(records), keys_(keys), wallet_(records, keys), told_(told) {}
  /// Takes up where an earlier run ended.
  net::Task<Result<RecoveryResult>> run();

 private:
  net::Task<Result<void>> find_purchases(wire::LedgerKeys keys);
  net::Task<Result<void>> find_exchanges(wire::LedgerKeys keys);
  net::Task<Result<void>> keep(std::vector<wire::Voucher> vouchers, UtcMs at, bool received,
                               store::Batch& batch);
  net::Task<Result<void>> settle_vouchers();
  net::Task<Result<void>> settle(std::string id);
  net::Task<Result<void>> redeem_again(VoucherRecord& voucher, store::Batch& batch);
  net::Task<Result<void>> remember_title(wire::Offer offer, crypto::age::FileKey key,
                                         store::Batch& batch);
  net::Task<Result<std::optional<std::uint64_t>>> find_contacts();
  net::Task<Result<std::uint64_t>> count_own_offers();
  Result<RecoveryResult> counted() const;

  LedgerLink& ledger_;
  Records& records_;
  const identity::HomeKeys& keys_;
  Wallet wallet_;
  Told told_;
};

}  // namespace hearth::node
