// The prose of the manual page of hearth-ledger; commands and options come from arguments.h.
#pragma once

#include "common/cli/manual.h"

namespace hearth::ledger {

cli::Manual hearth_ledger_manual();

}  // namespace hearth::ledger
