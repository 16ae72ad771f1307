#include "ledger/payments/manual.h"

namespace hearth::ledger::payments {
namespace {

constexpr std::size_t max_arguments = 64 * 1024;

}  // namespace

Result<Reading> ManualProvider::read(const Delivery& delivery) const {
  const auto arguments = wire::parse_json(delivery.body, max_arguments);
  if (!arguments) return pass_on(arguments.error());
  wire::Fields fields(*arguments, "deposit");
  auto order = read_money_order(fields, "reference", max_reference_bytes, find_);
  if (!order) return pass_on(std::move(order.error()));
  return Reading(Payment{order->account, order->amount, std::move(order->note), by_});
}

}  // namespace hearth::ledger::payments
