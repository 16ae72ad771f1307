// Carries purchases to the ledger and back: stores, sends, finishes, and hands the voucher to
// what it was bought for. A purchase without an answer is asked for again, the same bytes, until
// there is one, across restarts; so nothing is paid twice and nothing paid is lost.
// docs/protocol.md §6.2, §6.3, §13.
//
// Threads: loop thread only.
#pragma once

#include <functional>

#include "node/ledger_link/ledger_link.h"
#include "node/wallet/carrier.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

class Purchases {
 public:
  /// Puts what the voucher was bought for (a delivery, a gift) into the batch that closes the
  /// purchase. A failure leaves the voucher held.
  using Fulfil = std::function<Result<void>(PurchaseRecord&, const VoucherRecord&, store::Batch&)>;
  Purchases(net::Loop& loop, Wallet& wallet, LedgerLink& ledger, Records& records, Fulfil fulfil,
            std::function<void()> after_fulfil);

  /// Continues this home's open purchase of the offer with the same aim, else begins one.
  /// Returns when the ledger has answered or after `patience_ms`; it goes on in the background.
  /// `wanted` is of a purchase that is begun; one that is open keeps its own.
  net::Task<Result<PurchaseRecord>> buy(wire::Offer offer, Intent intent, Wanted wanted,
                                        std::int64_t patience_ms);
  /// Asked right before a purchase for this home is begun, unless it was approved; a refusal ends
  /// it. Gifts are asked for when their parcel is.
  using Limit = std::function<Result<void>(const money::Amount& price)>;
  void on_limit(Limit limit) { limit_ = std::move(limit); }
  /// Takes up what a stopped node left behind.
  void resume();
  void stop() { carrier_.stop(); }

 private:
  net::Task<Result<void>> ask(std::uint64_t n);
  Result<void> settle(std::uint64_t n);
  Result<void> renew(const PurchaseRecord& record, const Error& why, const wire::LedgerKeys& keys);

  Wallet& wallet_;
  LedgerLink& ledger_;
  Records& records_;
  Fulfil fulfil_;
  std::function<void()> after_fulfil_;
  Limit limit_;
  Carrier<std::uint64_t> carrier_;
  int taken_ = 0;  ///< numbers in a row that were another machine's
};

}  // namespace hearth::node
