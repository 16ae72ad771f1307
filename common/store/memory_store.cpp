#include <algorithm>
#include <map>
#include <mutex>

#include "common/base/assert.h"
#include "common/store/reserved.h"
#include "common/store/store.h"

namespace hearth::store {
namespace {

struct BytesLess {
  using is_transparent = void;
  bool operator()(ByteView a, ByteView b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  }
};
using Map = std::map<Bytes, Bytes, BytesLess>;

std::optional<Bytes> find(const Map& map, ByteView key) {
  const auto it = map.find(key);
  if (it == map.end()) return std::nullopt;
  return it->second;
}

void walk(const Map& map, ByteView from, ByteView to,
          const std::function<bool(ByteView, ByteView)>& visit) {
  const BytesLess less;
  for (auto it = map.lower_bound(from); it != map.end(); ++it) {
    if (!to.empty() && !less(it->first, to)) return;
    if (!visit(it->first, it->second)) return;
  }
}

/// The newest map. A commit copies it first when a reader still holds it.
struct Shared {
  std::mutex mutex;
  // Guards: map (the pointer, and its use count), epoch.
  std::shared_ptr<Map> map = std::make_shared<Map>();
  std::uint64_t epoch = 0;
};

/// Holds one state of the map. It is let go under the mutex, so that a commit that sees no other
/// holder may change the map in place.
class Frozen : public View {
 public:
  explicit Frozen(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {
    const std::lock_guard lock(shared_->mutex);
    map_ = shared_->map;
  }
  ~Frozen() override {
    const std::lock_guard lock(shared_->mutex);
    map_.reset();
  }
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

  Result<std::optional<Bytes>> get(ByteView key) const override { return find(*map_, key); }
  Result<void> scan(ByteView from, ByteView to,
                    const std::function<bool(ByteView, ByteView)>& visit) const override {
    walk(*map_, from, to, visit);
    return {};
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<const Map> map_;
};

class MemoryStore : public Store {
 public:
  Result<std::optional<Bytes>> get(ByteView key) const override {
    const std::lock_guard lock(shared_->mutex);
    return find(*shared_->map, key);
  }

  Result<void> scan(ByteView from, ByteView to,
                    const std::function<bool(ByteView, ByteView)>& visit) const override {
    return Frozen(shared_).scan(from, to, visit);
  }

  Result<void> commit(const Batch& batch, std::uint64_t writer_epoch) override {
    const std::lock_guard lock(shared_->mutex);
    HEARTH_ASSERT(writer_epoch <= shared_->epoch);
    if (writer_epoch < shared_->epoch) return fail(Code::locked, fenced_sentence);
    if (shared_->map.use_count() > 1) shared_->map = std::make_shared<Map>(*shared_->map);
    for (const Batch::Entry entry : batch.entries()) {
      if (entry.value) {
        shared_->map->insert_or_assign(to_bytes(entry.key), to_bytes(*entry.value));
      } else {
        shared_->map->erase(to_bytes(entry.key));
      }
    }
    return {};
  }

  Result<std::uint64_t> claim() override {
    const std::lock_guard lock(shared_->mutex);
    return ++shared_->epoch;
  }

  std::unique_ptr<View> snapshot() const override { return std::make_unique<Frozen>(shared_); }

 private:
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace

std::unique_ptr<Store> open_memory() {
  return std::make_unique<MemoryStore>();
}

}  // namespace hearth::store
