// A table whose changes can be taken back until they are merged: what the machine does to its
// state while batches are not yet on disk. Values are changed in place; the first change of each in
// a round remembers what was there before. One lookup for a read, one for a change.
//
// A round is open until it is sealed; sealed ones are merged oldest first, or all dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/assert.h"
#include "common/base/stable_table.h"

namespace hearth::ledger {

template <class Key, class Value, class Hash>
class Overlay {
  struct Slot {
    Value value;
    std::uint64_t changed_in;  ///< the round of its last change; 0: none
  };

 public:
  Overlay() = default;
  Overlay(Overlay&&) = default;
  Overlay& operator=(Overlay&&) = default;
  Overlay(const Overlay&) = delete;  // rounds_ points into slots_
  Overlay& operator=(const Overlay&) = delete;

  /// A key with its value, found once for several uses; good as long as the key is there.
  using Place = typename StableTable<Key, Slot, Hash>::Entry*;
  /// nullptr: no such key.
  Place place(const Key& key) { return slots_.find(key); }
  static const Value& value(Place place) { return place->value.value; }

  struct Change {
    const Key* key;
    const Value* now;
    std::optional<Value> before;  ///< nullopt: it came to be in this round
  };

  /// nullptr: no such key. The pointer stays good until the key is dropped.
  const Value* find(const Key& key) const {
    const auto* found = slots_.find(key);
    return found ? &found->value.value : nullptr;
  }
  /// To be changed; made as `value` when it is not there.
  Value& touch(const Key& key, const Value& value = Value()) {
    const auto [place, fresh] = slots_.try_emplace(key, Slot{value, 0});
    return change(place, fresh);
  }
  Value& touch(Place place) { return change(place, false); }
  /// To be changed; `key` is not there.
  Place make(const Key& key) {
    const Place place = slots_.try_emplace(key, Slot{Value(), 0}).first;
    change(place, true);
    return place;
  }
  /// Merged state, before any round.
  void load(const Key& key, const Value& value) {
    const auto [place, fresh] = slots_.try_emplace(key, Slot{value, 0});
    if (!fresh) place->value.value = value;
  }
  std::size_t size() const { return slots_.size(); }

  /// What the open round has changed, in the order of first changes.
  const std::vector<Change>& changes() const { return rounds_.back(); }
  /// Ends the open round and begins another one.
  void seal() {
    rounds_.push_back(std::move(spare_));
    ++round_;
  }
  /// The oldest sealed round is for good.
  void merge() {
    HEARTH_ASSERT(rounds_.size() > 1);
    spare_ = std::move(rounds_.front());
    spare_.clear();
    rounds_.erase(rounds_.begin());
  }
  /// Takes back every round that was not merged.
  void drop() {
    for (; !rounds_.empty(); rounds_.pop_back())
      for (auto change = rounds_.back().rbegin(); change != rounds_.back().rend(); ++change)
        take_back(*change);
    seal();
  }

 private:
  void take_back(Change& change) {
    if (change.before) {
      slots_.find(*change.key)->value = {std::move(*change.before), 0};
      return;
    }
    HEARTH_ASSERT(change.key == &slots_.last_key());  // what came last goes first
    slots_.pop_back();
  }
  Value& change(Place place, bool fresh) {
    Slot& slot = place->value;
    if (slot.changed_in != round_) {
      slot.changed_in = round_;
      rounds_.back().push_back(
          {&place->key, &slot.value, fresh ? std::nullopt : std::optional<Value>(slot.value)});
    }
    return slot.value;
  }

  StableTable<Key, Slot, Hash> slots_;
  std::vector<std::vector<Change>> rounds_ =
      std::vector<std::vector<Change>>(1);  ///< the last is open
  std::vector<Change> spare_;               ///< empty; its memory is used again
  std::uint64_t round_ = 1;                 ///< number of the open one
};

}  // namespace hearth::ledger
