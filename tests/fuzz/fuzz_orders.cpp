// What operators order: signed orders, keys, deposits, accounts, periods, cursors of exports,
// limits. The first byte picks the decoder.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "common/base/assert.h"
#include "common/base/bech32.h"
#include "ledger/admin/limit_text.h"
#include "ledger/export/cursor.h"
#include "ledger/export/period.h"
#include "ledger/operators/operator_rows.h"
#include "ledger/payments/manual.h"
#include "tests/fuzz/signed.h"

namespace {

using namespace hearth;
using namespace hearth::ledger;

void check_order(std::string_view jws) {
  const auto order = read_order(jws);
  if (!order) return;
  HEARTH_ASSERT(order->content.order.args.is_object());
  const auto again = read_order(sign_order(order->content, fuzz::signer()));
  HEARTH_ASSERT(again && again->content.id == order->content.id &&
                again->content.order.args == order->content.order.args);
}

void check_key(std::string_view text) {
  const auto key = parse_operator_key(text);
  if (key) HEARTH_ASSERT(parse_operator_key(operator_key_text(*key)).value() == *key);
}

void check_deposit(ByteView body) {
  static const payments::ManualProvider provider(
      "anna", [](const std::string& text, const money::Currency& currency) -> Result<AccountId> {
        const auto account = parse_account(text);
        if (!account) return pass_on(account.error());
        return AccountId::wallet(account->home, account->currency.value_or(currency),
                                 account->pocket);
      });
  const auto reading = provider.read({body, {}, 0});
  if (!reading) return;
  const auto& payment = std::get<payments::Payment>(*reading);
  HEARTH_ASSERT(payment.amount.minor > 0 && !payment.reference.empty());
  HEARTH_ASSERT(payment.account.is_in(payment.amount.currency));
}

void check_period(std::string_view text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto period =
      parse_period(text.substr(0, end), text.substr(std::min(end + 1, text.size())));
  if (period && period->from && period->to) HEARTH_ASSERT(*period->from <= *period->to);
}

void check_cursor(std::string_view text) {
  constexpr std::uint64_t records = 1'000;
  const auto place = read_cursor(text, records);
  if (!place) return;
  HEARTH_ASSERT(place->begin <= place->end && place->end <= records);
  HEARTH_ASSERT(write_cursor(read_cursor(write_cursor(*place), records).value()) ==
                write_cursor(*place));
}

void check_limit(ByteView body) {
  const auto json = wire::parse_json(body, 64 * 1024);
  if (!json) return;
  wire::Fields fields(*json, "limits");
  std::int64_t limit = 5;
  const auto euros = money::Currency::from_code("EUR").value();
  if (read_limit(fields, "per_day", euros, limit)) HEARTH_ASSERT(limit >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input(data + 1, size - 1);
  const std::string_view text = as_text(input);
  switch (data[0] % 7) {
    case 0:
      check_order(text);
      break;
    case 1:
      check_order(fuzz::signed_payload("hearth/operator/1", input));
      break;
    case 2:
      check_key(text);
      check_key(bech32::encode("operator", input));  // check characters that hold
      (void)checked_operator_name(text);
      break;
    case 3:
      check_deposit(input);
      break;
    case 4:
      check_period(text);
      break;
    case 5:
      check_cursor(text);
      break;
    default:
      check_limit(input);
      (void)parse_account(text);
  }
  return 0;
}
