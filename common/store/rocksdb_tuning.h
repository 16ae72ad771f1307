// How RocksDB is set up for a home computer. Internal to this room.
#pragma once

#include <rocksdb/options.h>

#include "common/store/store.h"

namespace hearth::store {

/// That a database keeps open; a quarter of what the process may open, if that is less.
inline constexpr unsigned max_open_files = 4096;

/// Of the database and of each of its families.
rocksdb::Options tuned_options();
/// The same for a family of such keys.
rocksdb::ColumnFamilyOptions tuned_for(Kind::Keys keys, rocksdb::ColumnFamilyOptions options);
/// For the calling thread, before it reads or writes: otherwise RocksDB counts every comparison of
/// two keys, which nobody looks at.
void count_nothing();

}  // namespace hearth::store
