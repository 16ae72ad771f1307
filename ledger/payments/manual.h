// The provider that is a person: the operator saw the money (bank statement, cash) and says whose
// it is, as {"account","amount","reference"}: the arguments of `hearth-ledger deposit`. Who the
// operator is was settled before: by the admin socket's file mode, or by an operator's key.
#pragma once

#include "ledger/payments/money_order.h"
#include "ledger/payments/provider.h"

namespace hearth::ledger::payments {

class ManualProvider : public PaymentProvider {
 public:
  /// `by`: the operator's name; `find` says what account is meant.
  ManualProvider(std::string by, FindAccount find) : by_(std::move(by)), find_(std::move(find)) {}
  const std::string& name() const override { return name_; }
  /// The body is JSON. Always a Payment; the errors of read_money_order().
  Result<Reading> read(const Delivery& delivery) const override;

 private:
  std::string name_ = "manual";
  std::string by_;
  FindAccount find_;
};

}  // namespace hearth::ledger::payments
