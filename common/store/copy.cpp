// What every backend can do by its own reads: look keys up one by one, and copy a snapshot's keys
// into a new directory.
#include <system_error>

#include "common/store/store.h"

namespace hearth::store {
namespace {

constexpr std::size_t batch_bytes = 4 << 20;

Result<void> fill(const View& from, const std::filesystem::path& dir) {
  auto copy = open_rocksdb(dir);
  if (!copy) return pass_on(copy.error());
  const auto epoch = (*copy)->claim();
  if (!epoch) return pass_on(epoch.error());
  Batch batch;
  Result<void> written;
  const auto scanned = from.scan({}, {}, [&](ByteView key, ByteView value) {
    batch.put(key, value);
    if (batch.size_bytes() < batch_bytes) return true;
    written = (*copy)->commit(batch, *epoch);
    batch = {};
    return written.has_value();
  });
  if (!scanned) return scanned;
  if (!written) return written;
  return (*copy)->commit(batch, *epoch);
}

}  // namespace

Result<std::vector<std::optional<Bytes>>> View::get_all(const std::vector<Bytes>& keys) const {
  std::vector<std::optional<Bytes>> out;
  for (const Bytes& key : keys) {
    auto found = get(key);
    if (!found) return pass_on(found.error());
    out.push_back(std::move(*found));
  }
  return out;
}

Result<void> Store::copy_to(const std::filesystem::path& dir) const {
  std::error_code ec;
  if (std::filesystem::exists(dir, ec))
    return fail(Code::io, dir.string() + " is there already; nothing was copied.");
  auto copied = fill(*snapshot(), dir);
  if (!copied) std::filesystem::remove_all(dir, ec);
  return copied;
}

}  // namespace hearth::store
