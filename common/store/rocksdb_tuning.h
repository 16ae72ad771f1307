// How RocksDB is set up for a home computer. Internal to this room.
#pragma once

#include <rocksdb/options.h>

namespace hearth::store {

/// Of the database and of each of its families.
rocksdb::Options tuned_options();

}  // namespace hearth::store
