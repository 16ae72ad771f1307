// Storage behind one narrow interface: ordered keys, one atomic synced batch that carries the
// writer's fencing epoch, snapshots, range scans. RocksDB is the first backend (rocksdb_store.cpp);
// every backend passes tests/unit/store/store_contract.h. A key is not empty and does not begin
// with 0x00: those keys belong to the store itself.
//
// Threads: reads from any thread; commit() from one writer at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::store {

/// Puts and deletes that become visible and durable together. Later entries win. Keys and values
/// lie in one piece of memory, copied once.
class Batch {
 public:
  void put(ByteView key, ByteView value);
  void erase(ByteView key);
  /// Good until the batch changes.
  struct Entry {
    ByteView key;
    std::optional<ByteView> value;  ///< nullopt: erase
  };
  Entry operator[](std::size_t i) const;
  std::size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }
  std::size_t size_bytes() const { return bytes_.size(); }

  class Entries {
   public:
    class Iterator {
     public:
      using iterator_category = std::input_iterator_tag;
      using value_type = Entry;
      using difference_type = std::ptrdiff_t;
      using pointer = const Entry*;
      using reference = Entry;
      Iterator(const Batch& batch, std::size_t at) : batch_(&batch), at_(at) {}
      Entry operator*() const { return (*batch_)[at_]; }
      Iterator& operator++() { return ++at_, *this; }
      bool operator==(const Iterator& other) const { return at_ == other.at_; }

     private:
      const Batch* batch_;
      std::size_t at_;
    };
    explicit Entries(const Batch& batch) : batch_(batch) {}
    Iterator begin() const { return {batch_, 0}; }
    Iterator end() const { return {batch_, batch_.size()}; }
    std::size_t size() const { return batch_.size(); }

   private:
    const Batch& batch_;
  };
  Entries entries() const { return Entries(*this); }

 private:
  struct Place {
    std::size_t at;
    std::uint32_t key_size;
    std::uint32_t value_size;
    bool is_put;
  };
  Bytes bytes_;
  std::vector<Place> places_;
};

class View {
 public:
  virtual ~View() = default;
  /// nullopt: no such key.
  virtual Result<std::optional<Bytes>> get(ByteView key) const = 0;
  /// As get() of each; RocksDB finds many keys together in a fraction of the time.
  virtual Result<std::vector<std::optional<Bytes>>> get_all(const std::vector<Bytes>& keys) const;
  /// Keys in [from, to), ascending; stops when `visit` returns false. An empty `to`: to the end.
  virtual Result<void> scan(
      ByteView from, ByteView to,
      const std::function<bool(ByteView key, ByteView value)>& visit) const = 0;
};

class Store : public View {
 public:
  /// Durable (synced) when it returns. Code::disk_full, Code::io, Code::locked when
  /// `writer_epoch` is older than the highest that has claimed the store. On failure nothing of
  /// the batch is visible.
  virtual Result<void> commit(const Batch& batch, std::uint64_t writer_epoch) = 0;
  /// Claims the store for a new writer; older epochs can no longer commit.
  virtual Result<std::uint64_t> claim() = 0;
  /// A consistent view that later commits do not change.
  virtual std::unique_ptr<View> snapshot() const = 0;
  /// A copy of one moment as a directory that open_rocksdb() opens, synced when it returns;
  /// commits go on meanwhile. `dir` must not exist, its parent must. On failure nothing is left.
  /// Code::disk_full, Code::io. Here: by a snapshot's scan; RocksDB links its own files.
  virtual Result<void> copy_to(const std::filesystem::path& dir) const;
};

/// The first key after all keys that begin with `prefix` (empty when there is none).
Bytes prefix_end(ByteView prefix);

/// Keys that are many and get tables of their own.
struct Kind {
  /// How they come, so that little is written again when tables are merged.
  enum class Keys {
    rewritten,  ///< the same ones again and again
    scattered,  ///< new ones anywhere among the others, which stay as they are
    ascending,  ///< new ones behind all others, which stay as they are
  };
  std::string prefix;  ///< all of them begin with it, and nothing else does
  Keys keys = Keys::rewritten;
};

/// Code::locked, Code::corrupt, Code::io, Code::disk_full. Creates it when missing. The kinds stay
/// apart whoever opens the store later; none begins with another one.
Result<std::unique_ptr<Store>> open_rocksdb(const std::filesystem::path& dir,
                                            const std::vector<Kind>& kinds_apart = {});
/// For tests and for audit's fresh state.
std::unique_ptr<Store> open_memory();

}  // namespace hearth::store
