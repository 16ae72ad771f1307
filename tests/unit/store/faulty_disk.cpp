#include "tests/unit/store/faulty_disk.h"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

namespace hearth::store {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class FaultyFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(FaultyDisk& disk, std::string path, std::unique_ptr<rocksdb::FSWritableFile> real)
      : FSWritableFileOwnerWrapper(std::move(real)), disk_(disk), path_(std::move(path)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    std::size_t let_through = data.size();
    const IOStatus status = disk_.before_write(path_, data, let_through);
    if (let_through > 0) {
      IOStatus appended = target()->Append(Slice(data.data(), let_through), options, debug);
      if (!appended.ok()) return appended;
      disk_.written(path_, let_through);
    }
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*checksum*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return sync_by([&] { return target()->Sync(options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return sync_by([&] { return target()->Fsync(options, debug); });
  }
  /// A hint to begin writing back: promises nothing.
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  template <class Real>
  IOStatus sync_by(Real real) {
    const std::uint64_t size = disk_.size_of(path_);
    IOStatus status = disk_.before_sync();
    if (status.ok()) status = real();
    if (status.ok()) disk_.synced(path_, size);
    return status;
  }

  FaultyDisk& disk_;
  const std::string path_;
};

class FaultyDirectory : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyDirectory(FaultyDisk& disk, std::string path, std::unique_ptr<rocksdb::FSDirectory> real)
      : FSDirectoryWrapper(std::move(real)), disk_(disk), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_.before_sync();
    if (status.ok()) status = FSDirectoryWrapper::Fsync(options, debug);
    if (status.ok()) disk_.directory_synced(path_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& /*what*/) override {
    return Fsync(options, debug);
  }

 private:
  FaultyDisk& disk_;
  const std::string path_;
};

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// RocksDB says "dir//file" in places.
std::string plain(const std::string& path) {
  return fs::path(path).lexically_normal().string();
}

}  // namespace

FaultyDisk::FaultyDisk(std::uint64_t seed)
    : FileSystemWrapper(rocksdb::FileSystem::Default()), random_(seed) {}

void FaultyDisk::fail_from(std::uint64_t nth, Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  until_fault_ = nth;
  struck_ = false;
}
void FaultyDisk::heal() {
  const std::lock_guard lock(mutex_);
  fault_.reset();
}
bool FaultyDisk::struck() const {
  const std::lock_guard lock(mutex_);
  return struck_;
}
void FaultyDisk::unplug() {
  const std::lock_guard lock(mutex_);
  unplugged_ = true;
}

void FaultyDisk::restore_names() {
  for (const auto& [path, before] : young_names_) {
    fs::remove(path);
    files_.erase(path);
    if (!before) continue;
    std::ofstream(path, std::ios::binary) << *before;
  }
  young_names_.clear();
}

void FaultyDisk::cut_power(bool torn) {
  const std::lock_guard lock(mutex_);
  for (const auto& [path, file] : files_) {
    std::uint64_t left = file.synced;
    if (torn && file.size > file.synced) left += random_() % (file.size - file.synced + 1);
    if (fs::exists(path)) fs::resize_file(path, left);
  }
  restore_names();
  files_.clear();
  fault_.reset();
  unplugged_ = false;
}

IOStatus FaultyDisk::met(bool is_sync) {
  if (unplugged_) return IOStatus::IOError("the disk is unplugged");
  if (!fault_) return IOStatus::OK();
  if (until_fault_ > 1) {
    --until_fault_;
    return IOStatus::OK();
  }
  if (*fault_ == Fault::sync_fails && !is_sync) return IOStatus::OK();
  struck_ = true;
  if (*fault_ == Fault::disk_full) return IOStatus::NoSpace("No space left on device");
  return IOStatus::IOError("Input/output error");
}

IOStatus FaultyDisk::before_write(const std::string&, const Slice& data, std::size_t& let_through) {
  const std::lock_guard lock(mutex_);
  const IOStatus status = met(false);
  if (status.ok()) return status;
  const bool half = !unplugged_ && *fault_ != Fault::write_fails;
  let_through = half ? data.size() / 2 : 0;
  return status;
}
IOStatus FaultyDisk::before_sync() {
  const std::lock_guard lock(mutex_);
  return met(true);
}
void FaultyDisk::written(const std::string& path, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  files_[path].size += bytes;
}
void FaultyDisk::synced(const std::string& path, std::uint64_t up_to) {
  const std::lock_guard lock(mutex_);
  files_[path].synced = up_to;
}
std::uint64_t FaultyDisk::size_of(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  return found == files_.end() ? 0 : found->second.size;
}
void FaultyDisk::directory_synced(const std::string& dir) {
  const std::lock_guard lock(mutex_);
  std::erase_if(young_names_,
                [&dir](const auto& name) { return fs::path(name.first).parent_path() == dir; });
}

IOStatus FaultyDisk::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                     std::unique_ptr<rocksdb::FSWritableFile>* out,
                                     IODebugContext* debug) {
  const std::lock_guard lock(mutex_);
  if (unplugged_) return IOStatus::IOError("the disk is unplugged");
  const std::string name = plain(path);
  if (!young_names_.contains(name))
    young_names_[name] = fs::exists(name) ? std::optional(slurp(name)) : std::nullopt;
  std::unique_ptr<rocksdb::FSWritableFile> real;
  IOStatus status = target()->NewWritableFile(path, options, &real, debug);
  if (!status.ok()) return status;
  files_[name] = {};
  *out = std::make_unique<FaultyFile>(*this, name, std::move(real));
  return status;
}

// RocksDB uses these two with options that the store does not set.
IOStatus FaultyDisk::ReopenWritableFile(const std::string&, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSWritableFile>*,
                                        IODebugContext*) {
  return IOStatus::NotSupported("ReopenWritableFile");
}
IOStatus FaultyDisk::ReuseWritableFile(const std::string&, const std::string&,
                                       const rocksdb::FileOptions&,
                                       std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) {
  return IOStatus::NotSupported("ReuseWritableFile");
}

IOStatus FaultyDisk::NewDirectory(const std::string& path, const IOOptions& options,
                                  std::unique_ptr<rocksdb::FSDirectory>* out,
                                  IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> real;
  IOStatus status = target()->NewDirectory(path, options, &real, debug);
  if (status.ok()) *out = std::make_unique<FaultyDirectory>(*this, plain(path), std::move(real));
  return status;
}

IOStatus FaultyDisk::DeleteFile(const std::string& path, const IOOptions& options,
                                IODebugContext* debug) {
  const std::lock_guard lock(mutex_);
  if (unplugged_) return IOStatus::IOError("the disk is unplugged");
  files_.erase(plain(path));
  young_names_.erase(plain(path));
  return target()->DeleteFile(path, options, debug);
}

IOStatus FaultyDisk::RenameFile(const std::string& from, const std::string& to,
                                const IOOptions& options, IODebugContext* debug) {
  const std::lock_guard lock(mutex_);
  if (unplugged_) return IOStatus::IOError("the disk is unplugged");
  const std::string old_name = plain(from), name = plain(to);
  if (!young_names_.contains(name))
    young_names_[name] = fs::exists(name) ? std::optional(slurp(name)) : std::nullopt;
  IOStatus status = target()->RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  files_[name] = files_[old_name];
  files_.erase(old_name);
  young_names_.erase(old_name);
  return status;
}

}  // namespace hearth::store
