// Mailbox keys in paths, shared by the routes and the feed. Internal to this room.
#pragma once

#include "ledger/mailbox/mailboxes.h"

namespace hearth::ledger {

/// Code::unknown_mailbox when it is no key.
Result<MailboxKey> mailbox_of_path(std::string_view part);

}  // namespace hearth::ledger
