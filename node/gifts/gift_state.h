// The states of a gift at both ends (docs/protocol.md §7). Answers travel through mailboxes and
// may come late, twice or out of order: a state only ever goes forward. Who owns the voucher is
// decided by the ledger alone: whoever exchanges it first. Pure.
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
  accepted = 4,   ///< the receiver has exchanged the voucher: it is theirs
  fetched = 5,
  declined = 6,      ///< the voucher is brought back
  returned = 7,      ///< could not be dropped; the voucher is brought back
  buying = 8,        ///< its parcel is not complete yet
  failed = 9,        ///< something of its parcel could not be bought; nothing was sent
  played = 10,       ///< the receiver shares that
  expired = 11,      ///< nobody accepted it in time; the voucher is brought back
  taking_back = 12,  ///< this home asks the ledger for its own voucher
  taken_back = 13,
};

enum class SentEvent {
  ready,
  give_up,
  dropped,
  undeliverable,
  delivered,
  accepted,
  fetched,
  played,
  declined,
  expired,    ///< the receiver's node says so
  take_back,  ///< a person, or the time, asks for the voucher
  back,       ///< the ledger gave a fresh voucher for it: taken back
  back_late,  ///< the same, because its time was over: expired
  was_used,   ///< the receiver was faster
};
SentEvent event_of(wire::GiftAnswer::State state);

/// nullopt: the event changes nothing.
std::optional<SentState> next_state(SentState state, SentEvent event);
/// True when the event means that the receiver will not use the voucher: it is exchanged, because
/// the receiver has seen its key.
bool brings_back(SentEvent event);

/// At the receiver. Append only: stored.
enum class ReceivedState : std::uint8_t {
  waiting = 1,
  accepted = 2,  ///< the voucher is being exchanged, or has been
  fetching = 3,
  fetched = 4,
  declined = 5,
  used_up = 6,  ///< somebody else used the voucher
  expired = 7,  ///< its time ran out while it waited
};

enum class ReceivedEvent { accept, fetch_begun, fetch_ended, decline, find_used, run_out };
std::optional<ReceivedState> next_state(ReceivedState state, ReceivedEvent event);

std::string_view name_of(SentState state);
std::string_view name_of(ReceivedState state);

}  // namespace hearth::node
