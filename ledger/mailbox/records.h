// How mailboxes lie in the store; every record begins with its format version:
//   box/tokens/<mailbox>            the owner's definition
//   box/last/<mailbox>              the highest sequence ever given out
//   box/notebook/<mailbox>          what the owner sealed for himself; never held in memory
//   drop/meta/<mailbox><sequence>   time and size      drop/body/<mailbox><sequence>  the bytes
//   drop/seen/<mailbox><idempotency key>               sequence, time, hash of the bytes
#pragma once

#include <string_view>

#include "ledger/mailbox/mailboxes.h"

namespace hearth::ledger::mailbox_records {

inline constexpr std::uint8_t version = 1;
inline constexpr std::string_view tokens_prefix = "box/tokens/";
inline constexpr std::string_view last_prefix = "box/last/";
inline constexpr std::string_view notebook_prefix = "box/notebook/";
inline constexpr std::string_view meta_prefix = "drop/meta/";
inline constexpr std::string_view body_prefix = "drop/body/";
inline constexpr std::string_view seen_prefix = "drop/seen/";

Bytes box_key(std::string_view prefix, const MailboxKey& mailbox);
Bytes drop_key(std::string_view prefix, const MailboxKey& mailbox, std::uint64_t sequence);
Bytes seen_key(const MailboxKey& mailbox, const IdempotencyKey& idempotency);

/// All that one drop puts into the store.
store::Batch drop_batch(const PendingDrop& drop, ByteView body);

}  // namespace hearth::ledger::mailbox_records
