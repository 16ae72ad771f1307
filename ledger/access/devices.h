// Which devices a home lets buy (docs/protocol.md §8, POST /v1/homes): one row per home that ever
// said so, "home/devices/<home key>". The list said last counts, so a lost machine is taken off by
// a list without it. Pure: reads through a View, writes as a batch.
#pragma once

#include <optional>
#include <vector>

#include "common/identity/home.h"
#include "common/store/store.h"
#include "common/wire/documents.h"

namespace hearth::ledger {

using DeviceId = std::array<std::uint8_t, 16>;
inline constexpr std::size_t max_devices = 32;

struct DeviceList {
  UtcMs issued_ms = 0;
  std::vector<DeviceId> devices;  ///< at most max_devices
};

/// nullopt: the home never named any. Code::corrupt, Code::io.
Result<std::optional<DeviceList>> load_devices(const store::View& view,
                                               const identity::HomeAddress& home);
store::Batch put_devices(const identity::HomeAddress& home, const DeviceList& list);

}  // namespace hearth::ledger
