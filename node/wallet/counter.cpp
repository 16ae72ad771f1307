#include "node/wallet/counter.h"

namespace hearth::node {

Result<std::uint64_t> stored_counter(const Records& records, std::string_view key) {
  auto stored = records.get(key);
  if (!stored) return pass_on(stored.error());
  if (!*stored) return 0;
  hearth::Reader in(**stored);
  const bool known = in.u8() == 1;
  const std::uint64_t next = in.u64();
  if (!known || !in.done()) return damaged("counter");
  return next;
}

void put_counter(store::Batch& batch, std::string_view key, std::uint64_t next) {
  put(batch, key, Writer().u8(1).u64(next).view());
}

}  // namespace hearth::node
