#include "ledger/payments/manual.h"

#include "common/base/names.h"

namespace hearth::ledger::payments {
namespace {

constexpr std::size_t max_arguments = 64 * 1024;
constexpr std::size_t max_reference = 140;

}  // namespace

Result<Payment> read_manual_payment(const wire::Json& arguments, std::string_view by) {
  wire::Fields fields(arguments, "deposit");
  const std::string address = fields.required_text("home", 200);
  const std::string amount_text = fields.required_text("amount", 64);
  const std::string reference = fields.required_text("reference", max_reference);
  if (!fields.ok()) return pass_on(fields.error());
  const auto home = identity::parse_home_address(address);
  if (!home) return pass_on(home.error());
  const auto amount = money::parse(amount_text);
  if (!amount) return pass_on(amount.error());
  if (amount->minor <= 0) {
    return fail(Code::amount_invalid, "A deposit is of more than zero. Nothing was deposited.");
  }
  const auto note = checked_note(reference, max_reference);
  if (!note || note->empty()) {
    return fail(Code::usage,
                "A deposit needs a reference of one to 140 bytes: the same deposit with the same "
                "one is made only once. Nothing was deposited.");
  }
  return Payment{*home, *amount, *note, std::string(by)};
}

Result<Reading> ManualProvider::read(const Delivery& delivery) const {
  const auto arguments = wire::parse_json(delivery.body, max_arguments);
  if (!arguments) return pass_on(arguments.error());
  auto payment = read_manual_payment(*arguments, by_);
  if (!payment) return pass_on(std::move(payment.error()));
  return Reading(std::move(*payment));
}

}  // namespace hearth::ledger::payments
