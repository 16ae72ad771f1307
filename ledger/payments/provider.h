// Where money comes in. A provider turns what it was sent into a payment that the books can
// credit, or says that there is none in it; it neither waits nor writes, and knows no sockets.
// Two kinds: `manual`, the operator who saw money at the bank or over the counter and is told at
// once what came of it, and `webhook`, events that a payment service signs and sends; inbox.h sees
// to it that each of those is credited once. From both comes the same deposit in the books.
// Threads: any; const.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/money/amount.h"
#include "ledger/machine/commands.h"

namespace hearth::ledger::payments {

/// What a provider was sent, as it came.
struct Delivery {
  ByteView body;
  std::string_view signature;  ///< the signature header; empty where the road itself is trusted
  UtcMs now = 0;
};

/// Money that has arrived for a home.
struct Payment {
  AccountId account;  ///< to be credited; from a webhook a home's main wallet
  money::Amount amount;
  std::string reference;  ///< unique with the provider for this payment; at most 140 bytes
  std::string by;         ///< the operator's name, or "webhook:NAME"
};
/// Authentic, and not about money that has arrived.
struct NoPayment {
  std::string kind;
};
/// Authentic, says that money has arrived, and cannot be credited as it stands.
struct Unclear {
  std::string reference;
  Error why;
};
using Reading = std::variant<Payment, NoPayment, Unclear>;

class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;
  /// As in the configuration and in paths: 1 to 32 of a-z, 0-9 and '-'.
  virtual const std::string& name() const = 0;
  /// An error: not authentic, or not of the form it should have; nothing is kept of it.
  virtual Result<Reading> read(const Delivery& delivery) const = 0;
};

bool is_provider_name(std::string_view name);

/// What credits it.
DepositCommand deposit_of(const Payment& payment, UtcMs now);

}  // namespace hearth::ledger::payments
