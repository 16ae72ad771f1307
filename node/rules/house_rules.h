// The rules of this home on disk ("rules/home"), its PIN ("rules/pin"), and what both decide now.
// Spending is counted from the wallet's own purchases, so there is no second book that could
// differ.
//
// Threads: loop thread only; PINs are hashed on the pool.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/net/task.h"
#include "node/rules/pin.h"
#include "node/rules/rules.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

class HouseRules {
 public:
  HouseRules(net::Pool& pool, Records& records, const Wallet& wallet)
      : pool_(pool), records_(records), wallet_(wallet) {}
  /// A gift that is being bought: its price is spent, though no purchase may have begun yet.
  struct Promise {
    std::string gift;  ///< hex; its purchase counts instead, once there is one
    wire::OfferId offer{};
    UtcMs at_ms = 0;
  };
  using Promised = std::function<Result<std::vector<Promise>>()>;
  void on_promised(Promised promised) { promised_ = std::move(promised); }
  Result<HomeRules> rules() const;
  Result<void> store(const HomeRules& rules);
  /// `received_month`: bytes accepted in this local month.
  Result<Verdict> judge(const Offering& what, std::uint64_t received_month, UtcMs now) const;
  /// Of a channel that a home of that kind wants to show.
  Result<Verdict> judge_channel(const Offering& who, UtcMs now) const;

  Result<bool> has_pin() const;
  /// Nothing when there is no PIN. Code::pin_needed: none given, a wrong one, or too many of them.
  net::Task<Result<void>> check_pin(std::string pin);
  /// `fresh` empty: no PIN from now on. The old one is checked first.
  net::Task<Result<void>> set_pin(std::string old, std::string fresh);

  /// Within the limits. Code::pin_needed: above one, and the PIN would allow it;
  /// Code::limit_exceeded: above one, and there is no PIN.
  Result<void> may_spend(const money::Amount& amount, UtcMs now) const;
  Result<Spent> spent(const money::Currency& currency, UtcMs now) const;

 private:
  Result<PinState> pin_state() const;
  Result<void> store_pin(const PinState& state);

  net::Pool& pool_;
  Records& records_;
  const Wallet& wallet_;
  Promised promised_;
};

}  // namespace hearth::node
