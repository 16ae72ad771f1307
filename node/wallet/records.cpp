#include "node/wallet/records.h"

namespace hearth::node {

Result<std::optional<Bytes>> Records::get(std::string_view key) const {
  return store_.get(as_bytes(key));
}

Result<void> Records::scan(
    std::string_view prefix,
    const std::function<Result<void>(std::string_view rest, ByteView value)>& visit) const {
  Result<void> outcome;
  const Bytes end = store::prefix_end(as_bytes(prefix));
  auto scanned = store_.scan(as_bytes(prefix), end, [&](ByteView key, ByteView value) {
    outcome = visit(as_text(key).substr(prefix.size()), value);
    return outcome.has_value();
  });
  if (!scanned) return scanned;
  return outcome;
}

Result<void> Records::commit(const store::Batch& batch) {
  auto committed = store_.commit(batch, writer_epoch_);
  if (committed && told_) told_(batch);
  return committed;
}

void put(store::Batch& batch, std::string_view key, ByteView value) {
  batch.put(as_bytes(key), value);
}

void erase(store::Batch& batch, std::string_view key) {
  batch.erase(as_bytes(key));
}

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(Code::corrupt, "A stored " + std::string(what) +
                                 " of this home is damaged. Nothing was changed; restore the data "
                                 "directory from a backup.");
}

}  // namespace hearth::node
