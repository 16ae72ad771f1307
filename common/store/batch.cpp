#include "common/base/assert.h"
#include "common/store/reserved.h"
#include "common/store/store.h"

namespace hearth::store {

void Batch::put(ByteView key, ByteView value) {
  HEARTH_ASSERT(!key.empty() && !is_reserved(key));
  entries_.push_back({to_bytes(key), to_bytes(value)});
  size_bytes_ += key.size() + value.size();
}

void Batch::erase(ByteView key) {
  HEARTH_ASSERT(!key.empty() && !is_reserved(key));
  entries_.push_back({to_bytes(key), std::nullopt});
  size_bytes_ += key.size();
}

Bytes prefix_end(ByteView prefix) {
  Bytes end = to_bytes(prefix);
  while (!end.empty() && end.back() == 0xff) end.pop_back();
  if (!end.empty()) ++end.back();
  return end;
}

}  // namespace hearth::store
