// Carries exchanges of vouchers to the ledger and back. Each is stored before it is sent and asked
// for again, the same bytes, until there is an answer, across restarts; the fresh voucher, the end
// of the exchange and what follows from it (a gift's next state, a delivery) are one commit. So of
// all homes that know a voucher exactly one gets the fresh one, and none is lost.
// docs/protocol.md §6.9, §13.
//
// Threads: loop thread only.
#pragma once

#include <functional>

#include "node/ledger_link/ledger_link.h"
#include "node/wallet/carrier.h"
#include "node/wallet/exchange.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

class Exchanges {
 public:
  /// Puts what follows into the batch that ends an exchange. `fresh` null: the ledger refused, for
  /// the reason in `exchange.problem`; else it may give the fresh voucher its first state.
  using OnEnd =
      std::function<Result<void>(store::Batch&, const Exchange& exchange, VoucherRecord* fresh)>;
  Exchanges(net::Loop& loop, Wallet& wallet, LedgerLink& ledger, Records& records,
            const identity::HomeKeys& home);
  /// `after` is told after that commit.
  void on_end(OnEnd hook, std::function<void()> after);

  /// Exchanges a voucher that came from elsewhere; one that is under way is continued, one that is
  /// done tells its fresh voucher again. Returns when the ledger has answered or after
  /// `patience_ms`; it goes on in the background. Code::voucher_spent and others: refused.
  net::Task<Result<VoucherRecord>> exchange(wire::Voucher foreign, Aim aim,
                                            std::int64_t patience_ms);
  /// The same as part of a batch: call resume() after the commit. Code::voucher_spent when this
  /// home exchanged it already, for something else.
  Result<void> put_wanted(store::Batch& batch, const wire::Voucher& old, const Aim& aim,
                          UtcMs now) const;
  net::Task<Result<VoucherRecord>> outcome(std::string id, std::int64_t patience_ms);
  /// nullopt: that voucher was never to be exchanged.
  Result<std::optional<Exchange>> of(const std::string& voucher_id) const;
  Result<std::vector<Exchange>> open() const;
  /// Runs every stored exchange that has not ended.
  void resume();
  void stop() { carrier_.stop(); }

 private:
  net::Task<Result<void>> ask(std::string id);
  net::Task<Result<Exchange>> sign(Exchange exchange);
  net::Task<Result<std::string>> send(std::string request_jws);
  Result<void> finish(Exchange exchange, const std::string& answer_jws,
                      const wire::LedgerKeys& keys);
  Result<void> refuse(Exchange exchange, const Error& why);
  Result<void> end(store::Batch& batch, const Exchange& exchange, VoucherRecord* fresh);

  Wallet& wallet_;
  LedgerLink& ledger_;
  Records& records_;
  const identity::HomeKeys& home_;
  OnEnd on_end_;
  std::function<void()> after_;
  Carrier<std::string> carrier_;
};

}  // namespace hearth::node
