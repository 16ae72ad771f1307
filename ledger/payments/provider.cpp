#include "ledger/payments/provider.h"

#include <algorithm>

namespace hearth::ledger::payments {

bool is_provider_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

DepositCommand deposit_of(const Payment& payment, UtcMs now) {
  return {payment.account, payment.amount.minor, payment.reference, payment.by, now};
}

}  // namespace hearth::ledger::payments
