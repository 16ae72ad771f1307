// A RocksDB database with its families: kinds of keys that are kept apart from all others, in
// tables of their own. Which family a key belongs to follows from its first bytes alone, so keys
// are found, and scanned in their order, as if there were one table. Internal to this room.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include "common/store/store.h"

namespace hearth::store {

inline rocksdb::Slice slice(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline ByteView view(const rocksdb::Slice& s) {
  return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}

/// `doing`: "reading", "writing", "opening", "copying to".
tl::unexpected<Error> fail_with(const rocksdb::Status& status, const std::filesystem::path& dir,
                                std::string_view doing);

/// Snapshots keep it open while they live.
class Database {
 public:
  /// Has the families that it had before, and one for each of `kinds`: keys of these that lie
  /// elsewhere are moved there first, which takes a while the first time.
  static Result<std::shared_ptr<const Database>> open(rocksdb::Env* env,
                                                      const std::filesystem::path& dir,
                                                      const std::vector<Kind>& kinds);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::filesystem::path& dir() const { return dir_; }
  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family_of(ByteView key) const;

  Result<std::optional<Bytes>> get(const rocksdb::ReadOptions& options, ByteView key) const;
  /// As View::get_all().
  Result<std::vector<std::optional<Bytes>>> get_all(const std::vector<Bytes>& keys) const;
  /// As View::scan().
  Result<void> scan(rocksdb::ReadOptions options, ByteView from, ByteView to,
                    const std::function<bool(ByteView key, ByteView value)>& visit) const;

 private:
  /// The keys in [from, to); an empty `to`: to the end.
  struct Family {
    Bytes from, to;
    rocksdb::ColumnFamilyHandle* handle = nullptr;
  };
  Database() = default;
  Result<void> gather(const Family& family);
  /// What was written lately from memory and log into tables, if it is much.
  void flush() const;

  std::filesystem::path dir_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<Family> families_;  ///< in order of keys; all others lie in the default one
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;  ///< all, to be given back
};

}  // namespace hearth::store
