// Whether the books can be opened for writing at all; asked before anything is written to them.
#pragma once

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/store/store.h"

namespace hearth::ledger {

/// How far the clock may stand before the last record's time: restarts after small corrections of
/// the clock go on; a wrong clock would date every record wrongly until it has caught up.
inline constexpr UtcMs clock_slack_ms = 10 * 60 * 1000;

/// Code::corrupt when a newer version of this program wrote the books, Code::clock_behind when the
/// clock stands more than clock_slack_ms before the last record.
Result<void> check_books(const store::View& view, UtcMs now);

}  // namespace hearth::ledger
