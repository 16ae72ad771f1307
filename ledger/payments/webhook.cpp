#include "ledger/payments/webhook.h"

#include <algorithm>
#include <limits>

#include "common/base/assert.h"
#include "common/crypto/hash.h"
#include "common/wire/json.h"
#include "ledger/payments/signature.h"

namespace hearth::ledger::payments {
namespace {

bool is_event_id(std::string_view id) {
  return !id.empty() && id.size() <= max_event_id &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// An event whose id cannot be read is known by its bytes.
std::string id_of_bytes(ByteView body) {
  return "sha256-" + to_hex(crypto::sha256(body));
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// What of the payment goes to whom. Code::usage, Code::currency_unknown.
Result<Payment> read_payment(const wire::Json& data) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  wire::Fields outer(data, "event's data");
  const wire::Json& object = outer.object("object");
  if (!outer.ok()) return pass_on(outer.error());
  wire::Fields fields(object, "payment");
  const std::int64_t minor = fields.integer("amount_received", 1, most);
  const std::string code = fields.required_text("currency", 3);
  const wire::Json& metadata = fields.object("metadata");
  if (!fields.ok()) return pass_on(fields.error());
  wire::Fields notes(metadata, "payment's metadata");
  const std::string address = notes.required_text("home", 200);
  if (!notes.ok()) return pass_on(notes.error());
  const auto currency = money::Currency::from_code(upper(code));
  if (!currency) return pass_on(currency.error());
  const auto home = identity::parse_home_address(address);
  if (!home) return pass_on(home.error());
  return Payment{AccountId::wallet(*home, *currency), {minor, *currency}, {}, {}};
}

}  // namespace

WebhookProvider::WebhookProvider(std::string name, std::vector<std::string> secrets)
    : name_(std::move(name)), secrets_(std::move(secrets)) {
  HEARTH_ASSERT(is_provider_name(name_) && !secrets_.empty());
  // With an empty key anybody could sign.
  for (const std::string& secret : secrets_) HEARTH_ASSERT(!secret.empty());
}

Result<Reading> WebhookProvider::read(const Delivery& delivery) const {
  if (delivery.body.size() > max_event) {
    return fail(Code::too_large, "The event is larger than 64 KiB. Nothing was credited.");
  }
  auto signed_well = verify_signature(delivery.signature, delivery.body, secrets_, delivery.now);
  if (!signed_well) return pass_on(std::move(signed_well.error()));
  return read_event(delivery.body, "webhook:" + name_);
}

Reading read_event(ByteView body, std::string_view by) {
  const auto event = wire::parse_json(body, max_event);
  if (!event) return Unclear{id_of_bytes(body), event.error()};
  wire::Fields fields(*event, "event");
  const std::string id = fields.required_text("id", max_event_id);
  const std::string type = fields.required_text("type", 100);
  if (!fields.ok()) return Unclear{id_of_bytes(body), fields.error()};
  if (!is_event_id(id)) {
    return Unclear{id_of_bytes(body), {Code::usage, "The event's id is not printable ASCII."}};
  }
  if (type != payment_event) return NoPayment{type};
  const wire::Json& data = fields.object("data");
  if (!fields.ok()) return Unclear{id, fields.error()};
  auto payment = read_payment(data);
  if (!payment) return Unclear{id, std::move(payment.error())};
  payment->reference = id;
  payment->by = std::string(by);
  return std::move(*payment);
}

}  // namespace hearth::ledger::payments
