// Events of payment providers. Loop thread.
#pragma once

#include "ledger/api/rooms.h"

namespace hearth::ledger {

/// Begins to credit what is in the inbox and not in the books: what a crash left there, and on
/// request what is held, since its home may have opened an account meanwhile.
void settle_payments(RoomsPtr rooms, bool held_too);

}  // namespace hearth::ledger
