// The store of the books as a directory. Every program that may write to it opens it so.
#pragma once

#include <filesystem>
#include <memory>

#include "common/store/store.h"

namespace hearth::ledger {

/// As store::open_rocksdb(). What purchases write is kept apart: the journal, which only ever grows
/// at its end, the requests and the waypoints, whose keys are random, and the accounts, which are
/// written over again and again (decisions 0031, 0063).
Result<std::unique_ptr<store::Store>> open_books(const std::filesystem::path& dir);

}  // namespace hearth::ledger
