// Events of payment providers that said money has arrived, one row each, kept for good:
//   p/event/<provider>/<event id>   what it said and what became of it
//   p/open/<provider>/<event id>    nothing; there while it is not credited
// An event is written down as `taken` before the books are asked, and that row fixes to whom and
// how much: the same event id with other content is refused, and the deposit that follows is the
// same one however often it is tried (the books know it by account, amount and reference). So an
// event is credited exactly once, whatever dies between the steps. What cannot be credited (no such
// home, closed account) is `held` for the operator: the provider has the money already, and
// sending the event again would not change that.
//
// Pure: reads through a View, writes as batches that the caller commits. Not under "b/".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "common/crypto/hash.h"
#include "common/store/store.h"
#include "ledger/payments/provider.h"

namespace hearth::ledger::payments {

/// Append only.
enum class EventState : std::uint8_t {
  taken = 1,     ///< to be credited; only a crash or failing books leave it here
  credited = 2,  ///< in the books
  held = 3,      ///< cannot be credited; `why` says the reason
};
std::string_view state_name(EventState state);

struct Event {
  std::string provider;
  std::string id;
  EventState state = EventState::taken;
  UtcMs at_ms = 0;                   ///< when it first arrived
  std::optional<Payment> payment{};  ///< none: it could not be read
  std::string why{};                 ///< code name of a refusal; empty otherwise
  Bytes body{};                      ///< of one that could not be read, its first 4 KiB
  bool operator==(const Event& other) const;
};
inline constexpr std::size_t max_kept_body = 4096;

Bytes encode_event(const Event& event);
/// nullopt: damaged.
std::optional<Event> decode_event(ByteView value);

/// nullopt: not seen before. Code::corrupt, Code::io.
Result<std::optional<Event>> load_event(const store::View& view, std::string_view provider,
                                        std::string_view id);
store::Batch put_event(const Event& event);

/// Says the same: may follow the first one, as the provider repeats it.
bool same_payment(const Event& known, const Reading& again);

/// All events, or those that are not credited; stops when `visit` returns false.
Result<void> each_event(const store::View& view, bool open_only,
                        const std::function<bool(const Event&)>& visit);

/// The reference of its deposit: "NAME:EVENT ID", at most 140 bytes.
std::string deposit_reference(const Event& event);
/// Of an event with a payment: the same deposit however often it is tried.
DepositCommand deposit_of(const Event& event, UtcMs now);

}  // namespace hearth::ledger::payments
