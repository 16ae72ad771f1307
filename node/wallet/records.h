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

 private:
  store::Store& store_;
  std::uint64_t writer_epoch_;
};

void put(store::Batch& batch, std::string_view key, ByteView value);
void erase(store::Batch& batch, std::string_view key);
/// Code::corrupt with a sentence that names the kind of record.
tl::unexpected<Error> damaged(std::string_view what);

}  // namespace hearth::node
