// A hash table whose entries stay where they are, one after another in the order in which they
// came: a lookup touches one small cell and the entry itself, so that a million entries cost one or
// two misses of the processor's cache. Entries go only from the end. Plain data; no thread of its
// own. The keys' hash must be good in all its bits.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "common/base/assert.h"

namespace hearth {

template <class Key, class Value, class Hash>
class StableTable {
 public:
  struct Entry {
    const Key key;
    Value value;
  };

  /// nullptr: no such key. Good until that entry goes.
  Entry* find(const Key& key) { return cells_.empty() ? nullptr : seek(key, hash_of(key)).second; }
  const Entry* find(const Key& key) const { return const_cast<StableTable*>(this)->find(key); }
  /// Made as `value` when it is not there; whether it was made.
  std::pair<Entry*, bool> try_emplace(const Key& key, Value value = Value()) {
    if (4 * (size_ + 1) > 3 * cells_.size()) grow();
    const std::uint32_t hash = hash_of(key);
    const auto [cell, found] = seek(key, hash);
    if (found) return {found, false};
    if (size_ % entries_per_block == 0) {
      blocks_.emplace_back();
      blocks_.back().reserve(entries_per_block);  // and never more: they stay where they are
    }
    blocks_.back().push_back({key, std::move(value)});
    cells_[cell] = {hash, static_cast<std::uint32_t>(++size_)};
    return {&blocks_.back().back(), true};
  }
  /// The entry that came last goes.
  void pop_back() {
    HEARTH_ASSERT(size_ > 0);
    const Key& key = blocks_.back().back().key;
    free_cell(seek(key, hash_of(key)).first);
    blocks_.back().pop_back();
    if (blocks_.back().empty()) blocks_.pop_back();
    --size_;
  }
  const Key& last_key() const { return blocks_.back().back().key; }
  std::size_t size() const { return size_; }
  /// In the order in which they came.
  template <class Visit>
  void each(Visit visit) {
    for (auto& block : blocks_)
      for (Entry& entry : block) visit(entry);
  }

 private:
  static constexpr std::size_t entries_per_block = 1024;
  struct Cell {
    std::uint32_t hash = 0;
    std::uint32_t number = 0;  ///< of the entry, from 1 on; 0: free
  };
  static std::uint32_t hash_of(const Key& key) {
    return static_cast<std::uint32_t>(Hash()(key) * 0x9E3779B97F4A7C15ULL >> 32);
  }
  std::size_t next(std::size_t cell) const { return (cell + 1) & (cells_.size() - 1); }
  std::size_t home_of(std::uint32_t hash) const { return hash & (cells_.size() - 1); }
  Entry& entry(std::uint32_t number) {
    return blocks_[(number - 1) / entries_per_block][(number - 1) % entries_per_block];
  }
  /// Where the key is, or the free cell where it would be.
  std::pair<std::size_t, Entry*> seek(const Key& key, std::uint32_t hash) {
    std::size_t cell = home_of(hash);
    for (; cells_[cell].number != 0; cell = next(cell)) {
      if (cells_[cell].hash != hash) continue;
      Entry& candidate = entry(cells_[cell].number);
      if (candidate.key == key) return {cell, &candidate};
    }
    return {cell, nullptr};
  }
  /// Those behind it that would not be found any more move up.
  void free_cell(std::size_t hole) {
    for (std::size_t cell = next(hole); cells_[cell].number != 0; cell = next(cell)) {
      const std::size_t mask = cells_.size() - 1;
      const std::size_t from_home = (cell - home_of(cells_[cell].hash)) & mask;
      if (from_home < ((cell - hole) & mask)) continue;
      cells_[hole] = cells_[cell];
      hole = cell;
    }
    cells_[hole] = {};
  }
  void grow() {
    HEARTH_ASSERT(size_ < UINT32_MAX / 2);
    std::vector<Cell> before = std::move(cells_);
    cells_.assign(before.empty() ? 16 : 2 * before.size(), {});
    for (const Cell& moved : before) {
      if (moved.number == 0) continue;
      std::size_t cell = home_of(moved.hash);
      while (cells_[cell].number != 0) cell = next(cell);
      cells_[cell] = moved;
    }
  }

  std::vector<std::vector<Entry>> blocks_;
  std::vector<Cell> cells_;  ///< a power of two, three quarters of them in use at most
  std::size_t size_ = 0;
};

}  // namespace hearth
