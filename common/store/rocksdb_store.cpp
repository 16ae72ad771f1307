#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <system_error>

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include "common/base/assert.h"
#include "common/base/codec.h"
#include "common/base/log.h"
#include "common/store/reserved.h"
#include "common/store/rocksdb_env.h"
#include "common/store/store.h"

namespace hearth::store {
namespace {

namespace fs = std::filesystem;

rocksdb::Slice slice(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
ByteView view(const rocksdb::Slice& s) {
  return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}

bool says(const rocksdb::Status& status, std::string_view words) {
  return status.ToString().find(words) != std::string::npos;
}

tl::unexpected<Error> fail_with(const rocksdb::Status& status, const fs::path& dir,
                                std::string_view doing) {
  const std::string where = " the store in " + dir.string();
  if (status.IsNoSpace() || says(status, "No space left on device")) {
    return fail(Code::disk_full, "The disk is full: " + std::string(doing) + where +
                                     " failed and nothing of the change was kept. Make room on "
                                     "the disk; no restart is needed.");
  }
  if (says(status, "While lock file") || says(status, "lock hold by current process")) {
    return fail(Code::locked,
                "Another program uses" + where + ". Nothing was changed. Stop that program first.");
  }
  if (doing == "opening" && says(status, "No such file or directory")) {
    return fail(Code::corrupt, "A file of" + where + " is missing (" + status.ToString() +
                                   "). Nothing was changed. Restore the directory from a backup.");
  }
  if (status.IsCorruption()) {
    return fail(Code::corrupt, "Damaged data: " + std::string(doing) + where + " failed (" +
                                   status.ToString() +
                                   "). Stop the program and restore the directory from a backup.");
  }
  return fail(Code::io, std::string(doing) + where + " failed (" + status.ToString() +
                            "); nothing of the change was kept. Check the disk and that the "
                            "directory can be written, then start the program again.");
}

/// The database and where it lies; snapshots keep it open while they live.
struct Database {
  fs::path dir;
  std::unique_ptr<rocksdb::DB> db;
};

Result<std::optional<Bytes>> get_from(const Database& database, const rocksdb::ReadOptions& options,
                                      ByteView key) {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status =
      database.db->Get(options, database.db->DefaultColumnFamily(), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return fail_with(status, database.dir, "reading");
  return to_bytes(view(value));
}

Result<void> scan_from(const Database& database, rocksdb::ReadOptions options, ByteView from,
                       ByteView to, const std::function<bool(ByteView, ByteView)>& visit) {
  const rocksdb::Slice upper = slice(to);
  if (!to.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(database.db->NewIterator(options));
  const ByteView start = from.empty() || is_reserved(from) ? ByteView(first_user_key) : from;
  for (it->Seek(slice(start)); it->Valid(); it->Next()) {
    if (!visit(view(it->key()), view(it->value()))) return {};
  }
  if (!it->status().ok()) return fail_with(it->status(), database.dir, "reading");
  return {};
}

class RocksSnapshot : public View {
 public:
  explicit RocksSnapshot(std::shared_ptr<const Database> database)
      : database_(std::move(database)) {
    options_.snapshot = database_->db->GetSnapshot();
  }
  ~RocksSnapshot() override { database_->db->ReleaseSnapshot(options_.snapshot); }
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;

  Result<std::optional<Bytes>> get(ByteView key) const override {
    if (is_reserved(key)) return std::nullopt;
    return get_from(*database_, options_, key);
  }
  Result<void> scan(ByteView from, ByteView to,
                    const std::function<bool(ByteView, ByteView)>& visit) const override {
    return scan_from(*database_, options_, from, to, visit);
  }

 private:
  std::shared_ptr<const Database> database_;
  rocksdb::ReadOptions options_;
};

/// Places in the batch, by key; of equal keys the later one last, so that it wins. A key next to
/// the one before it is found fast in the memory table, and near in the processor's cache.
std::vector<std::size_t> in_key_order(const Batch& batch) {
  struct Place {
    std::uint64_t head;  ///< of the key: most comparisons end here
    std::size_t at;
  };
  std::vector<Place> places;
  places.reserve(batch.size());
  for (std::size_t at = 0; at < batch.size(); ++at) {
    std::array<std::uint8_t, 8> head{};
    const ByteView key = batch[at].key;
    std::copy_n(key.begin(), std::min(key.size(), head.size()), head.begin());
    places.push_back({Reader(head).u64(), at});
  }
  std::sort(places.begin(), places.end(), [&batch](const Place& a, const Place& b) {
    if (a.head != b.head) return a.head < b.head;
    const int order = slice(batch[a.at].key).compare(slice(batch[b.at].key));
    return order != 0 ? order < 0 : a.at < b.at;
  });
  std::vector<std::size_t> out;
  out.reserve(places.size());
  for (const Place& place : places) out.push_back(place.at);
  return out;
}

class RocksStore : public Store {
 public:
  RocksStore(std::shared_ptr<const Database> database, std::uint64_t epoch)
      : database_(std::move(database)), epoch_(epoch) {}

  Result<std::optional<Bytes>> get(ByteView key) const override {
    if (is_reserved(key)) return std::nullopt;
    return get_from(*database_, {}, key);
  }
  Result<void> scan(ByteView from, ByteView to,
                    const std::function<bool(ByteView, ByteView)>& visit) const override {
    return scan_from(*database_, {}, from, to, visit);
  }

  Result<void> commit(const Batch& batch, std::uint64_t writer_epoch) override {
    const std::lock_guard lock(mutex_);
    HEARTH_ASSERT(writer_epoch <= epoch_);
    if (writer_epoch < epoch_) return fail(Code::locked, fenced_sentence);
    rocksdb::WriteBatch write(batch.size_bytes() + 32 * batch.size() + 32);
    for (const std::size_t place : in_key_order(batch)) {
      const Batch::Entry entry = batch[place];
      const rocksdb::Status added = entry.value ? write.Put(slice(entry.key), slice(*entry.value))
                                                : write.Delete(slice(entry.key));
      if (!added.ok()) return fail_with(added, database_->dir, "writing");
    }
    return write_synced(write);
  }

  Result<std::uint64_t> claim() override {
    const std::lock_guard lock(mutex_);
    rocksdb::WriteBatch write;
    const Bytes value = Writer().u8(1).u64(epoch_ + 1).take();
    const rocksdb::Status added = write.Put(slice(epoch_key), slice(value));
    if (!added.ok()) return fail_with(added, database_->dir, "writing");
    if (auto written = write_synced(write); !written) return pass_on(written.error());
    return ++epoch_;
  }

  std::unique_ptr<View> snapshot() const override {
    return std::make_unique<RocksSnapshot>(database_);
  }

  Result<void> copy_to(const fs::path& dir) const override {
    rocksdb::Checkpoint* made = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(database_->db.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    if (status.ok()) status = checkpoint->CreateCheckpoint(dir.string());
    if (!status.ok()) return fail_with(status, dir, "copying to");
    return {};
  }

 private:
  /// A failed write puts RocksDB into a read-only state. The next write asks it to leave that
  /// state, so that room on the disk is all it takes to go on.
  Result<void> write_synced(rocksdb::WriteBatch& write) {
    if (failed_) {
      const rocksdb::Status resumed = database_->db->Resume();
      if (!resumed.ok()) return fail_with(resumed, database_->dir, "writing");
      failed_ = false;
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    const rocksdb::Status status = database_->db->Write(options, &write);
    if (!status.ok()) {
      failed_ = true;
      return fail_with(status, database_->dir, "writing");
    }
    return {};
  }

  std::shared_ptr<const Database> database_;
  std::mutex mutex_;
  // Guards: epoch_, failed_, and the order of writes.
  std::uint64_t epoch_;
  bool failed_ = false;
};

/// RocksDB's warnings in our log. Its own LOG file is not to be had: as Debian builds it, RocksDB
/// aborts when it writes to that file after a full disk made it fail once.
class LogLines : public rocksdb::Logger {
 public:
  LogLines() : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    char line[512];
    std::vsnprintf(line, sizeof line, format, arguments);
    spdlog::warn("RocksDB: {}", line);
  }
};

/// RocksDB would look for room every few seconds by itself and refuse Resume() meanwhile; the
/// next commit asks at once instead.
class NoRecoveryInBackground : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

/// Keys of one kind, "b/j" of the books for one, begin with so many bytes of their own.
constexpr std::size_t bytes_of_kind = 3;

/// Sized for a home computer: about 100 MiB at most, few open files.
rocksdb::Options tuned_options() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = 16 << 20;
  options.max_write_buffer_number = 3;
  // One writer, whose batches come in order of keys: each key is looked for from where the last one
  // of its kind (the first bytes) went. A filter says that a new request id is new.
  options.allow_concurrent_memtable_write = false;
  options.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(bytes_of_kind));
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.02;
  options.max_open_files = 256;
  options.max_total_wal_size = 64 << 20;
  options.info_log = std::make_shared<LogLines>();
  options.max_manifest_file_size = 16 << 20;
  options.max_background_jobs = 2;
  options.stats_dump_period_sec = 0;
  options.listeners.push_back(std::make_shared<NoRecoveryInBackground>());
  // Whatever was synced must be there; only a write that a crash cut off may be missing.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.compression = rocksdb::kNoCompression;
  for (const rocksdb::CompressionType type : rocksdb::GetSupportedCompressions()) {
    if (type == rocksdb::kLZ4Compression) options.compression = type;
  }
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(32 << 20);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Indexes and filters stay with the open tables, 10 bits a key. In the block cache a large
  // table's filter is more than a shard of it, and each lookup would read the whole filter again.
  table.cache_index_and_filter_blocks = false;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

Result<std::uint64_t> stored_epoch(const Database& database) {
  auto stored = get_from(database, {}, epoch_key);
  if (!stored) return pass_on(stored.error());
  if (!*stored) return 0;
  Reader reader(**stored);
  const std::uint8_t version = reader.u8();
  const std::uint64_t epoch = reader.u64();
  if (!reader.done() || version != 1) {
    return fail(Code::corrupt, "The store in " + database.dir.string() +
                                   " has an unreadable writer epoch. Restore the directory from a "
                                   "backup, or use the program version that wrote it.");
  }
  return epoch;
}

/// Without its file CURRENT RocksDB would begin a new, empty database over the old one's files.
Result<void> check_not_beheaded(const fs::path& dir) {
  std::error_code ec;
  if (fs::exists(dir / "CURRENT", ec)) return {};
  for (const auto& entry : fs::directory_iterator(dir, ec)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("MANIFEST-") || name.ends_with(".sst"))
      return fail(Code::corrupt, "The file CURRENT is missing in " + dir.string() +
                                     ", though there is data. Nothing was changed. Restore the "
                                     "directory from a backup.");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocksdb(const fs::path& dir) {
  return open_rocksdb_on(nullptr, dir);
}

Result<std::unique_ptr<Store>> open_rocksdb_on(rocksdb::Env* env, const fs::path& dir) {
  std::error_code ec;
  fs::create_directories(dir, ec);
  if (ec) {
    return fail(ec == std::errc::no_space_on_device ? Code::disk_full : Code::io,
                "The directory " + dir.string() + " cannot be made (" + ec.message() +
                    "); nothing was changed.");
  }
  if (auto whole = check_not_beheaded(dir); !whole) return pass_on(whole.error());
  auto database = std::make_shared<Database>();
  database->dir = dir;
  rocksdb::DB* opened = nullptr;
  rocksdb::Options options = tuned_options();
  if (env != nullptr) options.env = env;
  const rocksdb::Status status = rocksdb::DB::Open(options, dir.string(), &opened);
  if (!status.ok()) return fail_with(status, dir, "opening");
  database->db.reset(opened);
  auto epoch = stored_epoch(*database);
  if (!epoch) return pass_on(epoch.error());
  return std::make_unique<RocksStore>(std::move(database), *epoch);
}

}  // namespace hearth::store
