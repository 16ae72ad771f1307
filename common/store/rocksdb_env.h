// The RocksDB backend on an environment of the caller's instead of the operating system's files:
// the seam through which tests make writes fail and power go. Only store code and its tests.
#pragma once

#include <filesystem>
#include <memory>

#include "common/store/store.h"

namespace rocksdb {
class Env;
}

namespace hearth::store {

/// As open_rocksdb(); `env` outlives the store and its snapshots. nullptr: the real files.
Result<std::unique_ptr<Store>> open_rocksdb_on(rocksdb::Env* env, const std::filesystem::path& dir,
                                               const std::vector<Kind>& kinds_apart = {});

}  // namespace hearth::store
