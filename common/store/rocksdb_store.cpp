#include <algorithm>
#include <array>
#include <mutex>
#include <system_error>

#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include "common/base/assert.h"
#include "common/base/codec.h"
#include "common/store/reserved.h"
#include "common/store/rocksdb_database.h"
#include "common/store/rocksdb_env.h"
#include "common/store/rocksdb_tuning.h"
#include "common/store/store.h"

namespace hearth::store {
namespace {

namespace fs = std::filesystem;

class RocksSnapshot : public View {
 public:
  explicit RocksSnapshot(std::shared_ptr<const Database> database)
      : database_(std::move(database)) {
    options_.snapshot = database_->db().GetSnapshot();
  }
  ~RocksSnapshot() override { database_->db().ReleaseSnapshot(options_.snapshot); }
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;

  Result<std::optional<Bytes>> get(ByteView key) const override {
    if (is_reserved(key)) return std::nullopt;
    return database_->get(options_, key);
  }
  Result<void> scan(ByteView from, ByteView to,
                    const std::function<bool(ByteView, ByteView)>& visit) const override {
    return database_->scan(options_, from, to, visit);
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
    return database_->get({}, key);
  }
  Result<std::vector<std::optional<Bytes>>> get_all(const std::vector<Bytes>& keys) const override {
    return database_->get_all(keys);
  }
  Result<void> scan(ByteView from, ByteView to,
                    const std::function<bool(ByteView, ByteView)>& visit) const override {
    return database_->scan({}, from, to, visit);
  }

  Result<void> commit(const Batch& batch, std::uint64_t writer_epoch) override {
    const std::lock_guard lock(mutex_);
    HEARTH_ASSERT(writer_epoch <= epoch_);
    if (writer_epoch < epoch_) return fail(Code::locked, fenced_sentence);
    rocksdb::WriteBatch write(batch.size_bytes() + 32 * batch.size() + 32);
    for (const std::size_t place : in_key_order(batch)) {
      const Batch::Entry entry = batch[place];
      rocksdb::ColumnFamilyHandle* family = database_->family_of(entry.key);
      const rocksdb::Status added = entry.value
                                        ? write.Put(family, slice(entry.key), slice(*entry.value))
                                        : write.Delete(family, slice(entry.key));
      if (!added.ok()) return fail_with(added, database_->dir(), "writing");
    }
    return write_synced(write);
  }

  Result<std::uint64_t> claim() override {
    const std::lock_guard lock(mutex_);
    rocksdb::WriteBatch write;
    const Bytes value = Writer().u8(1).u64(epoch_ + 1).take();
    const rocksdb::Status added = write.Put(slice(epoch_key), slice(value));
    if (!added.ok()) return fail_with(added, database_->dir(), "writing");
    if (auto written = write_synced(write); !written) return pass_on(written.error());
    return ++epoch_;
  }

  std::unique_ptr<View> snapshot() const override {
    return std::make_unique<RocksSnapshot>(database_);
  }

  Result<void> copy_to(const fs::path& dir) const override {
    rocksdb::Checkpoint* made = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(&database_->db(), &made);
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
      const rocksdb::Status resumed = database_->db().Resume();
      if (!resumed.ok()) return fail_with(resumed, database_->dir(), "writing");
      failed_ = false;
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    count_nothing();
    const rocksdb::Status status = database_->db().Write(options, &write);
    if (!status.ok()) {
      failed_ = true;
      return fail_with(status, database_->dir(), "writing");
    }
    return {};
  }

  std::shared_ptr<const Database> database_;
  std::mutex mutex_;
  // Guards: epoch_, failed_, and the order of writes.
  std::uint64_t epoch_;
  bool failed_ = false;
};

Result<std::uint64_t> stored_epoch(const Database& database) {
  auto stored = database.get({}, epoch_key);
  if (!stored) return pass_on(stored.error());
  if (!*stored) return 0;
  Reader reader(**stored);
  const std::uint8_t version = reader.u8();
  const std::uint64_t epoch = reader.u64();
  if (!reader.done() || version != 1) {
    return fail(Code::corrupt, "The store in " + database.dir().string() +
                                   " has an unreadable writer epoch. Restore the directory from a "
                                   "backup, or use the program version that wrote it.");
  }
  return epoch;
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocksdb(const fs::path& dir,
                                            const std::vector<Kind>& kinds_apart) {
  return open_rocksdb_on(nullptr, dir, kinds_apart);
}

Result<std::unique_ptr<Store>> open_rocksdb_on(rocksdb::Env* env, const fs::path& dir,
                                               const std::vector<Kind>& kinds_apart) {
  std::error_code ec;
  fs::create_directories(dir, ec);
  if (ec) {
    return fail(ec == std::errc::no_space_on_device ? Code::disk_full : Code::io,
                "The directory " + dir.string() + " cannot be made (" + ec.message() +
                    "); nothing was changed.");
  }
  auto database = Database::open(env, dir, kinds_apart);
  if (!database) return pass_on(database.error());
  auto epoch = stored_epoch(**database);
  if (!epoch) return pass_on(epoch.error());
  return std::make_unique<RocksStore>(std::move(*database), *epoch);
}

}  // namespace hearth::store
