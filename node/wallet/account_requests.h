// Carries refunds and transfers to the ledger and back. Each is stored before it is sent and asked
// for again, the same bytes, until there is an answer, across restarts; so a voucher is given back
// once and money moves once, whatever dies. docs/protocol.md §6.7, §6.8, §13.
//
// Threads: loop thread only.
#pragma once

#include <optional>

#include "node/ledger_link/ledger_link.h"
#include "node/wallet/account_records.h"
#include "node/wallet/carrier.h"
#include "node/wallet/wallet.h"

namespace hearth::node {

class AccountRequests {
 public:
  AccountRequests(net::Loop& loop, Wallet& wallet, LedgerLink& ledger, Records& records,
                  const identity::HomeKeys& home);

  /// Gives the voucher back for its price, into that pocket; continues when that is under way, and
  /// tells again when it is done.
  /// Returns when the ledger has answered or after `patience_ms`; it goes on in the background.
  /// Code::gift_state when the voucher is not held.
  net::Task<Result<AccountRequest>> refund(std::string voucher, std::uint32_t pocket,
                                           std::int64_t patience_ms);
  /// Continues an open transfer of the same amount between the same pockets, else begins one.
  net::Task<Result<AccountRequest>> transfer(std::uint32_t from, std::uint32_t to,
                                             money::Amount amount, std::int64_t patience_ms);
  /// What the ledger has not answered yet.
  Result<std::vector<AccountRequest>> open() const;
  /// Takes up what a stopped node left behind.
  void resume();
  void stop() { carrier_.stop(); }

 private:
  Result<AccountRequest> begin_refund(const std::string& voucher, std::uint32_t pocket);
  Result<AccountRequest> begin_transfer(AccountRequest wanted);
  net::Task<Result<AccountRequest>> outcome(std::string id, std::int64_t patience_ms);
  net::Task<Result<void>> ask(std::string id);
  net::Task<Result<void>> send(AccountRequest& request);
  Result<void> close(AccountRequest request, const std::optional<VoucherEvent>& event);
  Result<void> refuse(AccountRequest request, const Error& why, VoucherEvent event);
  Result<void> renew(const AccountRequest& old);
  void sign_transfer(AccountRequest& request) const;
  Result<AccountRequest> stored(const std::string& id) const;

  Wallet& wallet_;
  LedgerLink& ledger_;
  Records& records_;
  const identity::HomeKeys& home_;
  Carrier<std::string> carrier_;
};

}  // namespace hearth::node
