// The provider that is a person: the operator saw the money (bank statement, cash) and says whose
// it is, as {"home","amount","reference"}. Who the operator is was settled before: by the admin
// socket's file mode, or by an operator's key.
#pragma once

#include "common/wire/json.h"
#include "ledger/payments/provider.h"

namespace hearth::ledger::payments {

class ManualProvider : public PaymentProvider {
 public:
  /// `by`: the operator's name.
  explicit ManualProvider(std::string by) : by_(std::move(by)) {}
  const std::string& name() const override { return name_; }
  /// The body is JSON. Always a Payment; Code::usage, amount_invalid, currency_unknown, overflow.
  Result<Reading> read(const Delivery& delivery) const override;

 private:
  std::string name_ = "manual";
  std::string by_;
};

/// ManualProvider::read() for arguments that are parsed already.
Result<Payment> read_manual_payment(const wire::Json& arguments, std::string_view by);

}  // namespace hearth::ledger::payments
