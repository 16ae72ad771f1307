#include "ledger/payments/inbox.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/codec.h"
#include "ledger/payments/webhook.h"

namespace hearth::ledger::payments {
namespace {

constexpr std::string_view events_prefix = "p/event/";
constexpr std::string_view open_prefix = "p/open/";
constexpr std::uint8_t version = 1;
constexpr std::size_t max_why = 64;

/// Neither a provider's name nor an event's id contains a zero byte.
Bytes key(std::string_view prefix, std::string_view provider, std::string_view id) {
  return Writer().raw(as_bytes(prefix)).raw(as_bytes(provider)).u8(0).raw(as_bytes(id)).take();
}

std::optional<Payment> read_payment(Reader& in, std::string_view provider, std::string_view id) {
  const identity::HomeAddress home{in.fixed<32>()};
  const std::string code = in.text(3);
  const std::int64_t minor = in.i64();
  const auto currency = money::Currency::from_code(code);
  if (!in.ok() || !currency || minor <= 0) return std::nullopt;
  return Payment{AccountId::wallet(home, *currency),
                 {minor, *currency},
                 std::string(id),
                 "webhook:" + std::string(provider)};
}

tl::unexpected<Error> damaged() {
  return fail(Code::corrupt,
              "A stored event of a payment provider is damaged. Nothing was changed; restore the "
              "last backup.");
}

}  // namespace

std::string_view state_name(EventState state) {
  switch (state) {
    case EventState::taken:
      return "taken";
    case EventState::credited:
      return "credited";
    case EventState::held:
      return "held";
  }
  return "";
}

bool Event::operator==(const Event& other) const {
  return encode_event(*this) == encode_event(other);
}

Bytes encode_event(const Event& event) {
  Writer out;
  out.u8(version).text(event.provider).text(event.id);
  out.u8(static_cast<std::uint8_t>(event.state)).i64(event.at_ms).u8(event.payment ? 1 : 0);
  if (event.payment) {
    out.raw(event.payment->account.home().key).text(event.payment->amount.currency.code());
    out.i64(event.payment->amount.minor);
  }
  out.text(event.why).bytes(event.body);
  return out.take();
}

std::optional<Event> decode_event(ByteView value) {
  Reader in(value);
  if (in.u8() != version) return std::nullopt;
  Event out;
  out.provider = in.text(32);
  out.id = in.text(max_event_id);
  const std::uint8_t state = in.u8();
  out.at_ms = in.i64();
  const std::uint8_t has_payment = in.u8();
  if (!in.ok() || state < 1 || state > 3 || has_payment > 1) return std::nullopt;
  out.state = static_cast<EventState>(state);
  if (has_payment == 1) {
    out.payment = read_payment(in, out.provider, out.id);
    if (!out.payment) return std::nullopt;
  }
  out.why = in.text(max_why);
  out.body = to_bytes(in.bytes(max_kept_body));
  if (!in.done() || !is_provider_name(out.provider)) return std::nullopt;
  if (!out.payment && out.state != EventState::held) return std::nullopt;
  return out;
}

Result<std::optional<Event>> load_event(const store::View& view, std::string_view provider,
                                        std::string_view id) {
  const auto row = view.get(key(events_prefix, provider, id));
  if (!row) return pass_on(row.error());
  if (!*row) return std::optional<Event>();
  auto event = decode_event(**row);
  if (!event || event->provider != provider || event->id != id) return damaged();
  return event;
}

store::Batch put_event(const Event& event) {
  store::Batch out;
  out.put(key(events_prefix, event.provider, event.id), encode_event(event));
  const Bytes open = key(open_prefix, event.provider, event.id);
  if (event.state == EventState::credited) {
    out.erase(open);
  } else {
    out.put(open, {});
  }
  return out;
}

bool same_payment(const Event& known, const Reading& again) {
  const auto* payment = std::get_if<Payment>(&again);
  if (payment == nullptr || !known.payment) return payment == nullptr && !known.payment;
  return known.payment->account == payment->account && known.payment->amount == payment->amount;
}

Result<void> each_event(const store::View& view, bool open_only,
                        const std::function<bool(const Event&)>& visit) {
  const std::string_view prefix = open_only ? open_prefix : events_prefix;
  const Bytes from = to_bytes(as_bytes(prefix));
  Result<void> outcome;
  auto scanned = view.scan(from, store::prefix_end(from), [&](ByteView at, ByteView value) {
    Bytes row = to_bytes(value);
    if (open_only) {
      const auto rest = at.subspan(prefix.size());
      const Bytes whole = Writer().raw(as_bytes(events_prefix)).raw(rest).take();
      auto found = view.get(whole);
      if (!found || !*found) {
        outcome = found ? Result<void>(damaged()) : Result<void>(pass_on(found.error()));
        return false;
      }
      row = std::move(**found);
    }
    const auto event = decode_event(row);
    if (!event) outcome = damaged();
    return event && visit(*event);
  });
  if (!scanned) return scanned;
  return outcome;
}

std::string deposit_reference(const Event& event) {
  return event.provider + ":" + event.id;
}

DepositCommand deposit_of(const Event& event, UtcMs now) {
  HEARTH_ASSERT(event.payment.has_value());
  DepositCommand out = deposit_of(*event.payment, now);
  out.reference = deposit_reference(event);
  return out;
}

}  // namespace hearth::ledger::payments
