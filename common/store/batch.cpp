#include "common/base/assert.h"
#include "common/store/reserved.h"
#include "common/store/store.h"

namespace hearth::store {

void Batch::put(ByteView key, ByteView value) {
  HEARTH_ASSERT(!key.empty() && !is_reserved(key));
  HEARTH_ASSERT(key.size() <= UINT32_MAX && value.size() <= UINT32_MAX);
  places_.push_back({bytes_.size(), static_cast<std::uint32_t>(key.size()),
                     static_cast<std::uint32_t>(value.size()), true});
  append(bytes_, key);
  append(bytes_, value);
}

void Batch::erase(ByteView key) {
  HEARTH_ASSERT(!key.empty() && !is_reserved(key) && key.size() <= UINT32_MAX);
  places_.push_back({bytes_.size(), static_cast<std::uint32_t>(key.size()), 0, false});
  append(bytes_, key);
}

Batch::Entry Batch::operator[](std::size_t i) const {
  const Place& place = places_[i];
  const ByteView whole =
      ByteView(bytes_).subspan(place.at, std::size_t{place.key_size} + place.value_size);
  Entry entry{whole.first(place.key_size), std::nullopt};
  if (place.is_put) entry.value = whole.subspan(place.key_size);
  return entry;
}

Bytes prefix_end(ByteView prefix) {
  Bytes end = to_bytes(prefix);
  while (!end.empty() && end.back() == 0xff) end.pop_back();
  if (!end.empty()) ++end.back();
  return end;
}

}  // namespace hearth::store
