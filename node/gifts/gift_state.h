// The states of a gift at both ends (docs/protocol.md §7). Answers travel through mailboxes and
// may come late, twice or out of order: a state only ever goes forward. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/gift_documents.h"

namespace hearth::node {

/// At the sender. Append only: stored.
enum class SentState : std::uint8_t {
  sending = 1,    ///< in the outbox
  sent = 2,       ///< in the receiver's mailbox
  delivered = 3,  ///< the receiver's node has it
  accepted = 4,
  fetched = 5,
  declined = 6,  ///< the voucher came back
  returned = 7,  ///< could not be dropped; the voucher came back
};

enum class SentEvent { dropped, undeliverable, delivered, accepted, fetched, declined };
SentEvent event_of(wire::GiftAnswer::State state);

/// nullopt: the event changes nothing.
std::optional<SentState> next_state(SentState state, SentEvent event);
/// True when the step brings the voucher back into the sender's wallet.
bool voucher_comes_back(SentState reached);

/// At the receiver. Append only: stored.
enum class ReceivedState : std::uint8_t {
  waiting = 1,
  accepted = 2,
  fetching = 3,
  fetched = 4,
  declined = 5,
};

enum class ReceivedEvent { accept, fetch_begun, fetch_ended, decline };
std::optional<ReceivedState> next_state(ReceivedState state, ReceivedEvent event);

std::string_view name_of(SentState state);
std::string_view name_of(ReceivedState state);

}  // namespace hearth::node
