// A disk whose writes fail on command and that forgets, when its power goes, what was not synced:
// a RocksDB file system around the real one. Any thread.
//
// What survives a power cut, as POSIX allows it: of each file what was synced, and of what was
// written behind it a random part (a torn write); of each directory the names as they were when
// it was last synced, so that newer files are gone and renamed files have their old content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

namespace hearth::store {

enum class Fault {
  write_fails,  ///< an append is refused, EIO
  write_torn,   ///< an append writes half and is refused
  disk_full,    ///< an append writes half, ENOSPC
  sync_fails,   ///< a sync is refused, EIO
};

class FaultyDisk : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyDisk(std::uint64_t seed);
  const char* Name() const override { return "FaultyDisk"; }

  /// The `nth` append or sync from now on (1: the next) meets `fault`, and so does every later
  /// one until heal().
  void fail_from(std::uint64_t nth, Fault fault);
  void heal();
  /// Whether a fault has been met since the last fail_from().
  bool struck() const;
  /// From now on nothing reaches the disk: the program is about to be gone.
  void unplug();
  /// After unplug(), when nobody has a file open: what is left is as after a power cut. `torn`: of
  /// what was not synced a random part is there, else nothing.
  void cut_power(bool torn);

  // What files and directories report.
  rocksdb::IOStatus before_write(const std::string& path, const rocksdb::Slice& data,
                                 std::size_t& let_through);
  rocksdb::IOStatus before_sync();
  void written(const std::string& path, std::uint64_t bytes);
  void synced(const std::string& path, std::uint64_t up_to);
  std::uint64_t size_of(const std::string& path) const;
  void directory_synced(const std::string& dir);

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* out,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& path, const std::string& old_path,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* out,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* out,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  struct File {
    std::uint64_t size = 0;
    std::uint64_t synced = 0;
  };
  rocksdb::IOStatus met(bool is_sync);
  void restore_names();

  mutable std::mutex mutex_;  // Guards: everything below
  std::mt19937_64 random_;
  std::map<std::string, File> files_;
  /// Names made since their directory was last synced, with what was there before (nothing: a new
  /// name).
  std::map<std::string, std::optional<std::string>> young_names_;
  std::optional<Fault> fault_;
  std::uint64_t until_fault_ = 0;
  bool struck_ = false;
  bool unplugged_ = false;
};

}  // namespace hearth::store
