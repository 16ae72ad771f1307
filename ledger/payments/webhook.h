// The provider behind POST /v1/payments/webhook/NAME. Events are JSON as Stripe sends them:
//   {"id":"evt_…","type":"payment_intent.succeeded",
//    "data":{"object":{"amount_received":350,"currency":"eur","metadata":{"home":"home1…"}}}}
// with amounts in minor units and the home address in the payment's metadata. Other types are no
// payments. docs/protocol.md §8.2
#pragma once

#include <vector>

#include "ledger/payments/provider.h"

namespace hearth::ledger::payments {

inline constexpr std::size_t max_event = 64 * 1024;
inline constexpr std::size_t max_event_id = 100;
inline constexpr std::string_view payment_event = "payment_intent.succeeded";

class WebhookProvider : public PaymentProvider {
 public:
  /// `secrets`: those that may sign now, at least one, none of them empty.
  WebhookProvider(std::string name, std::vector<std::string> secrets);
  const std::string& name() const override { return name_; }
  /// Code::usage, Code::bad_signature, Code::stale_request; too_large above max_event.
  Result<Reading> read(const Delivery& delivery) const override;

 private:
  std::string name_;
  std::vector<std::string> secrets_;
};

/// The event itself, after its signature; `by` as in Payment.
Reading read_event(ByteView body, std::string_view by);

}  // namespace hearth::ledger::payments
