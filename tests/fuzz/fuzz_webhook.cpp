// Payment providers' events: the signature header, the event behind a signature that holds, rows
// of the inbox, secret files. The input is header, line feed, body.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/assert.h"
#include "ledger/payments/configured.h"
#include "ledger/payments/inbox.h"
#include "ledger/payments/signature.h"
#include "ledger/payments/webhook.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth;
  namespace payments = ledger::payments;
  constexpr std::int64_t now_s = 1'795'348'800;
  static const payments::WebhookProvider provider("shop", {"0123456789abcdef"});
  const ByteView input(data, size);
  const auto end = std::find(input.begin(), input.end(), std::uint8_t{'\n'});
  const auto header_size = static_cast<std::size_t>(end - input.begin());
  const std::string_view header = as_text(input.first(header_size));
  const ByteView body = input.subspan(std::min(header_size + 1, size));

  const auto parsed = payments::parse_signature_header(header);
  if (parsed) HEARTH_ASSERT(!parsed->v1.empty() && parsed->v1.size() <= payments::max_signatures);
  // Nobody guesses a signature.
  HEARTH_ASSERT(!payments::verify_signature(header, body, {"0123456789abcdef"}, now_s * 1000));
  const std::string good = payments::sign_event("0123456789abcdef", now_s, body);
  const auto reading = provider.read({body, good, now_s * 1000});
  HEARTH_ASSERT(reading || body.size() > payments::max_event);
  if (reading) {
    if (const auto* payment = std::get_if<payments::Payment>(&*reading)) {
      HEARTH_ASSERT(payment->amount.minor > 0);
      const payments::Event event{
          .provider = "shop", .id = payment->reference, .payment = *payment};
      HEARTH_ASSERT(payments::decode_event(payments::encode_event(event)) == event);
      HEARTH_ASSERT(payments::deposit_reference(event).size() <= 140);
    }
  }
  if (const auto event = payments::decode_event(input)) {
    HEARTH_ASSERT(payments::encode_event(*event) == Bytes(input.begin(), input.end()));
  }
  (void)payments::read_secrets(as_text(input));
  return 0;
}
