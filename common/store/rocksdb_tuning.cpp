#include "common/store/rocksdb_tuning.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <memory>

#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <sys/resource.h>

#include "common/base/log.h"

namespace hearth::store {
namespace {

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

constexpr int tables_at_once = 8;  // are merged

/// A table that is opened again for a key reads its index and filter again, which costs more than
/// all else that a lookup does. Large books have some hundreds of tables.
int open_tables() {
  rlimit limit{};
  const rlim_t allowed = getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 1024;
  return static_cast<int>(std::clamp<rlim_t>(allowed / 4, 128, max_open_files));
}

}  // namespace

/// Sized for a home computer: 48 MiB of memory tables for a family at most, files kept open.
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
  options.max_open_files = open_tables();
  options.max_total_wal_size = 40 << 20;  // what a start after a crash reads, a second at most
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

rocksdb::ColumnFamilyOptions tuned_for(Kind::Keys keys, rocksdb::ColumnFamilyOptions options) {
  // The short log makes small tables: it costs less to look into some more of them than to merge
  // them four by four. Writers wait only when merging is far behind.
  options.level0_file_num_compaction_trigger = tables_at_once;
  options.level0_slowdown_writes_trigger = 5 * tables_at_once;
  options.level0_stop_writes_trigger = 8 * tables_at_once;
  if (keys == Kind::Keys::rewritten) return options;
  // By levels, a merge writes the whole first level again when keys are scattered, and RocksDB
  // writes each table of the last level once more to spare the numbers of its changes. Tables of
  // about the same size are merged instead: a key is written once for each time that the whole
  // grows fourfold, and not at all when the tables only have to be put behind each other.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.compaction_options_universal.allow_trivial_move = true;
  options.compaction_options_universal.size_ratio = 20;  // percent: what is about the same size
  // Nothing here is written over, so merging everything would not free anything.
  options.compaction_options_universal.max_size_amplification_percent = 1'000'000;
  // Ids and hashes become no shorter; records do.
  if (keys == Kind::Keys::scattered) options.compression = rocksdb::kNoCompression;
  return options;
}

void count_nothing() {
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
}

}  // namespace hearth::store
