// What this home knows about its ledger's keys: the card that it pinned when it was made, and the
// signed list that it saw last. A list is believed when it is signed by the card's key, holds the
// card's epoch unchanged, changes or loses no epoch that was seen before, and each new epoch is in
// the ledger's public journal. docs/protocol.md §4, §6.1, §6.6. Pure.
#pragma once

#include <optional>

#include "common/identity/cards.h"
#include "common/wire/documents.h"

namespace hearth::node {

/// Code::wrong_pin is the alarm: the ledger shows other keys than it did.
Result<void> check_key_list(const identity::LedgerCard& card,
                            const std::optional<wire::LedgerKeys>& known,
                            const wire::LedgerKeys& shown);

/// The epochs that were not in the list seen before.
std::vector<wire::LedgerKeys::Epoch> new_epochs(const std::optional<wire::LedgerKeys>& known,
                                                const wire::LedgerKeys& shown);

}  // namespace hearth::node
