// What the books keep once and overwrite (balances, homes, offers, what is in force, the tree and
// its upper tiles), compared with what the replay came to. Each returns the first difference.
#pragma once

#include "common/store/store.h"
#include "ledger/admin/replay.h"

namespace hearth::ledger {

/// `stored` as the books gave it; a tree that cannot be read is a difference.
std::optional<Difference> compare_tree(const Result<Tree>& stored, const Replay& replay);
/// Everything else. Errors are the store's own.
Result<std::optional<Difference>> compare_state(const store::View& view, Replay& replay);

}  // namespace hearth::ledger
