// The node's one store, as the rooms of this home see it: text keys, records that fail loudly,
// batches that several rooms fill before one commit makes all of it durable. Nothing is cached:
// what is on disk is the state, so a crash between two lines of code needs no repair.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/codec.h"
#include "common/store/store.h"

namespace hearth::node {

class Records {
 public:
  Records(store::Store& store, std::uint64_t writer_epoch)
      : store_(store), writer_epoch_(writer_epoch) {}
  Result<std::optional<Bytes>> get(std::string_view key) const;
  /// Ascending; `rest` is the key without the prefix. A visitor's error ends the scan.
  Result<void> scan(
      std::string_view prefix,
      const std::function<Result<void>(std::string_view rest, ByteView value)>& visit) const;
  /// Synced when it returns.
  Result<void> commit(const store::Batch& batch);
  /// Told of each batch that was committed, whichever room's it was.
  void on_commit(std::function<void(const store::Batch&)> told) { told_ = std::move(told); }

 private:
  store::Store& store_;
  std::uint64_t writer_epoch_;
  std::function<void(const store::Batch&)> told_;
};

/// Every record with that prefix, decoded, in the order of the keys; the first damaged one ends it.
template <class T>
Result<std::vector<T>> all_of(const Records& records, std::string_view prefix,
                              Result<T> (*decode)(ByteView)) {
  std::vector<T> all;
  auto scanned = records.scan(prefix, [&](std::string_view, ByteView value) -> Result<void> {
    auto one = decode(value);
    if (!one) return tl::unexpected<Error>(one.error());
    all.push_back(std::move(*one));
    return {};
  });
  if (!scanned) return tl::unexpected<Error>(scanned.error());
  return all;
}

/// nullopt: there is none.
template <class T>
Result<std::optional<T>> one_of(const Records& records, std::string_view key,
                                Result<T> (*decode)(ByteView)) {
  auto stored = records.get(key);
  if (!stored) return tl::unexpected<Error>(stored.error());
  if (!*stored) return std::optional<T>();
  auto one = decode(**stored);
  if (!one) return tl::unexpected<Error>(one.error());
  return std::optional<T>(std::move(*one));
}

void put(store::Batch& batch, std::string_view key, ByteView value);
void erase(store::Batch& batch, std::string_view key);
/// Code::corrupt with a sentence that names the kind of record.
tl::unexpected<Error> damaged(std::string_view what);

}  // namespace hearth::node
