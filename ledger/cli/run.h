// `hearth-ledger`: parses, chooses the road, prints. Exit 0 done, 1 refused or failed with one
// sentence on stderr, 2 wrong usage.
#pragma once

namespace hearth::ledger {

int run_hearth_ledger(int argc, char** argv);

}  // namespace hearth::ledger
